#include "support/simulated_proxmox.h"

#include <fmt/format.h>

#include <stdexcept>

#include "base/text.h"

namespace aegis::test {
namespace {

constexpr std::string_view k_endpoints = "proxmox/";

std::unique_ptr<simulator::Host> open_host(simulator::SimulatorOptions options) {
  auto host = simulator::Host::open(std::move(options));
  if (!host) throw std::runtime_error(host.error().message);
  return std::move(*host);
}

std::string whole(const BodySource& source) {
  std::string body(static_cast<std::size_t>(source.size), '\0');
  std::size_t given = 0;
  while (given < body.size()) {
    const auto read = source.read(static_cast<std::int64_t>(given), std::span(body).subspan(given));
    if (!read) throw std::runtime_error(read.error().message);
    given += *read;
  }
  return body;
}

}  // namespace

SimulatedProxmox::SimulatedProxmox(simulator::SimulatorOptions options)
    : host_(open_host(std::move(options))) {}

Result<HttpResponse> SimulatedProxmox::send(const HttpRequest& request) {
  if (!request.endpoint.starts_with(k_endpoints)) {
    // Not a value: a test that reaches another system has a mistake that must not be handled.
    throw std::logic_error(fmt::format(
        "unexpected request to {}: {} {}", request.endpoint, request.method, request.path));
  }
  {
    const std::lock_guard guard(mutex_);
    log_.push_back(fmt::format("{} {}", request.method, request.path));
  }
  const simulator::Response answered = host_->handle(translate(request));
  if (answered.dropped) {
    return Error{ErrorCode::outcome_unknown, "the connection ended before the answer came"};
  }
  HttpResponse response;
  response.status = answered.status;
  response.reason = answered.reason;
  if (!answered.content_type.empty()) {
    response.headers.emplace_back("content-type", answered.content_type);
  }
  response.body = answered.body;
  const bool streams = request.on_body && answered.status < 300;
  if (!streams) return response;
  if (!request.on_body(response.body)) {
    return Error{ErrorCode::interrupted, "the reader ended the exchange"};
  }
  response.body.clear();
  return response;
}

std::vector<Result<HttpResponse>> SimulatedProxmox::send_all(
    std::span<const HttpRequest> requests) {
  std::vector<Result<HttpResponse>> responses;
  responses.reserve(requests.size());
  for (const HttpRequest& request : requests) responses.push_back(send(request));
  return responses;
}

void SimulatedProxmox::use_token(std::string token) {
  const std::lock_guard guard(mutex_);
  token_ = std::move(token);
}

void SimulatedProxmox::use_root() {
  const std::lock_guard guard(mutex_);
  token_.reset();
}

std::vector<std::string> SimulatedProxmox::log() const {
  const std::lock_guard guard(mutex_);
  return log_;
}

void SimulatedProxmox::clear_log() {
  const std::lock_guard guard(mutex_);
  log_.clear();
}

simulator::Request SimulatedProxmox::translate(const HttpRequest& request) const {
  simulator::Request translated;
  translated.method = request.method;
  translated.target = request.path;
  translated.body = request.source ? whole(*request.source) : request.body;
  for (const auto& [name, value] : request.headers) translated.headers[to_lower(name)] = value;
  if (!request.content_type.empty()) translated.headers["content-type"] = request.content_type;
  const std::lock_guard guard(mutex_);
  if (token_ && !request.as_root) {
    translated.headers["authorization"] = fmt::format("PVEAPIToken={}", *token_);
    return translated;
  }
  const simulator::Ticket ticket = host_->mint_ticket();
  translated.headers["cookie"] = fmt::format("PVEAuthCookie={}", percent_encode(ticket.ticket));
  translated.headers["csrfpreventiontoken"] = ticket.csrf_token;
  return translated;
}

}  // namespace aegis::test
