#include <catch2/catch.hpp>

#include "engine_lab.h"

using namespace aegis;
using namespace aegis::docker;

using Lines = std::vector<std::string>;

TEST_CASE("a real engine lets go of images of earlier versions, but for the last one") {
  Lab lab;
  const auto version = [](int number) {
    return Json{{"services",
                 {{"web", {{"image", "versioned:" + std::to_string(number)}, {"init", true}}}}}};
  };
  for (int number = 1; number <= 4; ++number) {
    engine().import_image(
        "versioned:" + std::to_string(number),
        {"LABEL version=" + std::to_string(number), "CMD [\"/bin/sleep\", \"500\"]"});
    lab.rig.converge(version(number));
  }
  engine().run({"docker", "create", "--name", "other", "versioned:2"});
  Lines failures;
  const Plan plan = lab.rig.prune_plan(version(4), failures);
  CHECK(differences(plan) == Lines{"image/versioned:1 remove"});
  CHECK(lab.rig.prune(plan).outcome == Outcome::succeeded);
  engine().run({"docker", "rm", "other"});
  engine().run({"docker", "tag", "versioned:2", "mine:1"});
  const Plan second = lab.rig.prune_plan(version(4), failures);
  CHECK(second.steps.size() == 1);
  CHECK(lab.rig.prune(second).outcome == Outcome::succeeded);
  const std::string left =
      engine().run({"docker", "images", "--format", "{{.Repository}}:{{.Tag}}", "versioned"});
  CHECK(left == "versioned:4\nversioned:3\nversioned:2\n");
  engine().run({"docker", "rmi", "mine:1"});
  CHECK(lab.rig.prune(lab.rig.prune_plan(version(4), failures)).outcome == Outcome::succeeded);
  CHECK(failures == Lines{});
  CHECK(engine().run({"docker", "images", "-q", "versioned:2"}).empty());
}
