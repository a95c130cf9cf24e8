#include "monitoring/alertmanager.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <thread>

#include "base/vault.h"
#include "manifest/project_folder.h"
#include "manifest/yaml_text.h"
#include "monitoring/process.h"

namespace aegis::test {
namespace {

constexpr std::chrono::seconds k_patience{30};
constexpr std::chrono::milliseconds k_poll{50};

/// A webhook receiver on loopback that keeps one request and answers 200.
class Receiver {
 public:
  Receiver() {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    const bool listens =
        ::bind(fd_, raw, size) == 0 && ::listen(fd_, 8) == 0 && ::getsockname(fd_, raw, &size) == 0;
    if (!listens) throw std::runtime_error("no receiver on loopback");
    port_ = ntohs(address.sin_port);
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver() { ::close(fd_); }

  [[nodiscard]] int port() const { return port_; }

  /// The next request, its head and body; empty when none comes in time.
  [[nodiscard]] std::string next() const {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, std::chrono::milliseconds(k_patience).count()) != 1) return {};
    const int connection = ::accept(fd_, nullptr, nullptr);
    std::string request;
    char buffer[4096];
    while (!is_whole(request)) {
      const ssize_t count = ::read(connection, buffer, sizeof buffer);
      if (count <= 0) break;
      request.append(buffer, static_cast<std::size_t>(count));
    }
    constexpr std::string_view k_answer =
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    const ssize_t written = ::write(connection, k_answer.data(), k_answer.size());
    ::close(connection);
    return written > 0 ? request : "";
  }

 private:
  static bool is_whole(const std::string& request) {
    constexpr std::string_view k_length = "Content-Length: ";
    const std::size_t end = request.find("\r\n\r\n");
    const std::size_t length = request.find(k_length);
    if (end == std::string::npos || length == std::string::npos) return false;
    return request.size() - end - 4 >= std::stoul(request.substr(length + k_length.size()));
  }

  int fd_ = -1;
  int port_ = 0;
};

/// A real Alertmanager on loopback, with the configuration of a section `alerts`.
class PrivateAlertmanager {
 public:
  /// `alerts` with its secrets as seals of `vault`. Fails the test when it does not come up.
  PrivateAlertmanager(const Json& alerts, const Vault& vault)
      : listen_(fmt::format("127.0.0.1:{}", free_port())) {
    Json config = vault.reveal_all(monitoring::alertmanager_config(alerts));
    config["route"]["group_wait"] = "0s";  // the default is half a minute
    folder_.write("alertmanager.yml", to_yaml_text(config));
    process_.emplace(
        std::vector<std::string>{"prometheus-alertmanager",
                                 "--config.file=" + (folder_.path() / "alertmanager.yml").string(),
                                 "--storage.path=" + (folder_.path() / "data").string(),
                                 "--web.listen-address=" + listen_,
                                 "--cluster.listen-address="},
        folder_.path() / "log");
    const bool ready = answers();
    INFO(slurp(folder_.path() / "log"));
    REQUIRE(ready);
  }

  void post(const Json& labels, const std::string& summary) {
    const Json alert{{"labels", labels}, {"annotations", {{"summary", summary}}}};
    folder_.write("alert.json", dump_json(Json::array({alert})));
    const Finished posted = run_in(folder_.path(),
                                   {"curl",
                                    "-sf",
                                    "-H",
                                    "Content-Type: application/json",
                                    "-d",
                                    "@alert.json",
                                    "http://" + listen_ + "/api/v2/alerts"});
    REQUIRE(posted.exit_code == 0);
  }

 private:
  bool answers() {
    const auto limit = std::chrono::steady_clock::now() + k_patience;
    while (std::chrono::steady_clock::now() < limit) {
      const auto asked = run_in(folder_.path(), {"curl", "-sf", "http://" + listen_ + "/-/ready"});
      if (asked.exit_code == 0) return true;
      std::this_thread::sleep_for(k_poll);
    }
    return false;
  }

  ProjectFolder folder_;
  std::string listen_;
  std::optional<Process> process_;
};

Json channel_to(const Receiver& receiver, Vault& vault) {
  const std::string url = fmt::format("http://127.0.0.1:{}/hook", receiver.port());
  return {{"webhook", {{"url", vault.seal(url)}}}};
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
