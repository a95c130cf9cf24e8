#include "monitoring/alertmanager.h"

#include <catch2/catch.hpp>

#include "base/vault.h"
#include "monitoring/private_alertmanager.h"

namespace aegis::test {
namespace {

Json channel_to(const Receiver& receiver, Vault& vault) {
  return {{"webhook", {{"url", vault.seal(receiver.url())}}}};
}

}  // namespace

TEST_CASE("an alert that is posted to a real Alertmanager arrives at its channel, and only there") {
  const Receiver ops;
  const Receiver other;
  Vault vault;
  const Json alerts{
      {"channels", {{"ops", channel_to(ops, vault)}, {"other", channel_to(other, vault)}}},
      {"routes", {{"critical", Json::array({"ops"})}, {"warning", Json::array({"other"})}}}};
  PrivateAlertmanager alertmanager(alerts, vault);
  alertmanager.post({{"alertname", "ServiceDown"},
                     {"severity", "critical"},
                     {"resource", "stack/core/service/shop"}},
                    "shop does not answer");
  const std::string request = ops.next();
  const std::size_t body = request.find("\r\n\r\n");
  REQUIRE(body != std::string::npos);
  CHECK(request.starts_with("POST /hook "));
  const auto message = parse_json(request.substr(body + 4));
  REQUIRE(message);
  CHECK(message->at("receiver") == "ops");
  CHECK(message->at("status") == "firing");
  const Json& alert = message->at("alerts").at(0);
  CHECK(alert.at("labels").at("resource") == "stack/core/service/shop");
  CHECK(alert.at("annotations").at("summary") == "shop does not answer");
  // What comes first to the other is its own: the critical one did not go there too.
  alertmanager.post({{"alertname", "HighCpu"}, {"severity", "warning"}}, "busy");
  CHECK(other.next().find("HighCpu") != std::string::npos);
}

TEST_CASE("what is critical silences the lesser alerts about the same thing, and no others") {
  const Receiver ops;
  Vault vault;
  PrivateAlertmanager alertmanager({{"channels", {{"ops", channel_to(ops, vault)}}}}, vault);
  const auto disk = [](const char* name, const char* severity, const char* instance) {
    return Json{
        {"alertname", name}, {"severity", severity}, {"topic", "disk"}, {"instance", instance}};
  };
  alertmanager.post(disk("DiskExhausted", "critical", "a"), "");
  CHECK(ops.next().find("DiskExhausted") != std::string::npos);
  alertmanager.post(disk("DiskFilling", "warning", "a"), "");
  alertmanager.post(disk("OtherFilling", "warning", "b"), "");
  CHECK(ops.next().find("OtherFilling") != std::string::npos);
}

TEST_CASE("the dead man's switch goes on arriving") {
  const Receiver deadman;
  Vault vault;
  PrivateAlertmanager alertmanager({{"channels", {{"deadman", channel_to(deadman, vault)}}},
                                    {"watchdog", {{"channel", "deadman"}, {"every", "1s"}}}},
                                   vault);
  alertmanager.post({{"alertname", "Watchdog"}, {"severity", "none"}}, "");
  for (int i = 0; i < 3; ++i) CHECK(deadman.next().find("Watchdog") != std::string::npos);
}

}  // namespace aegis::test
