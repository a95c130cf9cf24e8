#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "relay/listener.h"

namespace aegis::relay {

/// What somebody asks of the relay.
struct Call {
  std::string method;
  std::string path;           ///< without its query
  std::string authorization;  ///< the header; may be empty
  std::string body;
};

struct Answer {
  int status = 200;
  std::string body = {};
  std::string content_type = "text/plain; charset=utf-8";
};

/// Answers HTTP on a socket, until it is destroyed. Calls come from two threads.
class HttpServer {
 public:
  using Handler = std::function<Answer(const Call&)>;

  /// Takes over the listener. `io` when it cannot be used.
  static Result<std::unique_ptr<HttpServer>> start(Listener listener, Handler handler);

  /// Ends after the calls that run.
  ~HttpServer();

  [[nodiscard]] int port() const;

 private:
  struct Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace aegis::relay
