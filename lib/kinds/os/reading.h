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

/// How a kind sees its objects. A container that does not run has no facts: nothing is there.
struct View {
  std::string_view kind;
  More more;
  Observation (*declared)(const Resource& resource, const Facts& facts, Vault& vault);
  /// Nothing when the object is gone. `all` are the names of all orphans of the kind.
  std::optional<Observation> (*orphan)(const Address& address,
                                       const std::vector<std::string>& all,
                                       const Facts& facts);
};

/// Kind::interpret.
Result<std::vector<Observation>> observe_all(const View& view,
                                             const Batch& batch,
                                             const Replies& replies,
                                             Vault& vault);

}  // namespace aegis::os
