#include "kinds/docker/container_logs.h"

#include <fmt/format.h>

#include <cstdint>

#include "base/scrub.h"
#include "base/text.h"

namespace aegis::docker {
namespace {

constexpr std::size_t k_header = 8;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char byte : bytes) number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace

std::string unframed(std::string_view stream) {
  std::string text;
  while (stream.size() >= k_header) {
    const std::size_t size = big_endian(stream.substr(4, 4));
    if (stream.size() < k_header + size) break;
    text += stream.substr(k_header, size);
    stream.remove_prefix(k_header + size);
  }
  return text;
}

std::string last_lines(const EngineClient& client, const Json& inspect, const Json& secrets) {
  const HttpRequest request = client.request(
      "GET", fmt::format("/containers/{}/logs?stdout=1&stderr=1&tail=10", text_or(inspect, "Id")));
  const auto response = client.effects().http.send(request);
  if (!response || response->status != 200) return "";
  const bool is_raw = get(get(inspect, "Config"), "Tty") == true;
  const std::string text = is_raw ? response->body : unframed(response->body);
  return std::string(trim(scrub(text, secrets, client.effects().vault)));
}

}  // namespace aegis::docker
