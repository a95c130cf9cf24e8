#include "relay/relay.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <future>

#include "relay/queue_folder.h"
#include "support/scripted_http.h"

namespace aegis::relay {
namespace {

using namespace std::chrono_literals;

constexpr const char* k_config = R"({"token": "t0ken",
  "channels": {"fast": {"webhook": {"url": "http://127.0.0.1:1/"}},
               "slow": {"webhook": {"url": "http://127.0.0.1:2/"}}},
  "routes": {"critical": ["fast", "slow"], "warning": ["fast"]}})";

constexpr const char* k_alert =
    R"({"status": "firing", "alerts": [{"labels": {"alertname": "Down"}}]})";

struct Bench {
  std::unique_ptr<Relay> open() {
    auto relay = Relay::open(
        *config, folder.path(), http, [](std::string_view) {}, Patience{1ms, 5ms});
    REQUIRE(relay);
    return std::move(*relay);
  }

  [[nodiscard]] std::size_t count(const std::string& call) const {
    const auto calls = http.calls();
    return static_cast<std::size_t>(std::count(calls.begin(), calls.end(), call));
  }

  [[nodiscard]] bool arrives(const std::string& call, std::size_t times) const {
    for (int i = 0; i < 1000 && count(call) < times; ++i) std::this_thread::sleep_for(5ms);
    return count(call) == times;
  }

  QueueFolder folder;
  Result<Config> config = read_config(k_config);
  ScriptedHttp http;
};

Call post(const std::string& path, const std::string& body) {
  return {"POST", path, "Bearer t0ken", body};
}

}  // namespace

TEST_CASE("a channel that hangs and one that fails hold up no other") {
  Bench bench;
  std::promise<void> gate;
  const auto opened = gate.get_future().share();
  bench.http.on("POST relay/slow/", [&](const HttpRequest&) -> Result<HttpResponse> {
    opened.wait();
    return HttpResponse{200, "", {}, ""};
  });
  bench.http.on("POST relay/fast/", 200, "");
  const auto relay = bench.open();
  const Call call = post("/proxmox", R"({"title": "backup failed", "severity": "error"})");
  for (int i = 0; i < 3; ++i) CHECK(relay->answer(call).status == 200);
  CHECK(bench.arrives("POST relay/fast/", 3));
  CHECK(bench.count("POST relay/slow/") == 1);
  const std::string metrics = relay->answer({"GET", "/metrics", "", ""}).body;
  CHECK(metrics.find("aegisctl_relay_waiting{channel=\"slow\",recipient=\"1\"} 3\n") !=
        std::string::npos);
  gate.set_value();
  CHECK(bench.arrives("POST relay/slow/", 3));
}

TEST_CASE("what Proxmox tells goes by its severity, and what Alertmanager tells to one channel") {
  Bench bench;
  bench.http.on("POST relay/slow/", 200, "");
  bench.http.on("POST relay/fast/", 200, "");
  const auto relay = bench.open();
  CHECK(relay->answer(post("/proxmox", R"({"title": "x", "severity": "warning"})")).status == 200);
  CHECK(bench.arrives("POST relay/fast/", 1));
  CHECK(relay->answer(post("/proxmox", R"({"title": "x", "severity": "info"})")).status == 200);
  CHECK(relay->answer(post("/alertmanager/slow", k_alert)).status == 200);
  CHECK(bench.arrives("POST relay/slow/", 1));
  CHECK(bench.count("POST relay/fast/") == 1);
}

TEST_CASE("who has no token, and what is not asked as it should be, is refused") {
  Bench bench;
  const auto relay = bench.open();
  const auto status = [&](const Call& call) { return relay->answer(call).status; };
  CHECK(status({"POST", "/proxmox", "", "{}"}) == 401);
  CHECK(status({"POST", "/alertmanager/fast", "Bearer t0ke", k_alert}) == 401);
  CHECK(status(post("/alertmanager/nobody", k_alert)) == 404);
  CHECK(status(post("/alertmanager/fast", "{")) == 400);
  CHECK(status(post("/proxmox", "{}")) == 400);
  CHECK(status(post("/else", "{}")) == 404);
  CHECK(status({"GET", "/proxmox", "Bearer t0ken", ""}) == 404);
  CHECK(status({"GET", "/healthy", "", ""}) == 200);
}

TEST_CASE("what cannot be kept is answered so that the sender tries again") {
  Bench bench;
  const auto relay = bench.open();
  std::filesystem::remove_all(bench.folder.path() / "fast");
  CHECK(relay->answer(post("/alertmanager/fast", k_alert)).status == 503);
}

}  // namespace aegis::relay
