#include "kinds/docker/pull.h"

#include "fake_rig.h"

using namespace aegis;
using namespace aegis::docker;

TEST_CASE("an error in a pull's stream is found however the stream is cut") {
  const std::string stream =
      "{\"status\":\"Pulling fs layer\",\"id\":\"a\"}\r\n"
      "{\"errorDetail\":{\"message\":\"no space left on device\"},\"error\":\"no space\"}\r\n";
  for (std::size_t size = 1; size < stream.size(); size += 7) {
    PullStream pull;
    for (std::size_t at = 0; at < stream.size(); at += size) pull.add(stream.substr(at, size));
    CHECK(pull.error() == "no space left on device");
  }
}

TEST_CASE("a pull tells how many layers are complete") {
  PullStream pull;
  pull.add("{\"status\":\"Pulling from library/app\",\"id\":\"latest\"}\n");
  pull.add(
      "{\"status\":\"Downloading\",\"id\":\"a\"}\n{\"status\":\"Already exists\",\"id\":\"b\"}\n");
  CHECK(pull.progress("app") == "pulling app: 1 of 2 layers");
  CHECK(pull.error().empty());
}

TEST_CASE("an image that is not there is pulled before anything is made or stopped") {
  FakeRig fake;
  fake.engine.publish_image("app:3");
  const Json stack = one_service({{"image", "app:1"}});
  fake.rig.converge(stack);
  const Plan plan = fake.rig.converge(one_service({{"image", "app:3"}}));
  CHECK(operations(plan, "service/web").front() == "pull");
  CHECK(plan.steps.front().prepares);
}

TEST_CASE("an image that is there is not pulled, but always with pull_policy always") {
  FakeRig fake;
  fake.engine.publish_image("app:1");
  CHECK(operations(fake.rig.plan(one_service({{"image", "app:1"}})), "service/web").front() ==
        "create");
  const Json always = one_service({{"image", "app:1"}, {"pull_policy", "always"}});
  CHECK(operations(fake.rig.converge(always), "service/web").front() == "pull");
  CHECK(differences(fake.rig.plan(always)) == std::vector<std::string>{});
}

TEST_CASE("a pull that fails leaves the running service alone") {
  FakeRig fake;
  fake.rig.converge(one_service({{"image", "app:1"}}));
  const Json before = fake.engine.essence();
  const Report report = fake.rig.apply(fake.rig.plan(one_service({{"image", "app:9"}})));
  CHECK(report.outcome != Outcome::succeeded);
  CHECK(fake.engine.essence() == before);
}

TEST_CASE("an image that is missing and must not be pulled blocks its service at plan time") {
  FakeRig fake;
  const Plan plan = fake.rig.plan(one_service({{"image", "app:9"}, {"pull_policy", "never"}}));
  REQUIRE(plan.changes.size() >= 1);
  CHECK(has_errors(plan.notes));
  CHECK(operations(plan, "service/web").empty());
}
