#pragma once

#include "kinds/kind.h"

namespace aegis::os {

/// Kind::queries, Kind::interpret and Kind::normalize of users. Observation::context: {"uid",
/// "keys": the text of the file with the keys, "keys_seen", "sudo_seen": digests of what is in the
/// two files, "-" where there is none}.
std::vector<Query> user_queries(const Batch& batch, const Replies& replies);
Result<std::vector<Observation>> interpret_users(const Batch& batch,
                                                 const Replies& replies,
                                                 Vault& vault);
Json normalize_user(const Resource& resource, const Observation& live);

}  // namespace aegis::os
