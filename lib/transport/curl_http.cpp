#include "transport/curl_http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include "transport/exchange.h"

namespace aegis::transport {
namespace {

constexpr std::string_view k_proxmox = "proxmox/";

void initialise_library() {
  static const CURLcode k_once = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(k_once);
}

}  // namespace

CurlHttp::CurlHttp(const Connections& connections,
                   const TransportOptions& options,
                   SshHosts& hosts,
                   RemoteShell& shell,
                   const Clock& clock,
                   const Log& log)
    : connections_(connections),
      options_(options),
      shell_(shell),
      clock_(clock),
      log_(log),
      router_(connections, options, hosts, shell) {
  initialise_library();
}

Result<HttpEndpoint*> CurlHttp::endpoint(const std::string& name) {
  const std::lock_guard lock(mutex_);
  auto found = endpoints_.find(name);
  if (found == endpoints_.end()) {
    std::unique_ptr<HttpEndpoint> made = make_endpoint(name);
    if (!made) {
      return Error{ErrorCode::rejected, fmt::format("there is no endpoint \"{}\"", name)};
    }
    found = endpoints_.emplace(name, std::move(made)).first;
  }
  return found->second.get();
}

std::unique_ptr<HttpEndpoint> CurlHttp::make_endpoint(const std::string& name) {
  if (const auto engine = connections_.engines.find(name); engine != connections_.engines.end()) {
    auto find_route = [this, &where = engine->second] { return router_.to_engine(where); };
    return std::make_unique<HttpEndpoint>(name, find_route, options_, log_);
  }
  const auto service = connections_.services.find(name);
  if (service != connections_.services.end()) {
    auto find_route = [this, &where = service->second] { return router_.to_service(where); };
    return std::make_unique<HttpEndpoint>(name, find_route, options_, log_);
  }
  if (const auto site = connections_.sites.find(name); site != connections_.sites.end()) {
    auto find_route = [this, &where = site->second] { return router_.to_site(where); };
    return std::make_unique<HttpEndpoint>(name, find_route, options_, log_);
  }
  if (!name.starts_with(k_proxmox)) return nullptr;
  const auto server = connections_.servers.find(name.substr(k_proxmox.size()));
  if (server == connections_.servers.end()) return nullptr;
  auto find_route = [this, &where = server->second] { return router_.to_proxmox(where); };
  auto endpoint = std::make_unique<HttpEndpoint>(name, find_route, options_, log_);
  endpoint->authenticate(server->second, shell_, clock_);
  return endpoint;
}

Result<HttpResponse> CurlHttp::send(const HttpRequest& request) {
  const Result<HttpEndpoint*> where = endpoint(request.endpoint);
  if (!where) return where.error();
  return (*where)->send(request).in_context(request.endpoint);
}

std::unique_ptr<Wave> CurlHttp::take_wave() {
  const std::lock_guard lock(mutex_);
  if (idle_waves_.empty()) return std::make_unique<Wave>();
  std::unique_ptr<Wave> wave = std::move(idle_waves_.back());
  idle_waves_.pop_back();
  return wave;
}

std::vector<Result<HttpResponse>> CurlHttp::send_all(std::span<const HttpRequest> requests) {
  std::vector<std::optional<Result<HttpResponse>>> results(requests.size());
  std::vector<Wave::Job> jobs;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Result<HttpEndpoint*> where = endpoint(requests[i].endpoint);
    if (!where) {
      results[i] = where.error();
    } else if (is_repeatable(requests[i])) {
      jobs.push_back({&requests[i], *where, &results[i]});
    } else {
      results[i] = (*where)->send(requests[i]);
    }
  }
  std::unique_ptr<Wave> wave = take_wave();
  wave->run(jobs);
  {
    const std::lock_guard lock(mutex_);
    idle_waves_.push_back(std::move(wave));
  }
  std::vector<Result<HttpResponse>> all;
  all.reserve(results.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    all.push_back(std::move(*results[i]).in_context(requests[i].endpoint));
  }
  return all;
}

}  // namespace aegis::transport
