#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <set>
#include <thread>

#include "base/text.h"
#include "manifest/yaml_text.h"
#include "monitoring/documents.h"
#include "monitoring/private_alertmanager.h"
#include "monitoring/program_checks.h"

// What the manifests say, on the real Prometheus, exporters and Alertmanager: each alert fires when
// its cause is made to happen, and not before. All of it in a network namespace of its own, where
// every usual port is free.
namespace aegis::test {
namespace {

using Names = std::set<std::string>;

constexpr int k_shop_port = 8080;
constexpr int k_site_port = 8443;
constexpr const char* k_uplink = "127.66.0.1";
constexpr std::chrono::seconds k_patience{120};

void run(const std::vector<std::string>& words) {
  const Finished finished = run_in(".", words);
  INFO(join(words, " ") << "\n" << finished.output);
  REQUIRE(finished.exit_code == 0);
}

/// Somebody at a port of loopback who takes every connection.
class Listener {
 public:
  explicit Listener(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(fd_, SOMAXCONN) == 0);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { ::close(fd_); }

 private:
  int fd_;
};

/// Per cent of this machine's memory that are in use.
double used_memory() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  std::string rest;
  double total = 0;
  double available = 0;
  double value = 0;
  while (file >> name >> value && std::getline(file, rest)) {
    if (name == "MemTotal:") total = value;
    if (name == "MemAvailable:") available = value;
  }
  return 100 * (1 - available / total);
}

class Watched {
 public:
  Watched() : alertmanager_(channels(), vault_) {
    make_authority();
    make_certificate(30);
    site_.emplace(serve(), folder_.path() / "site.log");
    shop_.emplace(k_shop_port);
    write_metrics(0);
    check_program("good", "true", 3600);
    for (const auto& [name, document] : monitoring::documents(alerts())) {
      folder_.write(name, to_yaml_text(vault_.reveal_all(document)));
    }
    const std::string place = folder_.path().string();
    start({"prometheus-node-exporter", "--collector.textfile.directory=" + place + "/metrics"});
    start({"env",
           "SSL_CERT_FILE=" + place + "/authority",
           "prometheus-blackbox-exporter",
           "--config.file=" + place + "/blackbox.yml"});
    start({"prometheus",
           "--config.file=" + place + "/prometheus.yml",
           "--storage.tsdb.path=" + place + "/data",
           "--web.listen-address=127.0.0.1:9090"});
  }

  /// The names of the alerts that fire.
  Names firing() { return alert_names("firing"); }

  /// True once Prometheus has seen every check succeed.
  bool is_well() {
    const Json answer = ask("query?query=sum(probe_success)");
    const Json& result = get(get(answer, "data"), "result");
    return result.size() == 1 && get(result.front(), "value").at(1) == "4";
  }

  /// Makes everything happen that the rules look at.
  void break_everything() {
    shop_.reset();
    site_.reset();
    make_certificate(3);
    site_.emplace(serve(), folder_.path() / "site.log");
    run({"iptables", "-I", "INPUT", "-d", k_uplink, "-j", "DROP"});
    check_program("bad", "false", 3600);
    check_program("good", "true", 1);
    const long cores = ::sysconf(_SC_NPROCESSORS_ONLN);
    for (long i = 0; i < cores; ++i) start({"nice", "-n", "19", "sh", "-c", "while :; do :; done"});
    const std::string bytes = fmt::format("{:.0f}", total_memory() * 0.05);
    start({"sh", "-c", "{ head -c \"$0\" /dev/zero; sleep 300; } | tail -n 1", bytes});
    for (int i = 1; i <= 4; ++i) {
      write_metrics(i);
      std::this_thread::sleep_for(std::chrono::seconds(2));
    }
  }

  Receiver people;

 private:
  Json channels() {
    const Json all = Json::array({"ops"});
    return {{"channels", {{"ops", {{"webhook", {{"url", vault_.seal(people.url())}}}}}}},
            {"routes", {{"critical", all}, {"warning", all}, {"info", all}}}};
  }

  Json alerts() {
    Json alerts = channels();
    alerts["scrape"] = {{"interval", "1s"},
                        {"alertmanager", alertmanager_.address()},
                        {"node", {{"here", "127.0.0.1:9100"}}}};
    alerts["checks"] = {
        {"shop",
         {{"of", "stack/core"}, {"tcp", {{"address", fmt::format("127.0.0.1:{}", k_shop_port)}}}}},
        {"site", {{"http", {{"url", fmt::format("https://127.0.0.1:{}/", k_site_port)}}}}},
        {"uplink", {{"icmp", {{"host", k_uplink}}}, {"timeout", "900ms"}}}};
    for (const char* word : {"backup_overdue",
                             "certificate_expires",
                             "check_stale",
                             "service_down",
                             "packet_loss",
                             "security_updates",
                             "outage"}) {
      alerts["rules"][word] = {{"for", "1s"}};
    }
    alerts["rules"]["container_restarting"] = {{"above", 2}};
    alerts["rules"]["cpu"] = {{"for", "1s"}, {"above", "50%"}};
    alerts["rules"]["memory"] = {{"for", "1s"},
                                 {"above", fmt::format("{:.1f}%", used_memory() + 2)}};
    return alerts;
  }

  static double total_memory() {
    return static_cast<double>(::sysconf(_SC_PHYS_PAGES)) *
           static_cast<double>(::sysconf(_SC_PAGESIZE));
  }

  void make_authority() {
    const std::string place = folder_.path().string();
    run({"openssl",
         "req",
         "-x509",
         "-newkey",
         "rsa:2048",
         "-nodes",
         "-subj",
         "/CN=authority",
         "-keyout",
         place + "/authority.key",
         "-out",
         place + "/authority"});
  }

  void make_certificate(int days) {
    const std::string place = folder_.path().string();
    run({"openssl",
         "req",
         "-new",
         "-newkey",
         "rsa:2048",
         "-nodes",
         "-subj",
         "/CN=127.0.0.1",
         "-addext",
         "subjectAltName=IP:127.0.0.1",
         "-keyout",
         place + "/key",
         "-out",
         place + "/request"});
    run({"openssl",
         "x509",
         "-req",
         "-in",
         place + "/request",
         "-CA",
         place + "/authority",
         "-CAkey",
         place + "/authority.key",
         "-CAcreateserial",
         "-copy_extensions",
         "copyall",
         "-days",
         std::to_string(days),
         "-out",
         place + "/certificate"});
  }

  [[nodiscard]] std::vector<std::string> serve() const {
    const std::string place = folder_.path().string();
    return {"openssl",
            "s_server",
            "-quiet",
            "-www",
            "-accept",
            std::to_string(k_site_port),
            "-key",
            place + "/key",
            "-cert",
            place + "/certificate"};
  }

  // A check that is a program, made by the script that a timer runs.
  void check_program(const std::string& name, const std::string& program, int seconds) {
    std::string script = monitoring::check_script();
    const std::string_view usual = "/var/lib/prometheus/node-exporter";
    script.replace(script.find(usual), usual.size(), (folder_.path() / "metrics").string());
    folder_.write("check", script);
    run({"sh",
         (folder_.path() / "check").string(),
         name,
         "5",
         std::to_string(seconds),
         fmt::format("check=\"{}\",type=\"command\"", name),
         program});
  }

  // What scripts of the host leave: `round` 0 is well; a container starts anew in each later one.
  void write_metrics(int round) {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    folder_.write("metrics/host.prom",
                  fmt::format("aegisctl_backup_newest_seconds{{resource=\"container/a\"}} {}\n"
                              "aegisctl_backup_rpo_seconds{{resource=\"container/a\"}} 3600\n"
                              "apt_upgrades_pending{{origin=\"Debian-Security:12/stable\"}} {}\n"
                              "container_start_time_seconds{{name=\"web\"}} {}\n",
                              now - (round == 0 ? 60 : 7200),
                              round == 0 ? 0 : 3,
                              now + round));
  }

  void start(std::vector<std::string> words) {
    processes_.push_back(std::make_unique<Process>(
        std::move(words), folder_.path() / fmt::format("{}.log", processes_.size())));
  }

  Json ask(const std::string& what) {
    const Finished asked =
        run_in(folder_.path(), {"curl", "-sg", "http://127.0.0.1:9090/api/v1/" + what});
    const auto json = parse_json(asked.output);
    return json ? *json : Json();
  }

  Names alert_names(const std::string& state) {
    Names names;
    const Json answer = ask("alerts");
    for (const Json& alert : get(get(answer, "data"), "alerts")) {
      if (text_or(alert, "state") == state)
        names.insert(text_or(get(alert, "labels"), "alertname"));
    }
    return names;
  }

  Vault vault_;
  ProjectFolder folder_;
  PrivateAlertmanager alertmanager_;
  std::optional<Process> site_;
  std::optional<Listener> shop_;
  std::vector<std::unique_ptr<Process>> processes_;
};

template <class Condition>
bool comes_true(const Condition& condition) {
  const auto limit = std::chrono::steady_clock::now() + k_patience;
  while (std::chrono::steady_clock::now() < limit) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
  return false;
}

}  // namespace

TEST_CASE("each alert fires when its cause is made to happen, not before, and people are told") {
  REQUIRE(::unshare(CLONE_NEWNET) == 0);
  run({"ip", "link", "set", "lo", "up"});
  Watched watched;
  REQUIRE(comes_true([&] { return watched.is_well(); }));
  // Other tests beside this one may use the processor and memory.
  Names early = watched.firing();
  for (const char* name : {"HighCpu", "HighMemory", "Watchdog"}) early.erase(name);
  CHECK(early == Names{});
  std::atomic<bool> is_told = false;
  std::jthread listening([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && !is_told) {
      is_told = watched.people.next().find("\"ServiceDown\"") != std::string::npos;
    }
  });
  watched.break_everything();
  const Names all{"BackupOverdue",
                  "CertificateExpires",
                  "CheckStale",
                  "ContainerRestarting",
                  "HighCpu",
                  "HighMemory",
                  "Outage",
                  "PacketLoss",
                  "SecurityUpdates",
                  "ServiceDown"};
  Names missing;
  comes_true([&] {
    missing = all;
    for (const std::string& name : watched.firing()) missing.erase(name);
    return missing.empty();
  });
  CHECK(missing == Names{});
  CHECK(comes_true([&] { return is_told.load(); }));
}

}  // namespace aegis::test
