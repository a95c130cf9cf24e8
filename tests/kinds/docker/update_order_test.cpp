#include <algorithm>

#include "fake_rig.h"
#include "model/report.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

Json web(const std::string& image, const Json& more = Json::object()) {
  Json spec = {{"image", image}, {"update_config", {{"order", "start-first"}}}};
  spec.update(more);
  return one_service(spec);
}

Json linked(const std::string& image, bool restart = true) {
  return {
      {"services",
       {{"db", {{"image", image}}},
        {"web",
         {{"image", "app:1"},
          {"depends_on", {{"db", {{"condition", "service_started"}, {"restart", restart}}}}}}}}}};
}

std::string started_at(FakeRig& fake) {
  return text_or(get(fake.inspect("demo-web-1"), "State"), "StartedAt");
}

}  // namespace

TEST_CASE("with start-first the old container runs until the new one works") {
  FakeRig fake;
  fake.rig.converge(web("app:1"));
  const Plan plan = fake.rig.converge(web("app:2"));
  CHECK(operations(plan, "service/web") ==
        std::vector<std::string>{"create", "start", "wait", "park", "promote", "remove"});
  CHECK(plan.changes.at(0).disruption == Disruption::reload);
  CHECK(differences(fake.rig.plan(web("app:2"))) == std::vector<std::string>{});
}

TEST_CASE("a new container that does not work leaves the old one untouched with start-first") {
  FakeRig fake;
  fake.rig.converge(web("app:1"));
  const Json before = fake.engine.essence();
  const std::string since = started_at(fake);
  const Report report = fake.rig.apply(fake.rig.plan(web("app:2", {{"command", {"false"}}})));
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(fake.engine.essence() == before);
  CHECK(started_at(fake) == since);
}

TEST_CASE(
    "where two containers cannot be side by side the old one stops first, and a note says why") {
  const Json port = {{"target", 80}, {"published", "8080"}, {"protocol", "tcp"}};
  const std::vector<std::pair<Json, std::string>> obstacles{
      {{{"ports", {port}}}, "port 8080"},
      {{{"network_mode", "host"}}, "host's ports"},
      {{{"networks", {{"default", {{"ipv4_address", "172.18.0.9"}}}}}}, "172.18.0.9"},
      {{{"volumes", {{{"type", "volume"}, {"target", "/own"}}}}}, "data that moves on"}};
  for (const auto& [more, says] : obstacles) {
    FakeRig fake;
    fake.rig.converge(web("app:1", more));
    const Plan plan = fake.rig.plan(web("app:2", more));
    const auto steps = operations(plan, "service/web");
    CHECK(std::find(steps.begin(), steps.end(), "stop") != steps.end());
    REQUIRE(plan.notes.size() == 1);
    CHECK(plan.notes[0].detail.find(says) != std::string::npos);
  }
}

TEST_CASE("a service with depends_on.restart is restarted after its dependency was replaced") {
  FakeRig fake;
  fake.rig.converge(linked("app:1"));
  const std::string since = started_at(fake);
  const Plan plan = fake.rig.converge(linked("app:2"));
  const auto steps = operations(plan, "service/db");
  CHECK(std::find(steps.begin(), steps.end(), "restart") != steps.end());
  CHECK(started_at(fake) > since);
  CHECK(differences(fake.rig.plan(linked("app:2"))) == std::vector<std::string>{});
}

TEST_CASE("a service without it runs on when its dependency is replaced") {
  FakeRig fake;
  fake.rig.converge(linked("app:1", false));
  const std::string since = started_at(fake);
  fake.rig.converge(linked("app:2", false));
  CHECK(started_at(fake) == since);
}

TEST_CASE("a restart that was missed is seen and made up for") {
  FakeRig fake;
  fake.rig.converge(linked("app:1"));
  Plan plan = fake.rig.plan(linked("app:2"));
  std::erase_if(plan.steps, [](const Step& step) { return step.operation == "restart"; });
  for (Step& step : plan.steps) {
    std::erase_if(step.after, [&](StepId id) {
      return std::none_of(
          plan.steps.begin(), plan.steps.end(), [&](const Step& other) { return other.id == id; });
    });
  }
  fake.rig.apply(plan);
  CHECK(differences(fake.rig.plan(linked("app:2"))) ==
        std::vector<std::string>{"service/web: restart_after"});
  fake.rig.converge(linked("app:2"));
  CHECK(differences(fake.rig.plan(linked("app:2"))) == std::vector<std::string>{});
}
