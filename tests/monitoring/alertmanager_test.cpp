#include "monitoring/alertmanager.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
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

bool answers(const ProjectFolder& folder, const std::string& url) {
  const auto limit = std::chrono::steady_clock::now() + k_patience;
  while (std::chrono::steady_clock::now() < limit) {
    if (run_in(folder.path(), {"curl", "-sf", url}).exit_code == 0) return true;
    std::this_thread::sleep_for(k_poll);
  }
  return false;
}

}  // namespace

TEST_CASE("an alert that is posted to a real Alertmanager arrives at its channel, and only there") {
  const Receiver ops;
  const Receiver other;
  Vault vault;
  const auto address = [](const Receiver& receiver) {
    return fmt::format("http://127.0.0.1:{}/hook", receiver.port());
  };
  const Json alerts{
      {"channels",
       {{"ops", {{"webhook", {{"url", vault.seal(address(ops))}}}}},
        {"other", {{"webhook", {{"url", vault.seal(address(other))}}}}}}},
      {"routes", {{"critical", Json::array({"ops"})}, {"warning", Json::array({"other"})}}}};
  Json config = vault.reveal_all(monitoring::alertmanager_config(alerts));
  config["route"]["group_wait"] = "0s";  // the default is half a minute
  ProjectFolder folder;
  folder.write("alertmanager.yml", to_yaml_text(config));
  const std::string listen = fmt::format("127.0.0.1:{}", free_port());
  const Process alertmanager({"prometheus-alertmanager",
                              "--config.file=" + (folder.path() / "alertmanager.yml").string(),
                              "--storage.path=" + (folder.path() / "data").string(),
                              "--web.listen-address=" + listen,
                              "--cluster.listen-address="},
                             folder.path() / "log");
  const bool ready = answers(folder, "http://" + listen + "/-/ready");
  INFO(slurp(folder.path() / "log"));
  REQUIRE(ready);
  const auto post = [&](const Json& alert) {
    folder.write("alert.json", dump_json(Json::array({alert})));
    return run_in(folder.path(),
                  {"curl",
                   "-sf",
                   "-H",
                   "Content-Type: application/json",
                   "-d",
                   "@alert.json",
                   "http://" + listen + "/api/v2/alerts"})
        .exit_code;
  };
  REQUIRE(post({{"labels",
                 {{"alertname", "ServiceDown"},
                  {"severity", "critical"},
                  {"resource", "stack/core/service/shop"}}},
                {"annotations", {{"summary", "shop does not answer"}}}}) == 0);
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
  REQUIRE(post({{"labels", {{"alertname", "HighCpu"}, {"severity", "warning"}}}}) == 0);
  CHECK(other.next().find("HighCpu") != std::string::npos);
}

}  // namespace aegis::test
