#include "monitoring/relay.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <optional>
#include <thread>

#include "base/vault.h"
#include "cli/binary.h"
#include "monitoring/private_alertmanager.h"
#include "monitoring/process.h"
#include "monitoring/service_doubles.h"

namespace aegis::test {
namespace {

using namespace std::chrono_literals;
using Catch::Contains;

/// From the manifest to the phones: what `alerts` renders, read by a real Alertmanager and by the
/// built relay, which bring alerts to doubles of the services.
class Chain {
 public:
  /// `guarded`: senders must show a token.
  explicit Chain(bool guarded) : address_(fmt::format("127.0.0.1:{}", free_port())) {
    alerts_ = {
        {"relay", {{"listen", address_}}},
        {"proxmox", {{"servers", Json::array({"s"})}}},
        {"channels",
         {{"ops",
           {{"discord", {{"webhook", vault_.seal(discord.url() + "/api/webhooks/1/planted")}}}}},
          {"chat",
           {{"telegram",
             {{"token", vault_.seal("2:planted")},
              {"chat", -1001234567890},
              {"api", telegram.url()}}}}},
          {"phone",
           {{"whatsapp",
             {{"token", vault_.seal("planted")},
              {"from", "1065"},
              {"to", Json::array({"+447700900123"})},
              {"template", "server_alert"},
              {"api", whatsapp.url() + "/v23.0"}}}}}}}};
    if (guarded) alerts_["relay"]["token"] = vault_.seal("relay-token");
    config_ = scratch_.write("relay.json",
                             dump_json(vault_.reveal_all(monitoring::relay_config(alerts_))));
    start();
  }

  void start() {
    relay_.emplace(std::vector<std::string>{"relay",
                                            "--config",
                                            config_,
                                            "--queue",
                                            scratch_.path() + "/queue",
                                            "--listen",
                                            address_},
                   Environment{},
                   scratch_.path());
    REQUIRE(comes_true([this] { return get("/healthy") == "ok\n"; }));
  }

  [[nodiscard]] const Json& alerts() const { return alerts_; }
  [[nodiscard]] const Vault& vault() const { return vault_; }

  void kill() {
    relay_->signal(SIGKILL);
    CHECK(relay_->wait().exit_code == 128 + SIGKILL);
  }

  Run stop() {
    relay_->signal(SIGTERM);
    return relay_->wait();
  }

  [[nodiscard]] std::string get(const std::string& path) const {
    return run_in(scratch_.path(), {"curl", "-s", "http://" + address_ + path}).output;
  }

  [[nodiscard]] std::string post(const std::string& path, const Json& body) const {
    scratch_.write("body.json", dump_json(body));
    return run_in(scratch_.path(),
                  {"curl",
                   "-s",
                   "-H",
                   "Authorization: Bearer relay-token",
                   "-d",
                   "@body.json",
                   "http://" + address_ + path})
        .output;
  }

  template <class Condition>
  static bool comes_true(const Condition& condition) {
    for (int i = 0; i < 400 && !condition(); ++i) std::this_thread::sleep_for(50ms);
    return condition();
  }

  ServiceDouble discord{judge_discord};
  ServiceDouble telegram{judge_telegram};
  ServiceDouble whatsapp{judge_whatsapp};

 private:
  Vault vault_;
  Scratch scratch_;
  std::string address_;
  Json alerts_;
  std::string config_;
  std::optional<BackgroundRun> relay_;
};

std::string parameter(const Json& message, int which) {
  return message.at("template").at("components")[0].at("parameters")[which].at("text");
}

const Json k_failed_backup{{"title", "vzdump backup status (fsn1): backup failed"},
                           {"message", "101: ERROR: no space left\n\tstorage 'box'"},
                           {"severity", "error"}};

}  // namespace

TEST_CASE("what Proxmox tells reaches Discord, Telegram and WhatsApp as each documents it") {
  Chain chain(true);
  CHECK(chain.post("/proxmox", k_failed_backup) == "kept\n");
  const Json embed = chain.discord.taken(0).at("embeds").at(0);
  CHECK(embed.at("title") == "FIRING: vzdump backup status (fsn1): backup failed");
  CHECK(embed.at("description") == k_failed_backup.at("message"));
  CHECK_THAT(chain.telegram.taken(0).at("text").get<std::string>(), Contains("no space left"));
  CHECK(parameter(chain.whatsapp.taken(0), 1) == "101: ERROR: no space left | storage 'box'");
  const Run ended = chain.stop();
  CHECK(ended.exit_code == 0);
  CHECK_THAT(ended.err, Contains("phone: sent") && !Contains("planted") && !Contains("token"));
}

TEST_CASE("a channel that fails holds up no other, and loses nothing to a relay that is killed") {
  Chain chain(true);
  chain.whatsapp.answer_always({503, R"({"error": {"message": "busy", "code": 2}})"});
  CHECK(chain.post("/proxmox", k_failed_backup) == "kept\n");
  chain.discord.taken(0);
  chain.telegram.taken(0);
  CHECK(Chain::comes_true([&] { return chain.whatsapp.calls() > 0; }));
  CHECK_THAT(chain.get("/metrics"),
             Contains("aegisctl_relay_waiting{channel=\"phone\",recipient=\"1\"} 1\n"));
  chain.kill();
  chain.whatsapp.answer_always({});
  chain.start();
  CHECK(parameter(chain.whatsapp.taken(0), 0) ==
        "FIRING: vzdump backup status (fsn1): backup failed");
  CHECK(chain.discord.count() == 1);
  CHECK(chain.telegram.count() == 1);
}

TEST_CASE("a real alert travels through a real Alertmanager, and to WhatsApp through the relay") {
  Chain chain(false);
  PrivateAlertmanager alertmanager(chain.alerts(), chain.vault());
  alertmanager.post({{"alertname", "DiskFilling"}, {"severity", "critical"}},
                    "/ of fsn1 is 91 % full");
  CHECK(chain.discord.taken(0).at("embeds").size() == 1);
  CHECK_THAT(chain.telegram.taken(0).at("text").get<std::string>(), Contains("DiskFilling"));
  const Json message = chain.whatsapp.taken(0);
  CHECK(parameter(message, 0) == "FIRING: DiskFilling");
  CHECK(parameter(message, 1) == "/ of fsn1 is 91 % full");
  CHECK(alertmanager.answers());
}

TEST_CASE("a relay says what is wrong with its file, before it listens") {
  const Scratch scratch;
  const std::string file = scratch.write("relay.json", R"({"channels": {"a": {"pager": {}}}})");
  const Run checked = run_aegisctl({"relay", "--check", "--config", file});
  CHECK(checked.exit_code == 3);
  CHECK_THAT(checked.err, Contains("there is no service pager"));
  const std::string good = scratch.write("good.json", R"({"channels": {}})");
  CHECK(run_aegisctl({"relay", "--check", "--config", good}).exit_code == 0);
  CHECK(run_aegisctl({"relay", "--config", good}).exit_code == 3);
  const Run unstarted =
      run_aegisctl({"relay", "--config", good, "--queue", scratch.path() + "/queue"});
  CHECK(unstarted.exit_code == 3);
  CHECK_THAT(unstarted.err, Contains("--listen"));
}

}  // namespace aegis::test
