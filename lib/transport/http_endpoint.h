#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "effects/http.h"
#include "transport/curl_handles.h"
#include "transport/log.h"
#include "transport/proxmox_session.h"
#include "transport/route.h"
#include "transport/slots.h"

namespace aegis::transport {

/// One endpoint: its route, its kept-alive connections, its credentials. Thread-safe.
class HttpEndpoint {
 public:
  using FindRoute = std::function<Result<Route>()>;

  /// `find_route` is called at the first use, and again at each until it succeeds.
  HttpEndpoint(std::string name,
               FindRoute find_route,
               const TransportOptions& options,
               const Log& log);

  /// Makes it the API of that server: requests are sent with our credentials.
  void authenticate(const Server& server, RemoteShell& shell, const Clock& clock);

  /// One exchange on a connection of its own. Waits for a free one, and for one of the two places
  /// for writes to an API, as long as the request's timeout.
  Result<HttpResponse> send(const HttpRequest& request);

  /// Where it is; stays valid.
  Result<const Route*> route();

  /// What to send with `request`; empty for an endpoint without authentication.
  Result<Credential> credential(const HttpRequest& request);

  /// True when `response` says that the ticket in `used` is over, and another may do.
  bool should_log_in_again(const Result<HttpResponse>& response, const Credential& used);

  /// A new handle for this endpoint; `route()` has succeeded.
  EasyHandle make_handle();

  /// Writes the exchange's line to the log.
  void note(const HttpRequest& request,
            const Result<HttpResponse>& response,
            std::chrono::steady_clock::time_point begin) const;

 private:
  Result<HttpResponse> send_once(const HttpRequest& request,
                                 const HttpHeaders& credentials,
                                 bool fresh_connection = false);
  Result<HttpResponse> send_raw(const HttpRequest& request);
  EasyHandle take_handle();
  void keep_handle(EasyHandle handle);

  const std::string name_;
  const FindRoute find_route_;
  const TransportOptions& options_;
  const Log& log_;
  std::unique_ptr<ProxmoxSession> session_;
  Slots connections_;
  Slots writes_;
  std::mutex route_mutex_;
  std::unique_ptr<const Route> route_;
  std::mutex handles_mutex_;
  std::vector<EasyHandle> idle_;
};

}  // namespace aegis::transport
