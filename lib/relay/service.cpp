#include "relay/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aegis::relay {
namespace {

constexpr std::array k_services{&k_discord, &k_telegram, &k_webhook, &k_whatsapp};
constexpr std::chrono::seconds k_send_timeout{20};
constexpr double k_longest_wait = 3600;  // of seconds that a service may ask for

std::chrono::milliseconds retry_after(const HttpResponse& response) {
  for (const auto& [name, value] : response.headers) {
    if (name != "retry-after") continue;
    const double seconds = std::clamp(as_number(Json(value)).value_or(0), 0.0, k_longest_wait);
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  }
  return {};
}

}  // namespace

const Service* find_service(std::string_view name) {
  const auto* const found = std::find_if(
      k_services.begin(), k_services.end(), [&](const Service* one) { return one->name == name; });
  return found == k_services.end() ? nullptr : *found;
}

std::vector<std::string> service_names() {
  std::vector<std::string> names;
  for (const Service* service : k_services) names.emplace_back(service->name);
  return names;
}

Verdict judge_status(const HttpResponse& response, std::string reason) {
  using Outcome = Verdict::Outcome;
  const int status = response.status;
  reason = fmt::format("{} {}", status, reason.empty() ? response.reason : reason);
  if (status >= 200 && status < 300) return {Outcome::sent};
  if (status == 408 || status == 425 || status == 429 || status >= 500) {
    return {Outcome::later, reason, retry_after(response)};
  }
  // What is moved, closed or not ours any more is mended in the manifest, not by giving up.
  const bool is_amiss = status == 401 || status == 403 || status == 404 || status < 400;
  return {is_amiss ? Outcome::amiss : Outcome::refused, reason};
}

HttpRequest post_json(const Destination& destination, const Json& body) {
  HttpRequest request;
  request.method = "POST";
  request.path = destination.path.reveal();
  request.content_type = "application/json";
  request.body = dump_json(body);
  request.timeout = k_send_timeout;
  if (!destination.token.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + destination.token.reveal());
  }
  return request;
}

Result<Destination> destination_at(const std::string& channel, const std::string& url) {
  const std::size_t host = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  const std::size_t path = url.find('/', host);
  if (host == 0 || path == host) {
    return Error{ErrorCode::rejected,
                 fmt::format("the address of the channel {} does not begin with https://HOST or "
                             "http://HOST",
                             channel)};
  }
  Destination destination{channel, channel, url.substr(0, path), Secret("/"), {}, Json::object()};
  if (path != std::string::npos) destination.path = Secret(url.substr(path));
  return destination;
}

}  // namespace aegis::relay
