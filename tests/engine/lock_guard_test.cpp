#include "engine/lock_guard.h"

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>

#include "base/json.h"
#include "support/fake_clock.h"

using namespace aegis;
using std::chrono::seconds;

namespace {

Scope scope(const std::string& name, const std::string& endpoint) {
  return {name, {{"endpoint", endpoint}}, {}};
}

/// Locks in memory, one a system; a cluster is one system with several endpoints.
struct Rig {
  FakeClock clock;
  std::vector<Scope> scopes{scope("server/b", "proxmox/b"), scope("server/a", "proxmox/a")};
  std::map<std::string, std::string> holders;    ///< system -> run
  std::map<std::string, std::string> system_of;  ///< of an endpoint, where it differs
  std::vector<std::string> log;
  std::vector<std::string> told;
  std::stop_source stop;
  std::function<std::optional<Error>(const std::string&)> fault = [](const std::string&) {
    return std::optional<Error>{};
  };

  std::string system(const Scope& scope) const {
    const std::string endpoint = text_or(scope.settings, "endpoint");
    const auto known = system_of.find(endpoint);
    return known == system_of.end() ? endpoint : known->second;
  }

  LockActions actions() {
    return {[this](const Scope& scope, const LockHolder& holder) -> Result<Done> {
              log.push_back("take " + system(scope));
              if (const auto error = fault(system(scope))) return *error;
              const auto [place, is_free] = holders.emplace(system(scope), holder.run);
              if (is_free) return Done{};
              return Error{ErrorCode::conflict, "held by " + place->second};
            },
            [this](const Scope& scope) -> Result<std::optional<LockHolder>> {
              const auto held = holders.find(system(scope));
              if (held == holders.end()) return std::optional<LockHolder>{};
              return std::optional<LockHolder>{LockHolder{held->second, "", "", {}}};
            },
            [this](const Scope& scope, const std::string& run) -> Result<Done> {
              log.push_back("release " + system(scope));
              const auto held = holders.find(system(scope));
              if (held != holders.end() && held->second == run) holders.erase(held);
              return Done{};
            }};
  }

  Result<HeldLocks> hold(seconds timeout = seconds{0}) {
    LockPatience patience;
    patience.timeout = timeout;
    patience.stop = stop.get_token();
    patience.waiting = [this](std::string_view line) { told.emplace_back(line); };
    std::vector<const Scope*> places;
    for (const Scope& scope : scopes) places.push_back(&scope);
    return hold_locks(places, {"me", "a@b", "apply", {}}, actions(), patience, clock);
  }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("locks are taken in one order and given back in the other when their holder goes") {
  Rig rig;
  {
    const auto locks = rig.hold();
    REQUIRE(locks);
    CHECK(rig.holders.size() == 2);
  }
  CHECK(rig.holders.empty());
  CHECK(rig.log ==
        Lines{"take proxmox/a", "take proxmox/b", "release proxmox/b", "release proxmox/a"});
}

TEST_CASE("two stacks on one engine share its lock") {
  Rig rig;
  rig.scopes = {scope("stack/x", "docker/1"), scope("stack/y", "docker/1")};
  const auto locks = rig.hold();
  REQUIRE(locks);
  CHECK(rig.log == Lines{"take docker/1"});
}

TEST_CASE("a lock that this run holds under another name of the system is not waited for") {
  Rig rig;
  rig.system_of = {{"proxmox/a", "cluster"}, {"proxmox/b", "cluster"}};
  {
    const auto locks = rig.hold(seconds{60});
    REQUIRE(locks);
    CHECK(rig.clock.passed() == seconds{0});
  }
  CHECK(rig.log == Lines{"take cluster", "take cluster", "release cluster"});
}

TEST_CASE("a held lock is a conflict at once when no waiting was asked for") {
  Rig rig;
  rig.holders["proxmox/b"] = "other";
  const auto locks = rig.hold();
  REQUIRE_FALSE(locks);
  CHECK(locks.error().code == ErrorCode::conflict);
  CHECK(locks.error().message == "server/b: held by other");
  CHECK(rig.clock.passed() == seconds{0});
  CHECK(rig.holders == std::map<std::string, std::string>{{"proxmox/b", "other"}});
}

TEST_CASE("a held lock is waited for as long as asked, and who holds it is told once") {
  Rig rig;
  rig.holders["proxmox/a"] = "other";
  const auto locks = rig.hold(seconds{30});
  REQUIRE_FALSE(locks);
  CHECK(locks.error().code == ErrorCode::conflict);
  CHECK_THAT(locks.error().message, Catch::Contains("held by other; waited 30s for it"));
  CHECK(rig.clock.passed() == seconds{30});
  CHECK(rig.told == Lines{"held by other"});
}

TEST_CASE("a lock that comes free in time is taken") {
  Rig rig;
  rig.holders["proxmox/b"] = "other";
  rig.fault = [&](const std::string&) {
    if (rig.clock.passed() >= seconds{5}) rig.holders.erase("proxmox/b");
    return std::optional<Error>{};
  };
  const auto locks = rig.hold(seconds{30});
  REQUIRE(locks);
  CHECK(rig.holders.at("proxmox/b") == "me");
  CHECK(rig.clock.passed() < seconds{8});
}

TEST_CASE("another error is not waited out, and a lock whose answer was lost is given back") {
  Rig rig;
  rig.fault = [&](const std::string& system) -> std::optional<Error> {
    if (system != "proxmox/b") return std::nullopt;
    rig.holders["proxmox/b"] = "me";
    return Error{ErrorCode::outcome_unknown, "connection lost"};
  };
  const auto locks = rig.hold(seconds{30});
  REQUIRE_FALSE(locks);
  CHECK(locks.error().code == ErrorCode::outcome_unknown);
  CHECK(rig.holders.empty());
  CHECK(rig.clock.passed() == seconds{0});
}

TEST_CASE("a stop request ends the waiting") {
  Rig rig;
  rig.holders["proxmox/a"] = "other";
  rig.fault = [&](const std::string&) {
    if (rig.clock.passed() >= seconds{2}) rig.stop.request_stop();
    return std::optional<Error>{};
  };
  const auto locks = rig.hold(seconds{600});
  REQUIRE_FALSE(locks);
  CHECK(locks.error().code == ErrorCode::interrupted);
  CHECK(rig.clock.passed() < seconds{5});
}

TEST_CASE("what went wrong when giving back is told, and the others are given back all the same") {
  Rig rig;
  LockActions actions = rig.actions();
  const auto release = actions.release;
  actions.release = [&](const Scope& scope, const std::string& run) -> Result<Done> {
    if (scope.name == "server/b") return Error{ErrorCode::unreachable, "gone"};
    return release(scope, run);
  };
  std::vector<const Scope*> places{&rig.scopes[0], &rig.scopes[1]};
  auto locks = hold_locks(places, {"me", "", "", {}}, actions, {}, rig.clock);
  REQUIRE(locks);
  const auto released = locks->release();
  REQUIRE_FALSE(released);
  CHECK(released.error().message == "giving back the lock of server/b: gone");
  CHECK_FALSE(rig.holders.contains("proxmox/a"));
}
