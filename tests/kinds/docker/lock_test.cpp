#include "kinds/docker/lock.h"

#include "fake_rig.h"
#include "support/fake_shell.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

struct LockRig : FakeRig {
  Scope scope{"stack/core", {{"endpoint", engine.endpoint()}, {"project", "demo"}}, {}};
  FakeShell shell;
  Effects effects{engine, shell, clock, rig.vault};

  LockHolder holder(const std::string& run) {
    return {run, "me@here (pid 1)", "apply", clock.now()};
  }
};

}  // namespace

TEST_CASE("a free lock is taken, and its holder can be read") {
  LockRig rig;
  CHECK_FALSE(docker::read_lock(rig.scope, rig.effects).value().has_value());
  REQUIRE(docker::take_lock(rig.scope, rig.holder("a"), rig.effects));
  const auto held = docker::read_lock(rig.scope, rig.effects).value();
  REQUIRE(held.has_value());
  CHECK(held->run == "a");
  CHECK(held->who == "me@here (pid 1)");
  CHECK(held->operation == "apply");
  CHECK(held->since == std::chrono::floor<std::chrono::seconds>(rig.clock.now()));
}

TEST_CASE("a lock that is held is a conflict that names its holder and unlock") {
  LockRig rig;
  REQUIRE(docker::take_lock(rig.scope, rig.holder("a"), rig.effects));
  const auto second = docker::take_lock(rig.scope, rig.holder("b"), rig.effects);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::conflict);
  CHECK(second.error().message.find("me@here (pid 1)") != std::string::npos);
  CHECK(second.error().message.find("aegisctl unlock") != std::string::npos);
  CHECK(docker::take_lock(rig.scope, rig.holder("a"), rig.effects));
}

TEST_CASE("a lock is given back by its holder, or by force, and by nobody else") {
  LockRig rig;
  REQUIRE(docker::take_lock(rig.scope, rig.holder("a"), rig.effects));
  CHECK(docker::release_lock(rig.scope, "b", rig.effects));
  CHECK(docker::read_lock(rig.scope, rig.effects).value().has_value());
  CHECK(docker::release_lock(rig.scope, "a", rig.effects));
  CHECK_FALSE(docker::read_lock(rig.scope, rig.effects).value().has_value());
  CHECK(docker::release_lock(rig.scope, "a", rig.effects));
  REQUIRE(docker::take_lock(rig.scope, rig.holder("c"), rig.effects));
  CHECK(docker::release_lock(rig.scope, "", rig.effects));
  CHECK_FALSE(docker::read_lock(rig.scope, rig.effects).value().has_value());
}

TEST_CASE("the lock is no orphan of the stack") {
  LockRig rig;
  REQUIRE(docker::take_lock(rig.scope, rig.holder("a"), rig.effects));
  CHECK_FALSE(rig.rig.plan({{"services", Json::object()}}, pruning()).has_differences());
}
