#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "base/vault.h"
#include "manifest/load.h"
#include "manifest/project_folder.h"
#include "monitoring/checks.h"
#include "monitoring/process.h"
#include "support/source_folder.h"

namespace aegis::test {
namespace {

constexpr const char* k_before = R"(
servers: { s: { ssh: { host: h } } }
containers:
  mon: { server: s, vmid: 101, rootfs: { storage: l, size: 1GiB }, os: { packages: { prometheus: present } } }
secrets: { hook: { env: HOOK }, pass: { env: PASS } }
alerts:
)";

Manifests load_alerts(ProjectFolder& project, const std::string& alerts) {
  project.set("HOOK", "https://hook.example/planted").set("PASS", "planted-password");
  return project.write("aegis.yaml", k_before + alerts).load();
}

const Resource& at(const Manifests& manifests, const std::string& address) {
  return manifests.desired.resources.at(parse_address(address).value());
}

void write_files(const Manifests& manifests, ProjectFolder& folder) {
  for (const auto& [name, text] : manifests.alert_files) folder.write(name, text);
}

}  // namespace

TEST_CASE("examples/aegis is rendered as a person would have written it") {
  Vault vault;
  const Manifests manifests = load(
      source_folder() / "examples/aegis",
      [](const std::string& name) { return std::optional("planted-" + name); },
      vault);
  REQUIRE(described(manifests.diagnostics) == std::vector<std::string>{});
  const auto golden = source_folder() / "tests/monitoring/golden";
  for (const auto& [name, text] : manifests.alert_files) {
    if (std::getenv("AEGIS_UPDATE_GOLDEN") != nullptr) {
      std::filesystem::create_directories((golden / name).parent_path());
      std::ofstream(golden / name, std::ios::binary) << text;
    }
    INFO(name);
    CHECK(slurp(golden / name) == text);
    CHECK(text.find("planted") == std::string::npos);
  }
  CHECK(manifests.alert_files.size() == 34);
}

TEST_CASE("the real tools accept what every part of the section is rendered to") {
  ProjectFolder project;
  const Manifests manifests = load_alerts(project, R"(
  on: container/mon
  channels:
    chat: { discord: { webhook: '${secret:hook}', resolved: false } }
    phone: { telegram: { token: '${secret:pass}', chat: -100 } }
    mail: { email: { to: a@x, from: b@x, smarthost: 'm:25', username: u, password: '${secret:pass}' } }
    relay: { webhook: { url: '${secret:hook}', token: '${secret:pass}' } }
    people: { whatsapp: { token: '${secret:pass}', from: '1065', to: ['+447700900123'], template: t } }
  relay: { listen: '10.0.0.2:9097', token: '${secret:pass}', binary: /usr/bin/aegisctl }
  proxmox: { servers: [s], severities: [error] }
  watchdog: { channel: relay, every: 5m }
  routes: { critical: [chat, phone], warning: [mail] }
  quiet_hours: { from: '08:00', to: '09:30', severities: [info] }
  inhibit: [{ source_matchers: ['alertname="Outage"'], target_matchers: ['alertname="ServiceDown"'] }]
  group_by: [alertname, instance]
  repeat: 12h
  scrape:
    node: { s: '10.0.0.1:9100' }
    jobs: { app: { targets: ['h:1'], path: /m, scheme: https, interval: 1m, labels: { team: web } } }
  checks:
    a: { of: container/mon, http: { url: 'https://x', status: [200, 204], method: HEAD, headers: { H: v },
         body: "it's \"ok\"", redirects: false, latency: 500ms, certificate: 36h }, interval: 10s, timeout: 5s }
    b: { tcp: { address: 'x:5432', tls: true } }
    c: { icmp: { host: x } }
    d: { dns: { server: x, name: y, type: MX, answer: '.*z' } }
    e: { redis: { address: 'x:6379' } }
  rules:
    cpu: {}
    disk_full: { when: disk, above: 99.5%, severity: critical, labels: { team: 'a: b' }, summary: 'Full: "{{ $value }}"' }
    slow_queries: { expr: 'rate(slow_total{db="a"}[5m]) > 1', for: 1h }
)");
  REQUIRE(described(manifests.diagnostics) == std::vector<std::string>{});
  ProjectFolder folder;
  write_files(manifests, folder);
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"promtool", "check", "config", "prometheus.yml"},
           {"amtool", "check-config", "alertmanager.yml"},
           {"prometheus-blackbox-exporter", "--config.check", "--config.file=blackbox.yml"}}) {
    const Finished judged = run_in(folder.path(), words);
    INFO(words.front() << "\n" << judged.output);
    CHECK(judged.exit_code == 0);
  }
  // The route that the manifest means, asked of Alertmanager's own tool.
  const auto receivers = [&](const std::string& label) {
    const std::string output =
        run_in(folder.path(),
               {"amtool", "config", "routes", "test", "--config.file=alertmanager.yml", label})
            .output;
    return output.substr(output.rfind('\n', output.size() - 2) + 1);  // warnings come first
  };
  CHECK(receivers("severity=critical") == "chat,phone\n");
  CHECK(receivers("severity=warning") == "mail\n");
  CHECK(receivers("severity=info") == "chat,mail,people,phone,relay\n");
  CHECK(receivers("severity=unheard-of") == "chat\n");
  CHECK(receivers("alertname=Watchdog") == "relay\n");
  CHECK(manifests.alert_files.at("rules/custom.yml").find("alert: SlowQueries") !=
        std::string::npos);
}

TEST_CASE("the files are the guest's own, checked before they land, and secrets stay sealed") {
  ProjectFolder project;
  const Manifests manifests = load_alerts(project, R"(
  on: container/mon
  channels:
    chat: { discord: { webhook: '${secret:hook}' } }
    mail: { email: { to: a@x, from: b@x, smarthost: 'm:25', username: u, password: '${secret:pass}' } }
  rules: { target_down: {} }
)");
  REQUIRE(described(manifests.diagnostics) == std::vector<std::string>{});
  const Resource& prometheus = at(manifests, "guest/mon/file/etc/prometheus/prometheus.yml");
  CHECK(prometheus.spec.at("content").is_string());
  CHECK(prometheus.spec.at("validate") == Json({"promtool", "check", "config", "%s"}));
  CHECK(prometheus.spec.at("reloads") == Json::array({"prometheus.service"}));
  CHECK(manifests.desired.scopes.at("guest/mon").settings.at("units") ==
        Json({"prometheus-alertmanager.service", "prometheus.service"}));
  CHECK(prometheus.depends_on ==
        std::vector<Address>{{"", "container", "mon"}, {"guest/mon", "package", "prometheus"}});
  const Resource& alertmanager = at(manifests, "guest/mon/file/etc/prometheus/alertmanager.yml");
  CHECK(is_sealed(alertmanager.spec.at("content")));
  CHECK(alertmanager.spec.at("mode") == "0640");
  const auto opened = project.vault().open(alertmanager.spec.at("payload"));
  CHECK(opened->reveal().find("webhook_url: https://hook.example/planted\n") != std::string::npos);
  CHECK(opened->reveal().find("planted-password") == std::string::npos);
  const Resource& password = at(manifests, "guest/mon/file/etc/prometheus/secrets/mail");
  CHECK(project.vault().open(password.spec.at("payload"))->reveal() == "planted-password");
  CHECK(manifests.desired.scopes.at("guest/mon").settings.at("paths").size() == 6);
}

TEST_CASE(
    "a server that has no `os` runs them too, and mail alone leaves alertmanager.yml readable") {
  ProjectFolder project;
  const Manifests manifests = load_alerts(project, R"(
  on: server/s
  channels: { mail: { email: { to: a@x, from: b@x, smarthost: 'm:25', password: '${secret:pass}' } } }
)");
  REQUIRE(described(manifests.diagnostics) == std::vector<std::string>{});
  CHECK(
      at(manifests, "host/s/file/etc/prometheus/alertmanager.yml").spec.at("content").is_string());
}

TEST_CASE("what Alertmanager cannot send goes through a relay, whose file only root reads") {
  ProjectFolder project;
  const Manifests manifests = load_alerts(project, R"(
  on: container/mon
  channels:
    chat: { discord: { webhook: '${secret:hook}' } }
    people: { whatsapp: { token: '${secret:pass}', from: '1065', to: ['+447700900123'], template: t } }
  relay: { listen: '10.0.0.2:9097', token: '${secret:pass}' }
  rules: { channel_stuck: {} }
  proxmox: { servers: [s], severities: [error] }
  routes: { critical: [chat], warning: [chat], info: [chat] }
)");
  REQUIRE(described(manifests.diagnostics) == std::vector<std::string>{});
  const Resource& config = at(manifests, "guest/mon/file/etc/aegisctl-relay/relay.json");
  CHECK(config.spec.at("mode") == "0600");
  CHECK(config.spec.at("restarts") == Json::array({"aegisctl-relay.service"}));
  CHECK(is_sealed(config.spec.at("content")));
  const auto text = project.vault().open(config.spec.at("payload"));
  const Json opened = Json::parse(text->reveal());
  CHECK(opened.at("token") == "planted-password");
  CHECK(opened.at("channels").at("people").at("whatsapp").at("token") == "planted-password");
  CHECK(opened.at("channels").at("chat").at("discord") ==
        Json{{"webhook", "https://hook.example/planted"}});
  CHECK(opened.at("routes").at("critical") == Json::array({"chat"}));
  CHECK(manifests.alert_files.at("relay.json").find("planted") == std::string::npos);
  CHECK(at(manifests, "guest/mon/unit/aegisctl-relay.socket").spec.at("state") == "started");
  CHECK_FALSE(at(manifests, "guest/mon/unit/aegisctl-relay.service").spec.contains("state"));
  const Resource& endpoint = at(manifests, "server/s/endpoint/aegisctl-relay");
  CHECK(endpoint.spec.at("url") == "http://10.0.0.2:9097/proxmox");
  CHECK(endpoint.spec.at("header").at("Authorization") == "Bearer {{ secrets.token }}");
  CHECK(is_sealed(endpoint.spec.at("secret").at("token")));
  const Resource& matcher = at(manifests, "server/s/matcher/aegisctl-relay");
  CHECK(matcher.spec.at("match-severity") == Json::array({"error"}));
  CHECK(matcher.depends_on == std::vector<Address>{endpoint.address});
  const Resource& token = at(manifests, "guest/mon/file/etc/prometheus/secrets/_relay");
  CHECK(project.vault().open(token.spec.at("payload"))->reveal() == "planted-password");
}

TEST_CASE("checks that are programs are run by timers, which systemd takes") {
  ProjectFolder project;
  const Manifests manifests = load_alerts(project, R"(
  on: container/mon
  scrape: { node: { mon: '127.0.0.1:9100' } }
  checks:
    db: { of: container/mon, postgres: { container: c-1, query: "SELECT '100%'" }, interval: 30s, timeout: 500ms }
    engine: { docker: {}, interval: 1d }
  rules: { check_stale: {} }
)");
  REQUIRE(described(manifests.diagnostics) == std::vector<std::string>{});
  CHECK(manifests.alert_files.count("blackbox.yml") == 0);
  CHECK(at(manifests, "guest/mon/file/usr/local/lib/aegisctl-checks/check").spec.at("mode") ==
        "0755");
  CHECK(at(manifests, "guest/mon/unit/aegisctl-check-db.timer").spec.at("state") == "started");
  const std::string& service = manifests.alert_files.at("aegisctl-check-db.service");
  INFO(service);
  CHECK(service.find(R"("/usr/local/lib/aegisctl-checks/check" "db" "0.5" "91" )"
                     R"("check=\"db\",type=\"postgres\",resource=\"container/mon\"" "docker" )"
                     R"("exec" "c-1" )") != std::string::npos);
  CHECK(service.find(R"("SELECT '100%%'")") != std::string::npos);
  for (const char* unit : {"aegisctl-check-db", "aegisctl-check-engine"}) {
    std::string text = manifests.alert_files.at(std::string(unit) + ".service");
    const std::size_t program = text.find("/usr/local/lib/aegisctl-checks/check");
    text.replace(
        program, std::string_view("/usr/local/lib/aegisctl-checks/check").size(), "/bin/true");
    project.write(std::string(unit) + ".service", text);
    const std::string timer = std::string(unit) + ".timer";
    project.write(timer, manifests.alert_files.at(timer));
    const Finished judged =
        run_in(project.path(),
               {"systemd-analyze", "verify", "./" + std::string(unit) + ".service", "./" + timer});
    INFO(judged.output);
    CHECK(judged.exit_code == 0);
  }
}

TEST_CASE("a rule about backups has each server tell of its guests, and objectives are needed") {
  ProjectFolder project;
  project.write(
      "b.yaml",
      "backups: { off: { of: [container/mon], storage: box, schedule: daily, rpo: 24h } }\n");
  const std::string alerts =
      "  on: container/mon\n  rules: { late: { when: backup_overdue, severity: critical } }\n";
  const Manifests manifests = load_alerts(project, alerts);
  REQUIRE(described(manifests.diagnostics) == std::vector<std::string>{});
  const Resource& unit = at(manifests, "host/s/unit/aegisctl-backup-ages.service");
  CHECK(text_or(unit.spec, "content").find(R"("off" "container/mon" "101" "box" "86400")") !=
        std::string::npos);
  at(manifests, "host/s/file/usr/local/lib/aegisctl-checks/backup-ages");
  project.write("b.yaml", "");
  CHECK(described(load_alerts(project, alerts).diagnostics) ==
        std::vector<std::string>{"aegis.yaml:8:18 a rule that nothing feeds"});
  CHECK(
      described(load_alerts(project,
                            "  on: container/mon\n  checks: { a: { unit: { name: x.service } } }\n"
                            "  rules: { check_stale: {} }\n")
                    .diagnostics) ==
      std::vector<std::string>{"aegis.yaml:8:16 a check that nobody reads"});
}

TEST_CASE("systemd takes the relay's units, and finds that the service sees little") {
  ProjectFolder project;
  const Manifests manifests =
      load_alerts(project, "  on: container/mon\n  relay: { binary: /bin/true }\n");
  REQUIRE(described(manifests.diagnostics) == std::vector<std::string>{});
  for (const char* unit : {"aegisctl-relay.service", "aegisctl-relay.socket"}) {
    project.write(unit, manifests.alert_files.at(unit));
  }
  const auto judged = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "systemd-analyze");
    const Finished done = run_in(project.path(), words);
    INFO(done.output);
    CHECK(done.exit_code == 0);
  };
  judged({"verify", "./aegisctl-relay.socket", "./aegisctl-relay.service"});
  judged({"security", "--offline=true", "--threshold=20", "./aegisctl-relay.service"});
}

TEST_CASE("relays that all can use, that Proxmox cannot reach, or that reach nobody are refused") {
  ProjectFolder project;
  const auto problems = [&](const std::string& alerts) {
    return described(load_alerts(project, alerts).diagnostics);
  };
  CHECK(problems("  on: container/mon\n  relay: { listen: '10.0.0.2:9097' }\n") ==
        std::vector<std::string>{"aegis.yaml:8:20 a relay that anybody can use"});
  const std::string chat =
      "  on: container/mon\n  channels: { chat: { discord: { webhook: '${secret:hook}' } } }\n";
  CHECK(problems(chat + "  proxmox: { servers: [s] }\n") ==
        std::vector<std::string>{"aegis.yaml:9:24 a relay that Proxmox cannot reach"});
  CHECK(problems(chat + "  relay: { listen: '10.0.0.2:1', token: '${secret:pass}' }\n"
                        "  proxmox: { servers: [t] }\n") ==
        std::vector<std::string>{"aegis.yaml:10:24 unknown server"});
  CHECK(problems("  on: server/s\n  channels: { m: { email: { to: a@x, from: b@x, smarthost: "
                 "'m:25' } } }\n  proxmox: { servers: [s] }\n")
            .size() == 2);
  CHECK(problems(chat + "  rules: { channel_stuck: {} }\n") ==
        std::vector<std::string>{"aegis.yaml:9:27 a rule that nothing feeds"});
}

TEST_CASE("the section tells where its Alertmanager is reached, and which channels it has") {
  ProjectFolder project;
  const Manifests manifests = load_alerts(project, R"(
  on: container/mon
  scrape: { alertmanager: "127.0.0.1:9999", node: { mon: "127.0.0.1:9100" } }
  channels:
    ops: { discord: { webhook: "${secret:hook}" } }
    log: { webhook: { url: "${secret:hook}" } }
  routes: { warning: [log] }
  quiet_hours: { from: "22:00", to: "06:00" }
)");
  REQUIRE(described(manifests.diagnostics) == std::vector<std::string>{});
  REQUIRE(manifests.alerting);
  const Alerting& alerting = *manifests.alerting;
  CHECK(alerting.channels ==
        std::map<std::string, std::string>{{"log", "webhook"}, {"ops", "discord"}});
  CHECK(alerting.routes.at("warning") == std::vector<std::string>{"log"});
  CHECK(alerting.routes.at("critical") == std::vector<std::string>{"log", "ops"});
  CHECK(alerting.quiet == std::set<std::string>{"info", "warning"});
  CHECK(alerting.node_exporters == std::set<std::string>{"mon"});
  const InnerService& service = manifests.connections.services.at(alerting.endpoint);
  CHECK(service.shell == "guest/s/101");
  CHECK(service.address == "127.0.0.1:9999");
}

TEST_CASE("what is wrong in the section is told with its place and what may have been meant") {
  ProjectFolder project;
  const Manifests manifests = load_alerts(project, R"(
  on: container/mon
  channels:
    chat: { discord: { webhook: 'https://plain' } }
  watchdog: { channel: chta }
  routes: { critical: [nobody] }
  quiet_hours: { from: '08:00', to: '08:00' }
  scrape: { node: { s: '10.0.0.1:9100' }, jobs: { node: { targets: ['h:1'] } } }
  checks:
    a: { of: container/mom, tcp: { address: 'x:1' } }
    b: { tcp: { address: 'x:1' }, icmp: { host: x } }
    c: {}
  rules:
    cpus: {}
    memory: { above: 90 }
    disk: { within: 14d }
    certificate_expires: { above: 5% }
    io_wait: { expr: up, above: 5% }
)");
  CHECK(described(manifests.diagnostics) ==
        std::vector<std::string>{"aegis.yaml:10:33 a secret in plain text",
                                 "aegis.yaml:11:24 unknown channel",
                                 "aegis.yaml:12:24 unknown channel",
                                 "aegis.yaml:13:37 quiet hours without an end",
                                 "aegis.yaml:14:57 a job's name that is taken",
                                 "aegis.yaml:16:14 unknown resource",
                                 "aegis.yaml:17:8 a check without one type",
                                 "aegis.yaml:18:8 a check without one type",
                                 "aegis.yaml:20:11 unknown rule",
                                 "aegis.yaml:21:22 not a threshold",
                                 "aegis.yaml:22:21 a threshold that the rule does not have",
                                 "aegis.yaml:23:35 a threshold that the rule does not have",
                                 "aegis.yaml:24:33 a rule of two kinds"});
  for (const char* words : {"`chat`?", "`container/mon`?", "`cpu`?", "one like 95%"}) {
    INFO(words);
    CHECK(details(manifests.diagnostics).find(words) != std::string::npos);
  }
  CHECK(manifests.alert_files.empty());
}

TEST_CASE("a check has time for its answer, and never longer than its interval") {
  ProjectFolder project;
  const Manifests wrong = load_alerts(project, R"(
  on: container/mon
  scrape: { node: { mon: '127.0.0.1:9100' } }
  checks:
    a: { tcp: { address: 'x:1' }, interval: 5s, timeout: 6s }
    b: { tcp: { address: 'x:1' }, timeout: 31s }
    c: { icmp: { host: x }, timeout: 500ms }
    d: { unit: { name: a.service }, timeout: 2m }
    e: { unit: { name: a.service }, timeout: 500ms }
)");
  CHECK(described(wrong.diagnostics) ==
        std::vector<std::string>{"aegis.yaml:11:58 a timeout longer than the interval",
                                 "aegis.yaml:12:44 a timeout longer than the interval",
                                 "aegis.yaml:13:38 a timeout that leaves no time",
                                 "aegis.yaml:14:46 a timeout longer than the interval"});
  const Json often{{"checks", {{"a", {{"tcp", {{"address", "x:1"}}}, {"interval", "5s"}}}}}};
  const Json labels = monitoring::checks_job(often)["static_configs"][0]["labels"];
  CHECK(labels.at("__scrape_timeout__") == "5s");
  CHECK(labels.at("__param_module") == "tcp_a");
  CHECK(monitoring::blackbox_config(often)["modules"]["tcp_a"]["timeout"] == "5s");
}

TEST_CASE(
    "rules that nothing feeds, systems that are not there, and paths that are taken are refused") {
  ProjectFolder project;
  CHECK(described(load_alerts(project, "  on: container/mon\n  rules: { cpu: {}, outage: {} }\n")
                      .diagnostics) ==
        std::vector<std::string>{"aegis.yaml:8:17 a rule that nothing feeds",
                                 "aegis.yaml:8:29 a rule that nothing feeds"});
  CHECK(described(load_alerts(project, "  on: container/mom\n").diagnostics) ==
        std::vector<std::string>{"aegis.yaml:7:7 unknown container"});
  const Manifests unknown = load_alerts(project, "  on: container/mon\n  ruels: { cpu: {} }\n");
  CHECK(described(unknown.diagnostics) == std::vector<std::string>{"aegis.yaml:8:3 unknown key"});
  CHECK(details(unknown.diagnostics).find("`rules`?") != std::string::npos);
  CHECK(described(load_alerts(project, "  repeat: 1h\n").diagnostics) ==
        std::vector<std::string>{"aegis.yaml:7:3 a required key is missing"});
  project.write("b.yaml",
                "containers: { b: { server: s, vmid: 102, rootfs: { storage: l, size: 1GiB },\n"
                "  os: { files: { /etc/prometheus/prometheus.yml: { content: x } } } } }\n");
  const Manifests taken = load_alerts(project, "  on: container/b\n");
  CHECK(described(taken.diagnostics) == std::vector<std::string>{"aegis.yaml:7:7 one path twice"});
}

}  // namespace aegis::test
