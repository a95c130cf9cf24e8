#include "fake_rig.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

// The service "web" in `count` containers, as the loader gives it.
Json replicated(int count, const Json& more = Json::object()) {
  Json services = Json::object();
  for (int number = 1; number <= count; ++number) {
    Json spec = {{"image", "app:1"}};
    spec.update(more);
    spec["replica"] = {{"service", "web"}, {"number", number}};
    if (number == 1) spec["replica"]["count"] = count;
    services[number == 1 ? "web" : "web-" + std::to_string(number)] = spec;
  }
  return {{"services", services}};
}

std::vector<std::string> containers(FakeRig& fake) {
  std::vector<std::string> names;
  const Json essence = fake.engine.essence();
  for (const auto& [name, container] : essence["containers"].items()) {
    names.push_back(name);
  }
  return names;
}

}  // namespace

TEST_CASE("a service of several containers has them numbered, all under its name") {
  FakeRig fake;
  fake.rig.converge(replicated(3));
  CHECK(containers(fake) == std::vector<std::string>{"demo-web-1", "demo-web-2", "demo-web-3"});
  const Json labels = get(get(fake.inspect("demo-web-2"), "Config"), "Labels");
  CHECK(labels["com.docker.compose.service"] == "web");
  CHECK(labels["com.docker.compose.container-number"] == "2");
  CHECK(differences(fake.rig.plan(replicated(3))) == std::vector<std::string>{});
}

TEST_CASE(
    "more containers are added, and those that are too many removed, without touching others") {
  FakeRig fake;
  fake.rig.converge(replicated(2));
  const std::string first = text_or(fake.inspect("demo-web-1"), "Id");
  CHECK(differences(fake.rig.converge(replicated(3))) ==
        std::vector<std::string>{"service/web-3 create"});
  fake.rig.converge(replicated(1));
  CHECK(containers(fake) == std::vector<std::string>{"demo-web-1"});
  CHECK(text_or(fake.inspect("demo-web-1"), "Id") == first);
  CHECK(differences(fake.rig.plan(replicated(1))) == std::vector<std::string>{});
}

TEST_CASE("time passes between two replacements when that is asked for") {
  FakeRig fake;
  fake.rig.converge(replicated(2));
  Json changed =
      replicated(2, {{"image", "app:2"}, {"update_config", {{"delay", 30'000'000'000}}}});
  changed["services"]["web"]["replica"]["is_followed"] = true;
  const TimePoint before = fake.clock.now();
  const Plan plan = fake.rig.converge(changed);
  CHECK(operations(plan, "service/web").back() == "pause");
  CHECK(operations(plan, "service/web-2").back() == "remove");
  CHECK(fake.clock.now() - before >= std::chrono::seconds{30});
  CHECK(differences(fake.rig.plan(changed)) == std::vector<std::string>{});
}

TEST_CASE("a change replaces each container by one with its number") {
  FakeRig fake;
  fake.rig.converge(replicated(2));
  const Json changed = replicated(2, {{"environment", {{"A", "1"}}}});
  fake.rig.converge(changed);
  CHECK(containers(fake) == std::vector<std::string>{"demo-web-1", "demo-web-2"});
  CHECK(differences(fake.rig.plan(changed)) == std::vector<std::string>{});
}
