#include "relay/service.h"

#include <catch2/catch.hpp>

namespace aegis::relay {
namespace {

using Outcome = Verdict::Outcome;

const Notice k_notice{"firing", "critical", "DiskFilling", "/ is\tfull\n\n/srv    is full"};

Destination destination(const Service& service, const Json& settings, std::size_t which = 0) {
  auto found = service.destinations("phone", settings);
  REQUIRE(found);
  return found->at(which);
}

Verdict judged(const Service& service,
               int status,
               const std::string& body,
               HttpHeaders headers = {}) {
  return service.judge({status, "", std::move(headers), body});
}

}  // namespace

TEST_CASE("WhatsApp gets an approved template with two texts of one line, one message a person") {
  const Json settings{{"token", "t0ken"},
                      {"from", "1065"},
                      {"to", {"+447700900123", "+447700900124"}},
                      {"template", "server_alert"},
                      {"language", "en_GB"}};
  const Destination second = destination(k_whatsapp, settings, 1);
  CHECK(second.name == "phone.447700900124");
  CHECK(second.site == "https://graph.facebook.com");
  const HttpRequest request = k_whatsapp.request(second, k_notice);
  CHECK(request.method == "POST");
  CHECK(request.path == "/v23.0/1065/messages");
  CHECK(request.content_type == "application/json");
  CHECK(request.headers == HttpHeaders{{"Authorization", "Bearer t0ken"}});
  const Json expected = Json::parse(R"({
    "messaging_product": "whatsapp", "recipient_type": "individual", "to": "447700900124",
    "type": "template",
    "template": {"name": "server_alert", "language": {"code": "en_GB"}, "components": [
      {"type": "body", "parameters": [{"type": "text", "text": "FIRING: DiskFilling"},
                                      {"type": "text", "text": "/ is full | /srv is full"}]}]}})");
  CHECK(Json::parse(request.body) == expected);
  const Json empty = Json::parse(k_whatsapp.request(second, {"firing", "info", "x", ""}).body);
  CHECK(empty.at("template").at("components")[0].at("parameters")[1].at("text") == "-");
}

TEST_CASE("WhatsApp's codes say more than its status: too fast, amiss, or never") {
  const auto outcome = [](int status, int code) {
    return judged(k_whatsapp,
                  status,
                  R"({"error": {"message": "why", "code": )" + std::to_string(code) + "}}")
        .outcome;
  };
  CHECK(judged(k_whatsapp, 200, R"({"messages": [{"id": "wamid.x"}]})").outcome == Outcome::sent);
  CHECK(outcome(400, 131056) == Outcome::later);
  CHECK(outcome(401, 190) == Outcome::amiss);
  CHECK(outcome(400, 132000) == Outcome::amiss);
  CHECK(outcome(400, 131009) == Outcome::refused);
  CHECK(outcome(500, 999) == Outcome::later);
  CHECK(judged(k_whatsapp, 400, R"({"error": {"message": "why", "code": 1}})").reason ==
        "400 why (code 1)");
}

TEST_CASE("Discord gets an embed in its limits, and a text in it calls nobody") {
  const Destination ops =
      destination(k_discord, {{"webhook", "https://discord.com/api/webhooks/1/s3cret"}});
  CHECK(ops.site == "https://discord.com");
  Notice long_one = k_notice;
  long_one.title = std::string(300, 'x');
  long_one.text = std::string(5000, 'y');
  const HttpRequest request = k_discord.request(ops, long_one);
  CHECK(request.path == "/api/webhooks/1/s3cret?wait=true");
  const Json body = Json::parse(request.body);
  const Json& embed = body.at("embeds").at(0);
  CHECK(cut_text(embed.at("title").get<std::string>(), 256) == embed.at("title"));
  CHECK(cut_text(embed.at("description").get<std::string>(), 4096) == embed.at("description"));
  CHECK(body.at("allowed_mentions") == Json{{"parse", Json::array()}});
}

TEST_CASE("Telegram gets a plain text, so that nothing in it is taken for markup") {
  const Destination chat = destination(k_telegram, {{"token", "1:a"}, {"chat", -100123}});
  const HttpRequest request = k_telegram.request(chat, k_notice);
  CHECK(chat.site + request.path == "https://api.telegram.org/bot1:a/sendMessage");
  const Json body = Json::parse(request.body);
  CHECK(body.at("chat_id") == -100123);
  CHECK(body.at("text") == "FIRING: DiskFilling\n" + k_notice.text);
  CHECK_FALSE(body.contains("parse_mode"));
}

TEST_CASE("the wait that a service asks for is heard, in its header and in Telegram's own field") {
  CHECK(
      judged(k_discord, 429, R"({"message": "slow", "retry_after": 1.5})", {{"retry-after", "1.5"}})
          .wait == std::chrono::milliseconds(1500));
  CHECK(judged(k_telegram, 429, R"({"ok": false, "parameters": {"retry_after": 7}})").wait ==
        std::chrono::seconds(7));
  CHECK(judged(k_webhook, 503, "", {{"retry-after", "a date"}}).wait.count() == 0);
}

TEST_CASE("what a status means: sent, again, mended first, or never") {
  for (const auto& [status, outcome] : std::map<int, Outcome>{{200, Outcome::sent},
                                                              {204, Outcome::sent},
                                                              {301, Outcome::amiss},
                                                              {401, Outcome::amiss},
                                                              {404, Outcome::amiss},
                                                              {400, Outcome::refused},
                                                              {413, Outcome::refused},
                                                              {408, Outcome::later},
                                                              {429, Outcome::later},
                                                              {502, Outcome::later}}) {
    INFO(status);
    CHECK(judged(k_webhook, status, "").outcome == outcome);
  }
}

}  // namespace aegis::relay
