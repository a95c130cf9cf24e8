#include "kinds/proxmox/lock.h"

#include <catch2/catch.hpp>

#include "kinds/proxmox/rig.h"

using namespace aegis;
using namespace aegis::test;
using simulator::Fault;

namespace {

LockHolder holder(const std::string& run) {
  LockHolder made{run, "anna@laptop (pid 4711)", "apply", {}};
  made.since = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31};
  return made;
}

const Scope& scope_of(ContainerRig& rig) {
  return rig.desired().scopes.at("server/fsn1");
}

}  // namespace

TEST_CASE("a lock that is taken is seen by everybody and is free again afterwards") {
  ContainerRig rig;
  CHECK_FALSE(*proxmox::read_lock(scope_of(rig), rig.effects()));
  REQUIRE(proxmox::take_lock(scope_of(rig), holder("one"), rig.effects()));
  const auto present = proxmox::read_lock(scope_of(rig), rig.effects());
  REQUIRE(present);
  REQUIRE(*present);
  CHECK((*present)->run == "one");
  CHECK((*present)->who == "anna@laptop (pid 4711)");
  CHECK((*present)->since == holder("one").since);
  REQUIRE(proxmox::release_lock(scope_of(rig), "one", rig.effects()));
  CHECK_FALSE(*proxmox::read_lock(scope_of(rig), rig.effects()));
}

TEST_CASE("a second taker is refused with the holder's name and the way out") {
  ContainerRig rig;
  REQUIRE(proxmox::take_lock(scope_of(rig), holder("one"), rig.effects()));
  const auto second = proxmox::take_lock(scope_of(rig), holder("two"), rig.effects());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::conflict);
  for (const std::string text : {"anna@laptop", "2026-01-31T00:00:00Z", "apply", "unlock"}) {
    CHECK(second.error().message.find(text) != std::string::npos);
  }
}

TEST_CASE("only the holder gives the lock back, unless nobody in particular is named") {
  ContainerRig rig;
  REQUIRE(proxmox::take_lock(scope_of(rig), holder("one"), rig.effects()));
  REQUIRE(proxmox::release_lock(scope_of(rig), "two", rig.effects()));
  CHECK(*proxmox::read_lock(scope_of(rig), rig.effects()));
  REQUIRE(proxmox::release_lock(scope_of(rig), "", rig.effects()));
  CHECK_FALSE(*proxmox::read_lock(scope_of(rig), rig.effects()));
  CHECK(proxmox::release_lock(scope_of(rig), "one", rig.effects()));
}

TEST_CASE("lost answers neither lose the lock nor leave it behind") {
  for (const Fault::Kind kind : {Fault::Kind::lose_answer, Fault::Kind::drop_before}) {
    ContainerRig rig;
    Fault fault;
    fault.kind = kind;
    fault.path = "/pools";
    fault.method = "POST";
    rig.host().set_faults({{fault}, {}});
    REQUIRE(proxmox::take_lock(scope_of(rig), holder("one"), rig.effects()));
    fault.method = "DELETE";
    rig.host().set_faults({{fault}, {}});
    REQUIRE(proxmox::release_lock(scope_of(rig), "one", rig.effects()));
    rig.host().set_faults({});
    CHECK_FALSE(*proxmox::read_lock(scope_of(rig), rig.effects()));
  }
}

TEST_CASE("a pool of that name that was made by hand is a lock too") {
  ContainerRig rig;
  rig.by_hand("POST", "/pools", {{"poolid", "aegisctl-lock"}, {"comment", "mine"}});
  const auto taken = proxmox::take_lock(scope_of(rig), holder("one"), rig.effects());
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == ErrorCode::conflict);
}
