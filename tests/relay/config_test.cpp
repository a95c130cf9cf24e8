#include "relay/config.h"

#include <catch2/catch.hpp>

namespace aegis::relay {

TEST_CASE("a configuration names channels, their services and routes") {
  const auto config = read_config(R"({"token": "t",
    "channels": {"ops": {"discord": {"webhook": "https://discord.com/api/webhooks/1/x"}},
                 "phone": {"whatsapp": {"token": "t", "from": "1", "to": ["+1", "+2"], "template": "a"}}},
    "routes": {"critical": ["ops", "phone"]}})");
  REQUIRE(config);
  CHECK(config->token.reveal() == "t");
  CHECK(config->channels.at("ops").service == &k_discord);
  CHECK(config->channels.at("phone").destinations.size() == 2);
  CHECK(config->routes.at("critical") == std::vector<std::string>{"ops", "phone"});
}

TEST_CASE("what is wrong in it is told without a value of it") {
  for (const auto& [text, words] : std::map<std::string, std::string>{
           {"s3cret", "no JSON object"},
           {R"({"channels": {"a": {}}})", "channels.a has not exactly one service"},
           {R"({"channels": {"a": {"pager": {"key": "s3cret"}}}})", "no service pager"},
           {R"({"channels": {"a": {"discord": {"webhook": "s3cret"}}}})", "https://HOST"},
           {R"({"channels": {"a": {"telegram": {"token": "s3cret"}}}})", "token or chat"},
           {R"({"channels": {"a": {"whatsapp": {"from": "1", "to": []}}}})", "`from` or `to`"},
           {R"({"routes": {"critical": ["s3cret"]}})", "routes.critical names a channel"}}) {
    const auto config = read_config(text);
    REQUIRE_FALSE(config);
    INFO(config.error().message);
    CHECK(config.error().message.find(words) != std::string::npos);
    CHECK(config.error().message.find("s3cret") == std::string::npos);
  }
}

}  // namespace aegis::relay
