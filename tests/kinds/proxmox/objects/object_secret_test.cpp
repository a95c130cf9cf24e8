#include <catch2/catch.hpp>

#include "kinds/proxmox/objects/object_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

PlanOptions replacing() {
  PlanOptions options;
  options.replaces = {"server/fsn1/rock/a"};
  return options;
}

bool holds(const std::vector<std::string>& writes, const std::string& text) {
  return !writes.empty() && writes.back().find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a secret is sent when the object is made and whenever something else changes") {
  ObjectRig rig(rock_kind());
  rig.file().hidden = {"key", "seed"};
  const Json key = rig.vault().seal("hunter22");
  const Json seed = rig.vault().seal("auto");
  rig.want("a", {{"type", "soft"}, {"weight", 1}, {"port", 8}, {"key", key}, {"seed", seed}});
  rig.converge();
  CHECK(rig.file()["a"]["key"] == "hunter22");
  CHECK(rig.file()["a"]["seed"] == "auto");
  const Json other = rig.vault().seal("hunter33");
  rig.want("a", {{"type", "soft"}, {"weight", 1}, {"port", 9}, {"key", other}, {"seed", seed}});
  rig.converge();
  CHECK(holds(rig.file().writes(), "port=9&key=hunter33"));
  CHECK_FALSE(holds(rig.file().writes(), "seed"));
}

TEST_CASE("a secret that changes alone is not seen, and is written with --replace") {
  ObjectRig rig(rock_kind());
  rig.file().hidden = {"key", "seed"};
  rig.want("a", {{"type", "soft"}, {"weight", 1}, {"key", rig.vault().seal("hunter22")}});
  rig.converge();
  rig.want("a", {{"type", "soft"}, {"weight", 1}, {"key", rig.vault().seal("hunter33")}});
  CHECK(rig.plan().changes.empty());
  const Plan plan = rig.plan(replacing());
  REQUIRE(plan.steps.size() == 1);
  CHECK(dump_json(plan.steps[0].input).find("hunter") == std::string::npos);
  REQUIRE(rig.apply(plan));
  CHECK(rig.file()["a"]["key"] == "hunter33");
}

TEST_CASE("a secret with a name is seen to be there, to be new and to go") {
  ObjectRig rig;
  const Json token = rig.vault().seal("hunter22");
  rig.file()["a"] = {{"title", "a"}, {"comment", "aegisctl"}, {"secret", {"name=token"}}};
  rig.want("a", {{"title", "a"}, {"secret", {{"token", token}}}});
  CHECK(rig.plan().changes.empty());
  rig.want("a", {{"title", "a"}, {"secret", {{"token", token}, {"chat", token}}}});
  rig.converge();
  CHECK(rig.file()["a"]["secret"] ==
        Json{"name=chat,value=aHVudGVyMjI=", "name=token,value=aHVudGVyMjI="});
  rig.want("a", {{"title", "a"}});
  rig.converge();
  CHECK_FALSE(rig.file()["a"].contains("secret"));
}

TEST_CASE("what cannot change is made anew, and comes back when the host refuses the new one") {
  ObjectRig rig(rock_kind());
  const Json key = rig.vault().seal("hunter22");
  rig.want("a", {{"type", "soft"}, {"weight", 1}, {"port", 8}, {"key", key}});
  rig.converge();
  rig.want("a", {{"type", "hard"}, {"weight", 2}, {"key", key}});
  const Plan plan = rig.plan();
  REQUIRE(plan.steps.size() == 2);
  CHECK(plan.changes[0].action == Action::replace);
  CHECK_FALSE(plan.changes[0].destroys_data);
  CHECK(plan.steps[0].title.find("it stays on the ground") != std::string::npos);
  CHECK(plan.steps[0].group == plan.steps[1].group);

  REQUIRE(rig.perform(plan.steps[0]));
  CHECK_FALSE(rig.file().has("a"));
  Step undo = plan.steps[0];
  undo.operation = undo.undo;
  REQUIRE(rig.perform(undo));
  CHECK(rig.file()["a"]["weight"] == "1");
  CHECK(rig.file()["a"]["type"] == "soft");
  CHECK(rig.file()["a"]["port"] == "8");
  CHECK(rig.file()["a"]["key"] == "hunter22");
  rig.file().hidden = {"key"};
  rig.converge();
  CHECK(rig.file()["a"]["type"] == "hard");
}

TEST_CASE("an object without a marker is managed by name, and is never an orphan") {
  ObjectRig rig(rock_kind());
  rig.file()["a"] = {{"type", "soft"}, {"weight", 1}};
  CHECK(rig.plan().changes.empty());
  rig.want("a", {{"type", "soft"}, {"weight", 1}, {"colour", "red"}});
  rig.converge();
  CHECK(rig.file()["a"]["colour"] == "red");
}

TEST_CASE("an attribute of another type is refused with its place") {
  ObjectRig rig(rock_kind());
  rig.want("a", {{"type", "hard"}, {"weight", 1}, {"colour", "red"}});
  const Plan plan = rig.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.steps.empty());
  CHECK(plan.changes[0].blocked.find("only soft have it") != std::string::npos);
}

TEST_CASE("what the API always wants is sent as it is when something else changes") {
  ObjectRig rig(rock_kind());
  rig.want("a", {{"type", "soft"}, {"weight", 1}, {"port", 8}});
  rig.converge();
  rig.want("a", {{"type", "soft"}, {"weight", 1}, {"port", 8}, {"colour", "red"}});
  rig.converge();
  CHECK(holds(rig.file().writes(), "colour=red&port=8"));
}

TEST_CASE("what the host fills in is no difference until the manifest says it") {
  ObjectRig rig(rock_kind());
  rig.file()["a"] = {{"type", "soft"}, {"weight", 1}, {"place", "/here"}};
  rig.want("a", {{"type", "soft"}, {"weight", 1}});
  CHECK(rig.plan().changes.empty());
  rig.want("a", {{"type", "soft"}, {"weight", 1}, {"place", "/there"}});
  CHECK(rig.plan().changes.at(0).action == Action::replace);
}

TEST_CASE("what these credentials could not see is not told as absent") {
  ObjectRig rig(rock_kind());
  rig.want("a", {{"type", "soft"}, {"weight", 1}});
  rig.file().permissions = {{"/", {{"Things.Audit", 0}}}, {"/vms", {{"Things.Audit", 1}}}};
  const Error error = rig.observe_failure();
  CHECK(error.code == ErrorCode::forbidden);
  CHECK(error.message.find("Things.Audit on /things/a") != std::string::npos);
  rig.file().permissions = {{"/", {{"Other", 1}}}, {"/things/a", {{"Things.Audit", 0}}}};
  CHECK(rig.observe().objects.size() == 1);
  rig.file().permissions = {{"/", {{"Things.Audit", 1}}}, {"/things", {{"Other", 1}}}};
  rig.observe_failure();
}
