#include "engine/run_silences.h"

#include <catch2/catch.hpp>

#include "support/fake_clock.h"
#include "support/scripted_http.h"

using namespace aegis;

namespace {

/// Server "s" with the container "web", which has a stack and an operating system in it.
Desired one_container() {
  const Json web{{"endpoint", "proxmox/s"}, {"address", "container/web"}};
  Desired desired;
  desired.scopes["server/s"] = {"server/s", {{"endpoint", "proxmox/s"}}, {}};
  desired.scopes["guest/web"] = {"guest/web", {{"endpoint", "proxmox/s"}, {"guest", web}}, {}};
  desired.scopes["stack/core"] = {"stack/core", {{"guest", web}}, {}};
  Resource container;
  container.address = {"", "container", "web"};
  container.scope = "server/s";
  desired.resources[container.address] = container;
  return desired;
}

Step step(const Address& address, Disruption disruption) {
  Step made;
  made.address = address;
  made.disruption = disruption;
  return made;
}

std::vector<std::string> matchers(const std::vector<Step>& steps) {
  Alerting alerting;
  alerting.node_exporters = {"web"};
  Plan plan;
  plan.steps = steps;
  std::vector<std::string> texts;
  for (const Silence& silence : silences_for_plan(plan, one_container(), alerting)) {
    texts.push_back(to_string(silence.matchers.at(0)));
  }
  return texts;
}

using Texts = std::vector<std::string>;

const Address k_container{"", "container", "web"};
const Address k_service{"stack/core", "service", "db"};
const Address k_file{"guest/web", "file", "etc/x"};

/// An Alertmanager that takes what it is sent, and the run's silences on it.
struct Bench {
  Bench() {
    http.on("POST am/api/v2/silences", [this](const HttpRequest& request) -> Result<HttpResponse> {
      posted.push_back(Json::parse(request.body));
      return HttpResponse{200, "", {}, R"({"silenceID": "one"})"};
    });
    http.on("DELETE am/api/v2/silence/one", 200, "");
  }

  Result<Done> open() {
    Plan plan;
    plan.steps = {step(k_service, Disruption::restart_service)};
    return silences.open(silences_for_plan(plan, one_container(), {}), "ops@desk");
  }

  FakeClock clock;
  ScriptedHttp http;
  std::vector<Json> posted;
  Alertmanager alertmanager{http, "am"};
  RunSilences silences{alertmanager, clock};
};

}  // namespace

TEST_CASE("a run silences what it disturbs and what that holds, and nothing else") {
  CHECK(matchers({step(k_service, Disruption::none), step(k_container, Disruption::reload)}) ==
        Texts{});
  CHECK(matchers({step(k_service, Disruption::restart_service)}) ==
        Texts{R"(resource=~"(stack/core/service/db)(/.*)?")"});
  CHECK(
      matchers({step(k_container, Disruption::reboot_container)}) ==
      Texts{R"(resource=~"(container/web|guest/web|stack/core)(/.*)?")", R"x(instance=~"(web)")x"});
}

TEST_CASE("what restarts inside a container silences alerts about the container alone") {
  CHECK(matchers({step(k_file, Disruption::restart_service)}) ==
        Texts{R"(resource=~"(container/web)(/.*)?")"});
  CHECK(matchers({step({"host/s", "file", "etc/x"}, Disruption::restart_service)}) == Texts{});
}

TEST_CASE("the silences of a run that succeeds end when Prometheus has looked again") {
  Bench bench;
  REQUIRE(bench.open());
  CHECK(bench.posted.at(0).at("endsAt") == "2026-01-31T03:30:00.000Z");
  CHECK(bench.posted.at(0).at("createdBy") == "ops@desk");
  bench.clock.sleep_for(std::chrono::minutes(5));
  REQUIRE(bench.silences.close(true));
  CHECK(bench.posted.at(1).at("id") == "one");
  CHECK(bench.posted.at(1).at("endsAt") == "2026-01-31T02:37:00.000Z");
  REQUIRE(bench.silences.close(true));
  CHECK(bench.posted.size() == 2);
}

TEST_CASE("what a run that fails has broken is told at once") {
  Bench bench;
  REQUIRE(bench.open());
  REQUIRE(bench.silences.close(false));
  CHECK(bench.http.calls().back() == "DELETE am/api/v2/silence/one");
  CHECK(bench.posted.size() == 1);
}

TEST_CASE("an Alertmanager that refuses is an error, at the begin and at the end") {
  Bench bench;
  REQUIRE(bench.open());
  bench.http.on("POST am/api/v2/silences", 400, "no");
  CHECK_FALSE(bench.silences.close(true));
  CHECK_FALSE(bench.open());
}
