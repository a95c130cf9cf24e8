#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/diagnostic.h"
#include "base/json.h"

namespace aegis {

/// Something to read. A value: equal queries are sent once.
struct Query {
  enum class Type { http_get, facts };
  Type type = Type::http_get;
  std::string target;  ///< an endpoint, or a shell host for facts
  std::string path;    ///< of the GET; for facts: the read-only script, given to `sh` on stdin
  /// Of the GET: the text of a seal, opened when it is sent: a registry's login as X-Registry-Auth,
  /// Cloudflare's token as a bearer.
  std::string credential = {};

  auto operator<=>(const Query&) const = default;
};

/// What came back: a parsed body with its status, or why there is none.
struct Reply {
  int status = 0;      ///< HTTP status; 0 when `error` says why there was no answer
  std::string reason;  ///< of the status line
  Json body;           ///< parsed JSON; for facts {"out": text, "exit_status": n}; null when empty
  std::string text;    ///< the raw body when it is not JSON
  std::optional<Error> error;
};

/// Ten thousand queries differ in the end of long paths, so the path alone tells them apart, and a
/// table of hashes finds one without comparing it with a dozen others. Has no order.
struct QueryHash {
  std::size_t operator()(const Query& query) const { return std::hash<std::string>()(query.path); }
};

using Replies = std::unordered_map<Query, Reply, QueryHash>;

}  // namespace aegis
