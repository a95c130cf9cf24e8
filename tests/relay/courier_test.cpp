#include "relay/courier.h"

#include <atomic>
#include <catch2/catch.hpp>

#include "relay/queue_folder.h"
#include "support/scripted_http.h"

namespace aegis::relay {
namespace {

using namespace std::chrono_literals;
using Outcome = Verdict::Outcome;

constexpr const char* k_call = "POST relay/hook/";
constexpr Patience k_brief{1ms, 5ms};

std::unique_ptr<Courier> courier_to(HttpTransport& http, const QueueFolder& folder) {
  auto queue = DiskQueue::open(folder.path() / "hook");
  REQUIRE(queue);
  auto destination = destination_at("hook", "http://127.0.0.1/");
  REQUIRE(destination);
  return std::make_unique<Courier>(
      *destination,
      k_webhook,
      "relay/hook",
      std::move(*queue),
      http,
      [](std::string_view) {},
      k_brief);
}

Notice notice(const std::string& title) {
  return {"firing", "critical", title, ""};
}

template <class Condition>
bool comes_true(const Condition& condition) {
  for (int i = 0; i < 1000 && !condition(); ++i) std::this_thread::sleep_for(5ms);
  return condition();
}

std::string title_of(const HttpRequest& request) {
  return Json::parse(request.body).at("groupLabels").at("alertname");
}

}  // namespace

TEST_CASE("pauses double up to the longest, and a service that asks for more gets it") {
  const Patience patience{1s, 300s};
  const Verdict later{Outcome::later};
  CHECK(pause_after(1, later, patience) == 1s);
  CHECK(pause_after(2, later, patience) == 2s);
  CHECK(pause_after(5, later, patience) == 16s);
  CHECK(pause_after(10, later, patience) == 300s);
  CHECK(pause_after(1000, later, patience) == 300s);
  CHECK(pause_after(1, {Outcome::later, "", 900s}, patience) == 900s);
  CHECK(pause_after(3, {Outcome::later, "", 1s}, patience) == 4s);
  CHECK(pause_after(1, {Outcome::amiss}, patience) == 300s);
}

TEST_CASE("messages arrive once each and in their order, whatever fails in between") {
  const QueueFolder folder;
  ScriptedHttp http;
  std::vector<std::string> taken;
  int calls = 0;
  http.on(k_call, [&](const HttpRequest& request) -> Result<HttpResponse> {
    ++calls;
    if (calls % 4 == 1) return Error{ErrorCode::unreachable, "no route"};
    if (calls % 4 == 2) return HttpResponse{503, "", {}, ""};
    if (calls % 4 == 3) return HttpResponse{401, "", {}, ""};
    taken.push_back(title_of(request));
    return HttpResponse{200, "", {}, ""};
  });
  const auto courier = courier_to(http, folder);
  for (const char* title : {"a", "b", "c"}) REQUIRE(courier->accept(notice(title)));
  CHECK(comes_true([&] { return courier->counts().sent == 3; }));
  CHECK(taken == std::vector<std::string>{"a", "b", "c"});
  CHECK(courier->counts().failed == 9);
  CHECK(courier->counts().waiting == 0);
}

TEST_CASE("a message that is refused for good makes room for the next") {
  const QueueFolder folder;
  ScriptedHttp http;
  http.on(k_call, [&](const HttpRequest& request) -> Result<HttpResponse> {
    return HttpResponse{title_of(request) == "odd" ? 400 : 200, "", {}, ""};
  });
  const auto courier = courier_to(http, folder);
  REQUIRE(courier->accept(notice("odd")));
  REQUIRE(courier->accept(notice("good")));
  CHECK(comes_true([&] { return courier->counts().sent == 1; }));
  CHECK(courier->counts().refused == 1);
}

TEST_CASE("a courier that goes with work left leaves it to the next one") {
  const QueueFolder folder;
  std::atomic<int> status = 503;
  ScriptedHttp http;
  http.on(k_call, [&](const HttpRequest&) -> Result<HttpResponse> {
    return HttpResponse{status, "", {}, ""};
  });
  {
    const auto courier = courier_to(http, folder);
    REQUIRE(courier->accept(notice("a")));
    CHECK(comes_true([&] { return courier->counts().failed > 1; }));
  }
  status = 200;
  const auto courier = courier_to(http, folder);
  CHECK(comes_true([&] { return courier->counts().sent == 1; }));
}

}  // namespace aegis::relay
