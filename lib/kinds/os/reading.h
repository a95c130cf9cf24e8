#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "kinds/kind.h"
#include "kinds/os/fact_script.h"
#include "kinds/os/facts.h"

namespace aegis::os {

/// What a kind wants to know besides, once the facts are there.
using More = Asks (*)(const Batch& batch, const Facts& facts);

/// The queries of every kind: whether the system runs; then one fact script for all that the
/// manifest names there, the same for all kinds; then what `more` asks.
std::vector<Query> os_queries(const Batch& batch, const Replies& replies, More more);

/// All facts, with the answers to `more`; nothing when the container does not run. Fails when the
/// system does not tell.
Result<std::optional<Facts>> os_facts(const Batch& batch, const Replies& replies, More more);

/// The names that are ours of that kind, and that the batch does not declare.
std::vector<std::string> undeclared(const Batch& batch,
                                    std::string_view kind,
                                    const Inventory& inventory);

}  // namespace aegis::os
