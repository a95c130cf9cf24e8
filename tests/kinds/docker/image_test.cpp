#include "kinds/docker/image.h"

#include "fake_rig.h"
#include "kinds/docker/earlier_images.h"
#include "laws/laws.h"
#include "support/fake_shell.h"

using namespace aegis;
using namespace aegis::docker;

using Lines = std::vector<std::string>;

namespace {

Json version(const std::string& tag) {
  return one_service({{"image", "app:" + tag}});
}

// An engine on which "app:1" to "app:4" were deployed one after the other.
struct Upgraded : FakeRig {
  Upgraded() {
    for (const char* name : {"app:3", "app:4"}) engine.add_image(name, {{"Cmd", {"serve"}}});
    for (const char* tag : {"1", "2", "3", "4"}) rig.converge(version(tag));
  }

  Plan prune_plan(const Json& declared) { return rig.prune_plan(declared, failures); }

  Lines failures;
};

class UpgradedWorld : public laws::LawWorld {
 public:
  HttpTransport& http() override { return upgraded_.engine; }
  RemoteShell& shell() override { return shell_; }
  Clock& clock() override { return upgraded_.clock; }
  Json essence() override { return {upgraded_.engine.essence(), Json(upgraded_.engine.images())}; }

 private:
  Upgraded upgraded_;
  FakeShell shell_;
};

}  // namespace

TEST_CASE("images of earlier versions are pruned, but for the last one that worked") {
  Upgraded world;
  const Plan plan = world.prune_plan(version("4"));
  CHECK(differences(plan) == Lines{"image/app:1 remove", "image/app:2 remove"});
  CHECK(world.rig.prune(plan).outcome == Outcome::succeeded);
  CHECK(world.engine.images() == Lines{"docker.io/library/app:3", "docker.io/library/app:4"});
  CHECK_FALSE(world.prune_plan(version("4")).has_differences());
  CHECK(differences(world.rig.plan(version("4"))) == Lines{});
}

TEST_CASE("what the manifests ask for by now is not pruned, nor what a container still has") {
  Upgraded world;
  CHECK(differences(world.prune_plan(version("1"))) == Lines{"image/app:2 remove"});
  world.call("POST", "/containers/create?name=other", {{"Image", "app:2"}});
  CHECK_FALSE(world.prune_plan(version("1")).has_differences());
}

TEST_CASE("an image that got a container after the plan, or another name, stays") {
  Upgraded world;
  const Plan plan = world.prune_plan(version("4"));
  world.call("POST", "/containers/create?name=other", {{"Image", "app:2"}});
  CHECK(world.rig.prune(plan).outcome == Outcome::succeeded);
  CHECK(world.call("GET", "/images/app:2/json").status == 200);
  CHECK(world.call("GET", "/images/app:1/json").status == 404);
}

TEST_CASE("nothing is pruned while a replacement is half done") {
  Upgraded world;
  const std::string id = text_or(world.inspect("demo-web-1"), "Id");
  world.call("POST", "/containers/" + id + "/rename?name=" + id.substr(0, 12) + "_demo-web-1");
  CHECK_FALSE(world.prune_plan(version("4")).has_differences());
  REQUIRE(world.failures.size() == 1);
  CHECK_THAT(world.failures[0], Catch::Matchers::Contains("Run `aegisctl apply` first"));
}

TEST_CASE("a tag that moved leaves an image without a name, which is pruned by its id") {
  FakeRig fake;
  const auto fetch = [&](const char* command) {
    fake.engine.publish_image("live:1", {{"Cmd", {command}}});
    fake.rig.converge(one_service({{"image", "live:1"}, {"pull_policy", "always"}}));
    return text_or(fake.inspect("demo-web-1"), "Image");
  };
  const std::string first = fetch("a");
  const std::string second = fetch("b");
  fetch("c");
  const Json labels = fake.inspect("demo-web-1")["Config"]["Labels"];
  CHECK(earlier_images(labels) == Lines{second, first});
  CHECK(fake.call("DELETE", "/images/" + first).status == 200);
  CHECK(fake.engine.images().front() == "docker.io/library/app:1");
}

TEST_CASE("an image that did not work comes behind the last one that did") {
  const Json context = {{"live_image", "sick"}, {"is_sick", true}, {"earlier_images", {"good"}}};
  CHECK(earlier_images_label(context) == "good,sick");
  CHECK(earlier_images_label({{"live_image", "same"}, {"image_id", "same"}}).empty());
}

TEST_CASE("a prune keeps the laws") {
  laws::LawCase law_case;
  law_case.kinds = image_kinds();
  law_case.options = pruning();
  law_case.make_world = [] { return std::make_unique<UpgradedWorld>(); };
  law_case.stages = {[](Vault& /*vault*/) { return FakeRig().rig.upkeep(version("4")); }};
  CHECK(violations_of_rest(law_case) == Lines{});
  CHECK(violations_of_convergence(law_case) == Lines{});
}
