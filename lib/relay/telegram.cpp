#include <fmt/format.h>

#include "relay/service.h"

namespace aegis::relay {
namespace {

constexpr std::size_t k_most_text = 4096;  // as the Bot API documents it for sendMessage
constexpr const char* k_api = "https://api.telegram.org";

Result<std::vector<Destination>> destinations(const std::string& name, const Json& settings) {
  const std::string token = text_or(settings, "token");
  const auto chat = as_integer(get(settings, "chat"));
  if (token.empty() || !chat) {
    return Error{ErrorCode::rejected, fmt::format("the channel {} lacks its token or chat", name)};
  }
  auto destination = destination_at(
      name, fmt::format("{}/bot{}/sendMessage", text_or(settings, "api", k_api), token));
  if (!destination) return destination.error();
  destination->settings["chat_id"] = *chat;
  return std::vector{std::move(*destination)};
}

HttpRequest request(const Destination& destination, const Notice& notice) {
  std::string text = headline(notice);
  if (!notice.text.empty()) text += "\n" + notice.text;
  // Without a parse mode nothing in the text is taken for markup.
  return post_json(destination,
                   {{"chat_id", destination.settings.at("chat_id")},
                    {"text", cut_text(text, k_most_text)},
                    {"link_preview_options", {{"is_disabled", true}}}});
}

Verdict judge(const HttpResponse& response) {
  const auto body = parse_json(response.body);
  Verdict verdict = judge_status(response, body ? text_or(*body, "description") : "");
  if (body && verdict.outcome == Verdict::Outcome::later) {
    const auto seconds = as_integer(get(get(*body, "parameters"), "retry_after"));
    if (seconds && *seconds > 0) verdict.wait = std::chrono::seconds(*seconds);
  }
  return verdict;
}

}  // namespace

// Groups take twenty messages a minute.
const Service k_telegram{"telegram", std::chrono::seconds(3), destinations, request, judge};

}  // namespace aegis::relay
