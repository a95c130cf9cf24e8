#pragma once

#include <string>

#include "kinds/kind.h"

namespace aegis::os {

/// Where a unit's file is when it is ours.
std::string unit_path(const std::string& name);

/// Kind::queries, Kind::interpret and Kind::normalize of units. Observation::context: that of a
/// file's (file_observe.h), and {"enabled", "started", "masked": as it is, "file": systemd's word
/// for the state of its file}.
std::vector<Query> unit_queries(const Batch& batch, const Replies& replies);
Result<std::vector<Observation>> interpret_units(const Batch& batch,
                                                 const Replies& replies,
                                                 Vault& vault);
Json normalize_unit(const Resource& resource, const Observation& live);

}  // namespace aegis::os
