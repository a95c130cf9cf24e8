#include "transport/http_endpoint.h"

#include <fmt/format.h>

#include "base/units.h"
#include "transport/exchange.h"

namespace aegis::transport {
namespace {

// A Proxmox host has three workers for calls that need root, and each such call occupies one.
constexpr int k_concurrent_writes = 2;

Error no_slot(std::chrono::milliseconds patience) {
  return {
      ErrorCode::timed_out,
      fmt::format("all connections were busy for {}; nothing was sent", format_duration(patience))};
}

}  // namespace

HttpEndpoint::HttpEndpoint(std::string name,
                           FindRoute find_route,
                           const TransportOptions& options,
                           const Log& log)
    : name_(std::move(name)),
      find_route_(std::move(find_route)),
      options_(options),
      log_(log),
      connections_(options.max_connections),
      writes_(k_concurrent_writes) {}

void HttpEndpoint::authenticate(const Server& server, RemoteShell& shell, const Clock& clock) {
  session_ = std::make_unique<ProxmoxSession>(
      server, [this](const HttpRequest& request) { return send_raw(request); }, shell, clock);
}

Result<const Route*> HttpEndpoint::route() {
  const std::lock_guard lock(route_mutex_);
  if (!route_) {
    Result<Route> found = find_route_();
    if (!found) return found.error();
    route_ = std::make_unique<const Route>(std::move(*found));
  }
  return route_.get();
}

Result<Credential> HttpEndpoint::credential(const HttpRequest& request) {
  return session_ ? session_->credential(request) : Credential{};
}

bool HttpEndpoint::should_log_in_again(const Result<HttpResponse>& response,
                                       const Credential& used) {
  // A 401 comes before anything is done, so that even a write may be sent again.
  return response && response->status == 401 && session_ && session_->give_up(used);
}

Result<HttpResponse> HttpEndpoint::send(const HttpRequest& request) {
  const auto begin = std::chrono::steady_clock::now();
  const Result<const Route*> where = route();
  if (!where) return where.error();
  const bool is_limited = (*where)->is_api && !is_repeatable(request);
  std::optional<SlotGuard> place;
  if (is_limited && !place.emplace(writes_, begin + options_.connection_patience).taken()) {
    return no_slot(options_.connection_patience);
  }
  Result<Credential> used = credential(request);
  if (!used) return used.error();
  Result<HttpResponse> response = send_once(request, used->headers);
  if (should_log_in_again(response, *used)) {
    used = credential(request);
    if (!used) return used.error();
    response = send_once(request, used->headers);
  }
  const bool is_lost = !response && response.error().code == ErrorCode::outcome_unknown;
  if (is_lost && is_repeatable(request) && !request.on_body) {
    response = send_once(request, used->headers, true);
  }
  note(request, response, begin);
  return response;
}

Result<HttpResponse> HttpEndpoint::send_once(const HttpRequest& request,
                                             const HttpHeaders& credentials,
                                             bool fresh_connection) {
  const auto patience = options_.connection_patience;
  const SlotGuard slot(connections_, std::chrono::steady_clock::now() + patience);
  if (!slot.taken()) return no_slot(patience);
  EasyHandle handle = take_handle();
  if (!handle) return Error{ErrorCode::io, "no memory for a connection"};
  Result<HttpResponse> response = [&]() -> Result<HttpResponse> {
    Exchange exchange(handle.get(), request, *route_);
    const Result<Done> ready = exchange.prepare(credentials, fresh_connection);
    if (!ready) return ready.error();
    return exchange.finish(curl_easy_perform(handle.get()));
  }();
  keep_handle(std::move(handle));
  return response;
}

Result<HttpResponse> HttpEndpoint::send_raw(const HttpRequest& request) {
  const auto begin = std::chrono::steady_clock::now();
  const Result<const Route*> where = route();
  if (!where) return where.error();
  Result<HttpResponse> response = send_once(request, {});
  note(request, response, begin);
  return response;
}

EasyHandle HttpEndpoint::make_handle() {
  EasyHandle handle(curl_easy_init());
  if (handle) configure(handle.get(), *route_, options_);
  return handle;
}

EasyHandle HttpEndpoint::take_handle() {
  {
    const std::lock_guard lock(handles_mutex_);
    if (!idle_.empty()) {
      EasyHandle handle = std::move(idle_.back());
      idle_.pop_back();
      return handle;
    }
  }
  return make_handle();
}

void HttpEndpoint::keep_handle(EasyHandle handle) {
  const std::lock_guard lock(handles_mutex_);
  idle_.push_back(std::move(handle));
}

void HttpEndpoint::note(const HttpRequest& request,
                        const Result<HttpResponse>& response,
                        std::chrono::steady_clock::time_point begin) const {
  if (!log_.wanted()) return;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  log_.write(fmt::format("{} {} {} -> {} in {} ms",
                         name_,
                         request.method,
                         without_query(request.path),
                         response ? std::to_string(response->status) : response.error().message,
                         took.count()));
}

}  // namespace aegis::transport
