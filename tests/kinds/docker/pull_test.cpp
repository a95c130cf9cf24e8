#include "kinds/docker/pull.h"

#include <algorithm>

#include "fake_rig.h"
#include "model/report.h"

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

TEST_CASE("an image that is there is not pulled, but with pull_policy always when it is outdated") {
  FakeRig fake;
  fake.engine.publish_image("app:1");
  CHECK(operations(fake.rig.plan(one_service({{"image", "app:1"}})), "service/web").front() ==
        "create");
  const Json always = one_service({{"image", "app:1"}, {"pull_policy", "always"}});
  CHECK(operations(fake.rig.converge(always), "service/web").front() == "pull");
  CHECK(differences(fake.rig.plan(always)) == std::vector<std::string>{});
}

TEST_CASE("a newer image in the registry is a difference with pull_policy always, and no other") {
  FakeRig fake;
  fake.engine.publish_image("app:3");
  const Json always = one_service({{"image", "app:3"}, {"pull_policy", "always"}});
  fake.rig.converge(always);
  fake.engine.publish_image("app:3");
  CHECK(differences(fake.rig.plan(one_service({{"image", "app:3"}}))) ==
        std::vector<std::string>{});
  const Plan plan = fake.rig.converge(always);
  CHECK(differences(plan) == std::vector<std::string>{"service/web: image_digest"});
  CHECK(operations(plan, "service/web").front() == "pull");
  CHECK(differences(fake.rig.plan(always)) == std::vector<std::string>{});
}

TEST_CASE("what the engine has already fetched is used without another pull") {
  FakeRig fake;
  fake.engine.publish_image("app:3");
  const Json always = one_service({{"image", "app:3"}, {"pull_policy", "always"}});
  fake.rig.converge(always);
  fake.engine.publish_image("app:3");
  CHECK(fake.call("POST", "/images/create?fromImage=app&tag=3").status == 200);
  const Plan plan = fake.rig.converge(always);
  CHECK(differences(plan) == std::vector<std::string>{"service/web: image_id"});
  CHECK(operations(plan, "service/web").front() == "create");
}

TEST_CASE("a registry that gives no answer is told, and the service stays as it is") {
  FakeRig fake;
  const Json always = one_service({{"image", "app:1"}, {"pull_policy", "always"}});
  fake.rig.converge(one_service({{"image", "app:1"}}));
  const Plan plan = fake.rig.plan(always);
  CHECK(differences(plan) == std::vector<std::string>{});
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes[0].detail.find("manifest unknown") != std::string::npos);
}

TEST_CASE("policies with an interval ask the registry only when the image is old enough") {
  FakeRig fake;
  // The engine in memory says that it is 1 February, half a second after midnight.
  fake.engine.publish_image("app:3", Json::object(), "2026-01-31T12:00:00+02:00");
  const auto policy = [](const std::string& name) {
    return one_service({{"image", "app:3"}, {"pull_policy", name}});
  };
  fake.rig.converge(policy("daily"));
  fake.engine.publish_image("app:3");
  CHECK(differences(fake.rig.plan(policy("daily"))) == std::vector<std::string>{});
  CHECK(differences(fake.rig.plan(policy("every_15h"))) == std::vector<std::string>{});
  CHECK(differences(fake.rig.plan(policy("every_14h"))) ==
        std::vector<std::string>{"service/web: image_digest"});
}

TEST_CASE("a registry's login is sent when it is asked and when it is pulled from") {
  FakeRig fake;
  fake.engine.publish_image("reg.example/app:1");
  fake.engine.protect("reg.example", "deploy", "s3cret");
  Json stack = one_service({{"image", "reg.example/app:1"}, {"pull_policy", "always"}});
  const Report refused = fake.rig.apply(fake.rig.plan(stack));
  CHECK(refused.outcome != Outcome::succeeded);
  const auto failed =
      std::find_if(refused.results.begin(), refused.results.end(), [](const StepResult& result) {
        return result.error.has_value();
      });
  REQUIRE(failed != refused.results.end());
  CHECK(failed->error->message.find("no basic auth credentials") != std::string::npos);
  CHECK(failed->error->message.find("docker login reg.example") != std::string::npos);

  const Json login = {
      {"username", "deploy"}, {"password", "s3cret"}, {"serveraddress", "reg.example"}};
  stack["registries"]["reg.example"] = {{"$secret", dump_json(login)}};
  fake.rig.converge(stack);
  fake.engine.publish_image("reg.example/app:1");
  CHECK(differences(fake.rig.converge(stack)) ==
        std::vector<std::string>{"service/web: image_digest"});
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
