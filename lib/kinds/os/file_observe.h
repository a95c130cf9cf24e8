#pragma once

#include "kinds/kind.h"

namespace aegis::os {

/// Kind::queries, Kind::interpret and Kind::normalize of files. Observation::context: {"present":
/// the digest of the file that is there, "-" when none is; "value": what the inventory says of it,
/// "" when nothing; "effects": what a change brings about (effects.h)}.
std::vector<Query> file_queries(const Batch& batch, const Replies& replies);
Result<std::vector<Observation>> interpret_files(const Batch& batch,
                                                 const Replies& replies,
                                                 Vault& vault);
Json normalize_file(const Resource& resource, const Observation& live);

}  // namespace aegis::os
