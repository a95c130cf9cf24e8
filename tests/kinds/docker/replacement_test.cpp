#include "fake_rig.h"

using namespace aegis;
using namespace aegis::docker;

using Lines = std::vector<std::string>;

namespace {

Json app(const std::string& version) {
  return one_service({{"image", "app:" + version}, {"restart", "always"}});
}

}  // namespace

TEST_CASE("a replacement is complete before the old container is touched, and removed last") {
  FakeRig fake;
  fake.rig.converge(app("1"));
  const std::size_t before = fake.engine.writes().size();
  const std::string old = text_or(fake.inspect("demo-web-1"), "Id");
  fake.rig.converge(app("2"));
  auto writes = fake.engine.writes();
  writes.erase(writes.begin(), writes.begin() + static_cast<std::ptrdiff_t>(before));
  REQUIRE(writes.size() >= 3);
  CHECK(writes.front() == "POST /containers/create");
  CHECK(writes[1] == "POST /containers/" + old + "/stop");
  CHECK(writes.back() == "DELETE /containers/" + old);
}

TEST_CASE("a new container that fails gives its place back to the old one") {
  FakeRig fake;
  fake.rig.converge(app("1"));
  const Json before = fake.engine.essence();
  Json bad = app("2");
  bad["services"]["web"]["command"] = {"false"};
  bad["services"]["web"]["restart"] = "no";
  const Report report = fake.rig.apply(fake.rig.plan(bad));
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(fake.engine.essence() == before);
  CHECK(differences(fake.rig.plan(app("1"))) == Lines{});
}

TEST_CASE("what a broken replacement left behind is shown, and removed by the next run") {
  FakeRig fake;
  fake.rig.converge(app("1"));
  const std::string old = text_or(fake.inspect("demo-web-1"), "Id").substr(0, 12);
  const Json labels = fake.inspect("demo-web-1")["Config"]["Labels"];
  fake.call("POST",
            "/containers/create?name=" + old + "_demo-web-1",
            {{"Image", "app:2"}, {"Labels", labels}});
  const Plan plan = fake.rig.converge(app("1"));
  CHECK(differences(plan) == Lines{"service/web: leftovers"});
  CHECK(operations(plan, "service/web") == Lines{"remove"});
  CHECK(differences(fake.rig.plan(app("1"))) == Lines{});
}

TEST_CASE("a predecessor that was moved aside comes back when the manifest goes back to it") {
  FakeRig fake;
  fake.rig.converge(app("1"));
  const std::string id = text_or(fake.inspect("demo-web-1"), "Id");
  fake.call("POST", "/containers/" + id + "/stop");
  fake.call("POST", "/containers/" + id + "/rename?name=" + id.substr(0, 12) + "_old_demo-web-1");
  const Plan plan = fake.rig.converge(app("1"));
  CHECK(operations(plan, "service/web") == Lines{"rename", "start", "wait"});
  CHECK(text_or(fake.inspect("demo-web-1"), "Id") == id);
}

TEST_CASE("anonymous volumes move on, unless the manifest mounts something else there") {
  FakeRig fake;
  fake.engine.add_image("data:1", {{"Volumes", {{"/data", Json::object()}}}});
  Json stack = one_service({{"image", "data:1"}});
  fake.rig.converge(stack);
  const std::string volume = text_or(fake.inspect("demo-web-1")["Mounts"][0], "Name");
  stack["services"]["web"]["environment"] = {{"A", "1"}};
  fake.rig.converge(stack);
  CHECK(text_or(fake.inspect("demo-web-1")["Mounts"][0], "Name") == volume);
  stack["services"]["web"]["volumes"] = {
      {{"type", "volume"}, {"source", "own"}, {"target", "/data"}}};
  stack["volumes"]["own"] = Json::object();
  fake.rig.converge(stack);
  CHECK(text_or(fake.inspect("demo-web-1")["Mounts"][0], "Name") == "demo_own");
  CHECK(differences(fake.rig.plan(stack)) == Lines{});
}

TEST_CASE("a published port moves from the old container to the new one") {
  FakeRig fake;
  Json stack = app("1");
  stack["services"]["web"]["ports"] = {
      {{"target", 80}, {"published", "8080"}, {"protocol", "tcp"}}};
  fake.rig.converge(stack);
  stack["services"]["web"]["image"] = "app:2";
  fake.rig.converge(stack);
  CHECK(differences(fake.rig.plan(stack)) == Lines{});
}
