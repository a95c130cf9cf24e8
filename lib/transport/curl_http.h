#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "effects/http.h"
#include "model/endpoint.h"
#include "transport/http_endpoint.h"
#include "transport/route.h"
#include "transport/wave.h"

namespace aegis::transport {

/// HttpTransport by libcurl. Endpoints are made when they are first named.
class CurlHttp final : public HttpTransport {
 public:
  CurlHttp(const Connections& connections,
           const TransportOptions& options,
           SshHosts& hosts,
           RemoteShell& shell,
           const Clock& clock,
           const Log& log);

  Result<HttpResponse> send(const HttpRequest& request) override;
  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override;

 private:
  Result<HttpEndpoint*> endpoint(const std::string& name);
  std::unique_ptr<HttpEndpoint> make_endpoint(const std::string& name);
  std::unique_ptr<Wave> take_wave();

  const Connections& connections_;
  const TransportOptions& options_;
  RemoteShell& shell_;
  const Clock& clock_;
  const Log& log_;
  Router router_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<HttpEndpoint>, std::less<>> endpoints_;
  std::vector<std::unique_ptr<Wave>> idle_waves_;
};

}  // namespace aegis::transport
