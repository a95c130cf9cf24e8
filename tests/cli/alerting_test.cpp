#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <future>

#include "base/json.h"
#include "base/vault.h"
#include "cli/binary.h"
#include "monitoring/private_alertmanager.h"
#include "monitoring/process.h"
#include "support/private_sshd.h"

namespace aegis::test {
namespace {

using Catch::Contains;
using Catch::Matches;

/// A project whose alerts are on the server behind a real sshd, where a real Alertmanager has the
/// channels "ops" (critical) and "log" (warning).
struct Watched {
  Watched() : alertmanager(alerts(), vault) {
    const SshConnection ssh = sshd.connection();
    scratch.write(
        "aegis.yaml",
        fmt::format("servers:\n"
                    "  s: {{ ssh: {{ host: {}, port: {}, user: {}, host_key: '{}', "
                    "identity_file: '{}' }} }}\n"
                    "secrets: {{ hook: {{ env: HOOK }} }}\n"
                    "alerts:\n"
                    "  on: server/s\n"
                    "  scrape: {{ alertmanager: '{}', node: {{ s: 'localhost:9100' }} }}\n"
                    "  channels:\n"
                    "    ops: {{ webhook: {{ url: '${{secret:hook}}' }} }}\n"
                    "    log: {{ webhook: {{ url: '${{secret:hook}}' }} }}\n"
                    "    unused: {{ webhook: {{ url: '${{secret:hook}}' }} }}\n"
                    "  routes: {{ critical: [ops], warning: [log], info: [log] }}\n",
                    ssh.host,
                    ssh.port,
                    ssh.user,
                    ssh.host_key,
                    ssh.identity_file,
                    alertmanager.address()));
  }

  [[nodiscard]] Json alerts() {
    const auto channel = [this](const Receiver& receiver) {
      return Json{{"webhook", {{"url", vault.seal(receiver.url())}}}};
    };
    const Json log = Json::array({"log"});
    return {{"channels", {{"ops", channel(ops)}, {"log", channel(log_)}}},
            {"routes", {{"critical", Json::array({"ops"})}, {"warning", log}, {"info", log}}}};
  }

  [[nodiscard]] Run run(std::vector<std::string> words) const {
    words.insert(words.begin(), {"-C", scratch.path(), "alerts"});
    return run_aegisctl(words, {{"HOOK", "https://hook.example/planted"}});
  }

  Receiver ops;
  Receiver log_;
  Vault vault;
  PrivateAlertmanager alertmanager;
  PrivateSshd sshd;
  Scratch scratch;
};

}  // namespace

TEST_CASE("alerts test sends an alert through a real Alertmanager to the channel that is named") {
  const Watched watched;
  auto arrived = std::async(std::launch::async, [&] { return watched.ops.next(); });
  const Run run = watched.run({"test", "ops", "--json"});
  INFO(run.out << run.err);
  CHECK(run.exit_code == 0);
  CHECK_THAT(arrived.get(), Contains("AegisctlTest-") && Contains("nothing is wrong"));
  const auto test = parse_json(run.out);
  REQUIRE(test);
  CHECK(test->at("arrived") == true);
  CHECK(test->at("severity") == "critical");
  CHECK(test->at("deliveries").at(0).at("channels") == Json::array({"ops"}));
}

TEST_CASE("alerts test ends with 1 and says which hop failed") {
  const Watched watched;
  auto answered = std::async(std::launch::async, [&] {
    std::string requests;
    for (int i = 0; i < 2; ++i) requests += watched.log_.next("500 Internal Server Error");
    return requests;
  });
  const Run run = watched.run({"test", "log", "--timeout", "8s"});
  INFO(run.out << run.err);
  CHECK_THAT(answered.get(), Contains("\"severity\":\"info\""));
  CHECK(run.exit_code == 1);
  CHECK_THAT(run.out,
             Contains("attempts failed") && Contains("journalctl -u prometheus-alertmanager"));
  CHECK(watched.run({"test", "unused"}).exit_code == 3);
}

TEST_CASE("a silence is made for what it names, until it ends, and is listed") {
  const Watched watched;
  const Run none = watched.run({"silence", "container/nothing", "--for", "2h"});
  CHECK(none.exit_code == 3);
  CHECK(watched.run({"silences"}).out == "Nothing is silenced.\n");
  const Run made =
      watched.run({"silence", "server/s", "--for", "2h", "--comment", "new disk", "--json"});
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
  const auto json = parse_json(made.out);
  REQUIRE(json);
  CHECK(json->at("silences").size() == 2);  // by resource, and by its node exporter
  const Run listed = watched.run({"silences"});
  CHECK_THAT(listed.out,
             Contains("resource=~\"(host/s|server/s)(/.*)?\"") && Contains("instance=~\"(s)\"") &&
                 Contains(": new disk") &&
                 Contains(json->at("silences").at(0).at("id").get<std::string>()));
}

TEST_CASE("an Alertmanager that does not listen ends with 5") {
  const Scratch scratch;
  const PrivateSshd sshd;
  const SshConnection ssh = sshd.connection();
  scratch.write(
      "aegis.yaml",
      fmt::format("servers:\n"
                  "  s: {{ ssh: {{ host: {}, port: {}, user: {}, host_key: '{}', "
                  "identity_file: '{}' }} }}\n"
                  "alerts: {{ on: server/s, scrape: {{ alertmanager: '127.0.0.1:1' }} }}\n",
                  ssh.host,
                  ssh.port,
                  ssh.user,
                  ssh.host_key,
                  ssh.identity_file));
  const Run run = run_aegisctl({"-C", scratch.path(), "alerts", "silences"});
  INFO(run.err);
  CHECK(run.exit_code == 5);
  CHECK_THAT(run.err, Contains("alertmanager/server/s"));
}

TEST_CASE("status has a real blackbox exporter make the checks, and tells of the one that fails") {
  const Watched watched;
  const std::string exporter = fmt::format("127.0.0.1:{}", free_port());
  std::string text = slurp(watched.scratch.path() + "/aegis.yaml");
  text.replace(text.find("scrape: {"), 9, fmt::format("scrape: {{ blackbox: '{}',", exporter));
  watched.scratch.write("aegis.yaml",
                        text + fmt::format("  checks:\n"
                                           "    alertmanager: {{ tcp: {{ address: '{}' }} }}\n"
                                           "    closed: {{ tcp: {{ address: '127.0.0.1:1' }} }}\n",
                                           watched.alertmanager.address()));
  const std::string files = watched.scratch.path() + "/files";
  REQUIRE(watched.run({"render", "--out", files}).exit_code == 0);
  const Process running({"prometheus-blackbox-exporter",
                         "--config.file=" + files + "/blackbox.yml",
                         "--web.listen-address=" + exporter},
                        watched.scratch.path() + "/exporter.log");
  Run status;
  for (int tries = 0; tries < 100 && status.out.find("passed") == std::string::npos; ++tries) {
    status =
        run_aegisctl({"-C", watched.scratch.path(), "status"}, {{"HOOK", "https://h.example/x"}});
  }
  INFO(status.out << status.err);
  CHECK(status.exit_code == 10);
  CHECK_THAT(status.out,
             Matches("(.|\n)*alertmanager +tcp +" + watched.alertmanager.address() +
                     " +[0-9]+ ms +passed(.|\n)*") &&
                 Matches("(.|\n)*closed +tcp +127.0.0.1:1 +[0-9]+ ms +failed(.|\n)*") &&
                 Contains("check closed failed"));
}

}  // namespace aegis::test
