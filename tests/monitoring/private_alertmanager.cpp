#include "monitoring/private_alertmanager.h"

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

#include "manifest/yaml_text.h"
#include "monitoring/alertmanager.h"

namespace aegis::test {
namespace {

constexpr std::chrono::seconds k_patience{30};
constexpr std::chrono::milliseconds k_poll{50};

bool is_whole(const std::string& request) {
  constexpr std::string_view k_length = "Content-Length: ";
  const std::size_t end = request.find("\r\n\r\n");
  const std::size_t length = request.find(k_length);
  if (end == std::string::npos || length == std::string::npos) return false;
  return request.size() - end - 4 >= std::stoul(request.substr(length + k_length.size()));
}

}  // namespace

Receiver::Receiver() {
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

Receiver::~Receiver() {
  ::close(fd_);
}

std::string Receiver::url() const {
  return fmt::format("http://127.0.0.1:{}/hook", port_);
}

std::string Receiver::next(const std::string& status) const {
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
  const std::string answer =
      fmt::format("HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status);
  const ssize_t written = ::write(connection, answer.data(), answer.size());
  ::close(connection);
  return written > 0 ? request : "";
}

PrivateAlertmanager::PrivateAlertmanager(const Json& alerts, const Vault& vault)
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

void PrivateAlertmanager::post(const Json& labels, const std::string& summary) {
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

bool PrivateAlertmanager::answers() const {
  const auto limit = std::chrono::steady_clock::now() + k_patience;
  while (std::chrono::steady_clock::now() < limit) {
    const auto asked = run_in(folder_.path(), {"curl", "-sf", "http://" + listen_ + "/-/ready"});
    if (asked.exit_code == 0) return true;
    std::this_thread::sleep_for(k_poll);
  }
  return false;
}

}  // namespace aegis::test
