#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace aegis {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// A body that is not held in memory, such as a file.
struct BodySource {
  std::int64_t size = 0;  ///< in bytes

  /// Writes bytes of the body from `offset` on into `piece`, and says how many: at least one while
  /// there are any. An error ends the exchange and is its end.
  std::function<Result<std::size_t>(std::int64_t offset, std::span<char> piece)> read;
};

/// One request to a named endpoint. Where the endpoint is, how it is authenticated and through
/// which tunnel it is reached is the transport's business: "proxmox/fsn1", "docker/aegis"
/// (model/endpoint.h).
struct HttpRequest {
  std::string endpoint;
  std::string method = "GET";
  std::string path;          ///< absolute, with its query, percent-encoded by the caller
  std::string content_type;  ///< empty: no body is sent
  std::string body;          ///< may hold secrets: never logged
  HttpHeaders headers;
  std::chrono::milliseconds timeout{
      30'000};           ///< for the whole exchange; with on_body or a source: for each silence
  bool as_root = false;  ///< Proxmox: needs the root@pam ticket, an API token would be refused

  /// When set, it is the body, instead of `body`; it may be read more than once.
  std::optional<BodySource> source;

  /// When set, the body of a 2xx answer is handed over piece by piece and not kept. Returning false
  /// ends the exchange (an `interrupted` error).
  std::function<bool(std::string_view)> on_body;
};

struct HttpResponse {
  int status = 0;
  std::string reason;   ///< of the status line; Proxmox puts the only text of a 401 there
  HttpHeaders headers;  ///< names in lower case
  std::string body;
};

/// The door to HTTP APIs. Any answer with a status line is a value, whatever the status; an Error
/// means that there was none: `unreachable` (nothing was sent), `outcome_unknown` (sent, answer
/// lost), `timed_out`, `unauthorized` (login or host key refused). Methods are thread-safe.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;

  virtual Result<HttpResponse> send(const HttpRequest& request) = 0;

  /// All requests, concurrently and over few connections; results in the order of the requests.
  /// One network wave. Only for requests that are safe to repeat: a connection that dies is
  /// retried.
  virtual std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) = 0;
};

}  // namespace aegis
