#include "relay/service.h"

namespace aegis::relay {
namespace {

// As Discord documents them for embeds.
constexpr std::size_t k_most_title = 256;
constexpr std::size_t k_most_text = 4096;

constexpr int k_red = 0xD93025;
constexpr int k_orange = 0xF29900;
constexpr int k_blue = 0x1A73E8;
constexpr int k_green = 0x188038;

int color_of(const Notice& notice) {
  if (notice.state == "resolved") return k_green;
  if (notice.severity == "critical") return k_red;
  return notice.severity == "warning" ? k_orange : k_blue;
}

Result<std::vector<Destination>> destinations(const std::string& name, const Json& settings) {
  auto destination = destination_at(name, text_or(settings, "webhook"));
  if (!destination) return destination.error();
  // With `wait` Discord answers when it has kept the message, and not before.
  destination->path = Secret(destination->path.reveal() + "?wait=true");
  return std::vector{std::move(*destination)};
}

HttpRequest request(const Destination& destination, const Notice& notice) {
  Json embed{{"title", cut_text(headline(notice), k_most_title)}, {"color", color_of(notice)}};
  if (!notice.text.empty()) embed["description"] = cut_text(notice.text, k_most_text);
  // A text must not call everybody, whatever stands in it.
  return post_json(
      destination,
      {{"embeds", Json::array({embed})}, {"allowed_mentions", {{"parse", Json::array()}}}});
}

Verdict judge(const HttpResponse& response) {
  const auto body = parse_json(response.body);
  return judge_status(response, body ? text_or(*body, "message") : "");
}

}  // namespace

// Five in two seconds and thirty a minute are let through.
const Service k_discord{"discord", std::chrono::seconds(2), destinations, request, judge};

}  // namespace aegis::relay
