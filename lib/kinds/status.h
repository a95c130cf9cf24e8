#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "effects/clock.h"
#include "kinds/kind.h"
#include "model/status.h"

namespace aegis {

/// How the objects of one system are, as they run: what no manifest has.
struct StatusReader {
  std::string_view scope_type;  ///< of the scopes that it reads

  /// Pure. What to read next, as with Kind::queries. The batch has all resources of the scope.
  std::vector<Query> (*queries)(const Batch& batch, const Replies& replies);

  /// Pure. Adds to `status` what the replies tell. Fails when they do not.
  Result<Done> (*read)(const Batch& batch, const Replies& replies, TimePoint now, Status& status);
};

/// One for each type of scope that has something to tell.
std::span<const StatusReader> status_readers();

}  // namespace aegis
