#pragma once

#include <chrono>
#include <map>
#include <string>

namespace aegis::simulator {

/// One HTTP request, as far as the simulated host looks at it.
struct Request {
  std::string method = "GET";
  std::string target;  ///< "/api2/json/version?x=1", percent-encoded as it was sent
  std::map<std::string, std::string, std::less<>> headers;  ///< names in lower case
  std::string body;
  bool chunked = false;  ///< the body came in chunks, which Proxmox refuses
};

/// What goes back. A dropped response is never sent: the connection ends instead.
struct Response {
  int status = 200;
  std::string reason = "OK";  ///< the only text of a 401
  std::string content_type;   ///< empty when there is no body
  std::string body;
  std::chrono::milliseconds delay{0};  ///< how long the answer is held back
  bool close = false;                  ///< the connection ends after it
  bool dropped = false;                ///< the connection ends without an answer
};

}  // namespace aegis::simulator
