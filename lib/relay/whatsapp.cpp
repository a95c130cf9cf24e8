#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "relay/service.h"

namespace aegis::relay {
namespace {

constexpr const char* k_api = "https://graph.facebook.com/v23.0";

// A template's body has 1024 characters; its own words need some of them.
constexpr std::size_t k_most_title = 120;
constexpr std::size_t k_most_text = 700;

// What the Cloud API calls temporary or too fast; several come with the status 400.
constexpr std::array k_temporary{1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057};
// The account, its rights and the template: 190 is a token that is over, 132xxx is the template.
constexpr std::array k_amiss{0, 3, 10, 190, 131005, 131031, 131042, 131045, 133010};

template <std::size_t Size>
bool holds(const std::array<int, Size>& codes, std::int64_t code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// A parameter must not have line ends, tabs or more than four blanks in a row.
std::string parameter_text(std::string_view text, std::size_t most) {
  std::vector<std::string> lines;
  for (const std::string& line : split_any(text, "\r\n")) {
    std::string words = join(split_any(line, " \t"), " ");
    if (!words.empty()) lines.push_back(std::move(words));
  }
  return cut_text(join(lines, " | "), most);
}

Json text_parameter(std::string text) {
  constexpr const char* k_nothing = "-";  // an empty one is refused
  return {{"type", "text"}, {"text", text.empty() ? Json(k_nothing) : Json(std::move(text))}};
}

Result<std::vector<Destination>> destinations(const std::string& name, const Json& settings) {
  const std::string sender = text_or(settings, "from");
  const Json& recipients = get(settings, "to");
  if (sender.empty() || !recipients.is_array() || recipients.empty()) {
    return Error{ErrorCode::rejected, fmt::format("the channel {} lacks `from` or `to`", name)};
  }
  const std::string url = fmt::format("{}/{}/messages", text_or(settings, "api", k_api), sender);
  std::vector<Destination> all;
  for (const Json& recipient : recipients) {
    auto destination = destination_at(name, url);
    if (!destination) return destination.error();
    std::string number = as_text(recipient);
    std::erase(number, '+');
    destination->name = fmt::format("{}.{}", name, number);
    destination->token = Secret(text_or(settings, "token"));
    destination->settings = {{"to", number},
                             {"template", text_or(settings, "template")},
                             {"language", text_or(settings, "language", "en")}};
    all.push_back(std::move(*destination));
  }
  return all;
}

HttpRequest request(const Destination& destination, const Notice& notice) {
  const Json& settings = destination.settings;
  const Json body{{"type", "body"},
                  {"parameters",
                   Json::array({text_parameter(parameter_text(headline(notice), k_most_title)),
                                text_parameter(parameter_text(notice.text, k_most_text))})}};
  return post_json(destination,
                   {{"messaging_product", "whatsapp"},
                    {"recipient_type", "individual"},
                    {"to", settings.at("to")},
                    {"type", "template"},
                    {"template",
                     {{"name", settings.at("template")},
                      {"language", {{"code", settings.at("language")}}},
                      {"components", Json::array({body})}}}});
}

Verdict judge(const HttpResponse& response) {
  using Outcome = Verdict::Outcome;
  const auto body = parse_json(response.body);
  const Json error = body ? get(*body, "error") : Json();
  Verdict verdict = judge_status(response, text_or(error, "message"));
  const std::int64_t code = as_integer(get(error, "code")).value_or(-1);
  if (verdict.outcome == Outcome::sent || code < 0) return verdict;
  verdict.reason += fmt::format(" (code {})", code);
  if (holds(k_temporary, code)) verdict.outcome = Outcome::later;
  if (holds(k_amiss, code) || code / 1000 == 132) verdict.outcome = Outcome::amiss;
  return verdict;
}

}  // namespace

// Meta lets one message every six seconds through to the same person.
const Service k_whatsapp{"whatsapp", std::chrono::seconds(6), destinations, request, judge};

}  // namespace aegis::relay
