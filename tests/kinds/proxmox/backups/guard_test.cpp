#include "kinds/proxmox/backups/guard.h"

#include <array>
#include <catch2/catch.hpp>

#include "kinds/proxmox/backups/backup_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

PlanOptions destroying() {
  PlanOptions options;
  options.destroys = {"container/web"};
  return options;
}

/// Why "web" must not end; empty when it may.
std::string objection(BackupRig& rig,
                      proxmox::BackupGuard guard = {},
                      const PlanOptions& options = destroying()) {
  guard.now = rig.now();
  Desired desired = rig.desired();
  proxmox::set_guard(desired, rig.backups, guard);
  const std::array<Kind, 1> kinds{container_kind()};
  const Observed seen =
      observe(desired, kinds, rig.effects().http, rig.effects().shell, rig.vault());
  for (const Unreadable& failure : seen.failures) FAIL(failure.error.message);
  CHECK(seen.waves == 2);
  const Plan plan = make_plan(desired, seen.world, kinds, options);
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.steps.empty() == !plan.changes[0].blocked.empty());
  return plan.changes[0].blocked;
}

bool mentions(const std::string& text, const std::string& word) {
  INFO(text);
  return text.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("a guest without a backup is not destroyed, and the way to one is told") {
  BackupRig rig;
  const std::string why = objection(rig);
  CHECK(mentions(why, "no backup"));
  CHECK(mentions(why, "aegisctl backup run weekly"));
  CHECK(mentions(why, "--without-backup container/web"));
  rig.back_up();
  CHECK(objection(rig).empty());
}

TEST_CASE("a backup that is older than the objective does not do") {
  BackupRig rig;
  rig.back_up();
  rig.clock().sleep_for(std::chrono::hours(24) + std::chrono::minutes(1));
  CHECK(mentions(objection(rig), "older than 1d"));
  CHECK(objection(rig, {.now = 0, .age = std::chrono::hours(48), .without = {}}).empty());
  rig.backups.at("weekly").rpo = std::chrono::hours(48);
  CHECK(objection(rig).empty());
  rig.backups.at("weekly").rpo.reset();
  CHECK(mentions(objection(rig), "older than 1d"));
}

TEST_CASE("a guest that is named may go without a backup") {
  BackupRig rig;
  CHECK(objection(rig, {.now = 0, .age = {}, .without = {"container/web"}}).empty());
  CHECK_FALSE(objection(rig, {.now = 0, .age = {}, .without = {"container"}}).empty());
}

TEST_CASE("a replacement is guarded like a removal") {
  BackupRig rig;
  PlanOptions options;
  options.replaces = {"container/web"};
  CHECK(mentions(objection(rig, {}, options), "no backup"));
  rig.back_up();
  CHECK(objection(rig, {}, options).empty());
}

TEST_CASE("an orphan is guarded like what is declared") {
  BackupRig rig;
  rig.want_nothing();
  rig.backups["other"] = {.guests = {}, .jobs = {}, .storage = "local", .rpo = {}};
  rig.backups.erase("weekly");
  PlanOptions options;
  options.prune = true;
  CHECK(mentions(objection(rig, {}, options), "--without-backup container/"));
  rig.back_up();
  CHECK(objection(rig, {}, options).empty());
}

TEST_CASE("a disk that is in no backup keeps a guest, a bind mount does not") {
  const auto mounts = [](const Json& mp0) { return Json{{"mount_points", {{"mp0", mp0}}}}; };
  BackupRig with_disk(mounts({{"storage", "local-zfs"}, {"size", "1GiB"}, {"mp", "/lost"}}));
  with_disk.back_up();
  CHECK(mentions(objection(with_disk), "mp0 (/lost) would be lost"));
  BackupRig with_bind(mounts({{"volume", "/tank/media"}, {"mp", "/media"}}));
  with_bind.back_up();
  CHECK(objection(with_bind).empty());
}

TEST_CASE("who declares no backups is not asked for them") {
  BackupRig rig;
  rig.backups.clear();
  Desired desired = rig.desired();
  proxmox::set_guard(desired, rig.backups, {});
  CHECK_FALSE(proxmox::is_guarded(desired.scopes.at("server/fsn1")));
  CHECK(rig.plan(destroying()).changes.at(0).blocked.empty());
}

TEST_CASE("an update needs no backup") {
  BackupRig rig;
  rig.want("web", container_spec(103, {{"memory", "1GiB"}}));
  CHECK(objection(rig, {}, {}).empty());
}
