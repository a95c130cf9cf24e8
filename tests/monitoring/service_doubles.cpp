#include "monitoring/service_doubles.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <regex>

#include "base/utf8.h"

namespace aegis::test {
namespace {

constexpr std::chrono::seconds k_patience{120};

std::size_t characters(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    at += std::max<std::size_t>(utf8_length(std::string_view(text).substr(at)), 1);
  }
  return count;
}

relay::Answer json_answer(int status, const Json& body) {
  return {status, dump_json(body), "application/json"};
}

relay::Answer graph_error(int status, int code, const char* message) {
  return json_answer(
      status, {{"error", {{"message", message}, {"type", "OAuthException"}, {"code", code}}}});
}

// What the Cloud API says of the text of a template's variable (error 132005 and 131008).
bool is_parameter(const Json& parameter) {
  const std::string text = text_or(parameter, "text");
  static const std::regex k_forbidden("[\n\t]|     ");
  return text_or(parameter, "type") == "text" && !text.empty() &&
         !std::regex_search(text, k_forbidden);
}

bool is_embed(const Json& embed) {
  const std::string title = text_or(embed, "title");
  const std::string text = text_or(embed, "description");
  const auto color = as_integer(get(embed, "color")).value_or(0);
  return !(title.empty() && text.empty()) && characters(title) <= 256 && characters(text) <= 4096 &&
         color >= 0 && color <= 0xFFFFFF;
}

}  // namespace

ServiceDouble::ServiceDouble(Judge judge) : judge_(judge) {
  auto listener = relay::Listener::on("127.0.0.1:0");
  REQUIRE(listener);
  auto server = relay::HttpServer::start(std::move(*listener),
                                         [this](const relay::Call& call) { return handle(call); });
  REQUIRE(server);
  server_ = std::move(*server);
}

std::string ServiceDouble::url() const {
  return fmt::format("http://127.0.0.1:{}", server_->port());
}

void ServiceDouble::answer_always(relay::Answer answer) {
  const std::lock_guard guard(mutex_);
  always_ = std::move(answer);
}

relay::Answer ServiceDouble::handle(const relay::Call& call) {
  const std::lock_guard guard(mutex_);
  ++calls_;
  if (always_.status != 200) return always_;
  const auto body = parse_json(call.body);
  if (call.method != "POST" || !body) return {400, "not JSON by POST"};
  relay::Answer answer = judge_(call, *body);
  if (answer.status == 200) taken_.push_back(*body);
  changed_.notify_all();
  return answer;
}

Json ServiceDouble::taken(std::size_t index) {
  std::unique_lock lock(mutex_);
  const bool came = changed_.wait_for(lock, k_patience, [&] { return taken_.size() > index; });
  REQUIRE(came);
  return taken_.at(index);
}

std::size_t ServiceDouble::count() const {
  const std::lock_guard guard(mutex_);
  return taken_.size();
}

std::size_t ServiceDouble::calls() const {
  const std::lock_guard guard(mutex_);
  return calls_;
}

relay::Answer judge_discord(const relay::Call& call, const Json& body) {
  if (call.path != "/api/webhooks/1/planted") {
    return json_answer(404, {{"message", "Unknown Webhook"}, {"code", 10015}});
  }
  const Json& embeds = get(body, "embeds");
  const std::string content = text_or(body, "content");
  const bool right = characters(content) <= 2000 && (!content.empty() || !embeds.empty()) &&
                     embeds.size() <= 10 && std::all_of(embeds.begin(), embeds.end(), is_embed);
  return right ? json_answer(200, {{"id", "1"}, {"type", 0}})
               : json_answer(400, {{"message", "Invalid Form Body"}, {"code", 50035}});
}

// A message always has its chat and its time: Alertmanager 0.25 ends with a fault when it has none.
relay::Answer judge_telegram(const relay::Call& call, const Json& body) {
  if (call.path != "/bot2:planted/sendMessage") {
    return json_answer(404, {{"ok", false}, {"error_code", 404}, {"description", "Not Found"}});
  }
  const std::string text = text_or(body, "text");
  const bool right = as_integer(get(body, "chat_id")) == -1001234567890 && !text.empty() &&
                     characters(text) <= 4096;
  const Json message{{"message_id", 1},
                     {"date", 1700000000},
                     {"chat", {{"id", get(body, "chat_id")}, {"type", "supergroup"}}},
                     {"text", text}};
  return right ? json_answer(200, {{"ok", true}, {"result", message}})
               : json_answer(400,
                             {{"ok", false},
                              {"error_code", 400},
                              {"description", "Bad Request: chat not found"}});
}

relay::Answer judge_whatsapp(const relay::Call& call, const Json& body) {
  if (call.authorization != "Bearer planted") return graph_error(401, 190, "Invalid access token");
  if (call.path != "/v23.0/1065/messages") return graph_error(404, 803, "Unknown path");
  const Json& message = get(body, "template");
  const bool is_template = text_or(body, "messaging_product") == "whatsapp" &&
                           text_or(body, "type") == "template" &&
                           std::regex_match(text_or(body, "to"), std::regex("[1-9][0-9]{6,14}"));
  if (!is_template) return graph_error(400, 100, "Invalid parameter");
  if (text_or(message, "name") != "server_alert" ||
      text_or(get(message, "language"), "code") != "en") {
    return graph_error(404, 132001, "Template name does not exist in the translation");
  }
  const Json& components = get(message, "components");
  const Json parameters =
      components.is_array() && components.size() == 1 ? get(components[0], "parameters") : Json();
  if (!parameters.is_array() || parameters.size() != 2) {
    return graph_error(400, 132000, "Number of parameters does not match");
  }
  if (!std::all_of(parameters.begin(), parameters.end(), is_parameter)) {
    return graph_error(400, 132018, "There was a problem with the parameters of the template");
  }
  return json_answer(200,
                     {{"messaging_product", "whatsapp"},
                      {"contacts", Json::array({{{"input", body.at("to")}, {"wa_id", "1"}}})},
                      {"messages", Json::array({{{"id", "wamid.1"}}})}});
}

}  // namespace aegis::test
