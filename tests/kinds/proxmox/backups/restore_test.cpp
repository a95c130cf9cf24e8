#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <functional>

#include "kinds/proxmox/backups/backup_rig.h"
#include "kinds/proxmox/backups/restore_plan.h"
#include "laws/breaking_doors.h"

using namespace aegis;
using namespace aegis::test;
using laws::Break;
using proxmox::RestorePlan;
using proxmox::RestoreWish;

namespace {

constexpr std::int64_t k_spare = 900103;

/// "web" with 512 MiB, backed up; then it was given 1 GiB, which stands for what broke it.
class RestoreRig : public BackupRig {
 public:
  explicit RestoreRig(const Json& more = Json::object()) : BackupRig(more), good(back_up()) {
    clock().sleep_for(std::chrono::minutes(1));
    by_hand("PUT", "/nodes/pve/lxc/103/config", {{"memory", "1024"}});
  }

  Result<RestorePlan> look(RestoreWish wish = {}) {
    wish.container = {"", "container", "web"};
    if (wish.now.empty()) wish.now = "2026-01-31T03:00:00.000Z";
    Replies replies;
    const Asked asked =
        ask([&](const Replies& known) { return proxmox::restore_queries(desired(), wish, known); },
            replies);
    CHECK(asked.waves <= 3);
    const auto facts = proxmox::read_restore(desired(), wish, replies);
    if (!facts) return facts.error();
    return proxmox::plan_restore(desired(), wish, *facts);
  }

  /// A plan that may be done.
  RestorePlan plan(const RestoreWish& wish = {}) {
    auto made = look(wish);
    if (!made) FAIL(made.error().message);
    INFO(made->refusal);
    REQUIRE(made->refusal.empty());
    return *made;
  }

  std::string refusal(const RestoreWish& wish = {}) {
    const auto made = look(wish);
    if (!made) FAIL(made.error().message);
    CHECK(made->plan.steps.empty() == !made->refusal.empty());
    return made->refusal;
  }

  using BackupRig::run;

  Report run(const Plan& plan) { return run(plan, http()); }

  /// A backup of "web" as it was when the restore began.
  bool is_set_aside() {
    for (const Json& item : get("/nodes/pve/storage/local/content?content=backup")) {
      const bool noted = proxmox::is_set_aside(text_or(item, "notes"));
      if (noted && aegis::get(item, "protected") == 1) return true;
    }
    return false;
  }

  void check_restored() {
    CHECK(config(103, "memory") == "512");
    CHECK(is_running(103));
    CHECK_FALSE(is_there(k_spare));
    CHECK(is_set_aside());
  }

  std::string good;  ///< the backup's volume
};

bool mentions(const std::string& text, const std::string& word) {
  INFO(text);
  return text.find(word) != std::string::npos;
}

/// What must hold whenever a run ends, however it ends: "web" is there as it was, or it is in a
/// backup of its own and what was to be restored is in a container that was shown to start.
void check_nothing_lost(RestoreRig& rig) {
  const auto archives = rig.archives();
  CHECK(std::find(archives.begin(), archives.end(), rig.good) != archives.end());
  const bool as_it_was = rig.is_there(103) && rig.config(103, "memory") == "1024";
  if (as_it_was) return;
  CHECK(rig.is_set_aside());
  const bool restored = rig.is_there(103) && rig.config(103, "memory") == "512";
  CHECK((restored || rig.is_there(k_spare)));
}

}  // namespace

TEST_CASE("a container is restored beside first, then saved, then overwritten") {
  RestoreRig rig;
  const RestorePlan plan = rig.plan();
  CHECK(plan.from == rig.good);
  CHECK(operations_of(plan.plan) ==
        "restore_beside, prove, shutdown, back_up, put_in_place, configure, start, stays_up, "
        "remove_spare");
  const Report report = rig.run(plan.plan);
  for (const StepResult& result : report.results) {
    if (result.error) FAIL_CHECK(result.error->message);
  }
  CHECK(report.outcome == Outcome::succeeded);
  rig.check_restored();
}

TEST_CASE("what is restored beside cannot disturb what runs") {
  RestoreRig rig(Json{{"onboot", true},
                      {"network", {{"eth0", {{"bridge", "vmbr1"}, {"ip", "10.10.10.103/24"}}}}},
                      {"mount_points", {{"mp0", {{"volume", "/tank/media"}, {"mp", "/media"}}}}}});
  const std::string address = rig.config(103, "net0");
  const Plan plan = rig.plan().plan;
  REQUIRE(rig.perform(plan.steps[0]));
  CHECK(rig.config(k_spare, "onboot") == "0");
  CHECK(rig.config(k_spare, "mp0").empty());
  CHECK(mentions(rig.config(k_spare, "net0"), "link_down=1"));
  const std::string mac = address.substr(address.find("hwaddr="), 24);
  CHECK(rig.config(k_spare, "net0").find(mac) == std::string::npos);
  CHECK(rig.config(k_spare, "tags") == "aegisctl-spare");
  CHECK(rig.is_running(103));
  // Nor is it taken for a container of ours that nobody declares.
  PlanOptions prune;
  prune.prune = true;
  const std::array<Kind, 1> kinds{container_kind()};
  const Observed seen =
      observe(rig.desired(), kinds, rig.effects().http, rig.effects().shell, rig.vault());
  const Plan planned = make_plan(rig.desired(), seen.world, kinds, prune);
  for (const Change& change : planned.changes) CHECK(change.action != Action::remove);
}

TEST_CASE("every step of a restore that is done twice succeeds twice") {
  RestoreRig rig;
  for (const Step& step : rig.plan().plan.steps) {
    INFO(step.title);
    const auto first = rig.perform(step);
    if (!first) FAIL(first.error().message);
    if (step.operation == "back_up") continue;  // makes another one, as it was asked to
    if (step.operation == "prove") continue;
    const auto again = rig.perform(step);
    if (!again) FAIL(again.error().message);
  }
  rig.check_restored();
}

TEST_CASE("a restore that is broken anywhere loses nothing, and the next one ends it") {
  for (const Break how : k_breaks) {
    for (std::size_t k = 1;; ++k) {
      INFO(laws::to_string(how) << " at write " << k);
      RestoreRig rig;
      std::stop_source stop;
      laws::BreakPoint point(how, k, stop);
      laws::BreakingHttp http(rig.http(), point);
      rig.run(rig.plan().plan, http, stop.get_token());
      if (point.writes() < k) break;
      check_nothing_lost(rig);
      // What was finished in spite of it needs no second restore.
      const bool is_over = rig.config(103, "memory") == "512" && !rig.is_there(k_spare);
      if (!is_over) {
        const Report report = rig.run(rig.plan({.container = {}, .from = {}, .now = "later"}).plan);
        for (const StepResult& result : report.results) {
          if (result.error) FAIL_CHECK(result.error->message);
        }
        CHECK(report.outcome == Outcome::succeeded);
      }
      rig.check_restored();
    }
  }
}

TEST_CASE("a host that loses the container while it is overwritten is put right by the next run") {
  RestoreRig rig;
  const Plan plan = rig.plan().plan;
  for (const Step& step : plan.steps) {
    if (step.operation == "put_in_place") break;
    REQUIRE(rig.perform(step));
  }
  // As Proxmox leaves it when extracting fails: no configuration and no disks.
  rig.by_hand("DELETE", "/nodes/pve/lxc/103");
  rig.get("/nodes/pve/tasks");
  REQUIRE_FALSE(rig.is_there(103));
  check_nothing_lost(rig);
  const RestorePlan again = rig.plan();
  CHECK(operations_of(again.plan) == "put_in_place, configure, start, stays_up, remove_spare");
  CHECK(rig.run(again.plan).outcome == Outcome::succeeded);
  rig.check_restored();
}

TEST_CASE("a backup that does not start leaves the container as it is") {
  RestoreRig rig;
  simulator::Fault fault;
  fault.kind = simulator::Fault::Kind::fail_task;
  fault.path = "/lxc/900103/status/start";
  fault.text = "no init";
  fault.times = -1;
  rig.host().set_faults({{fault}, {}});
  const Report report = rig.run(rig.plan().plan);
  CHECK(report.outcome != Outcome::succeeded);
  CHECK(rig.config(103, "memory") == "1024");
  CHECK(rig.is_running(103));
  CHECK(rig.archives() == std::vector<std::string>{rig.good});
}

TEST_CASE("a container that cannot be backed up runs again, as it was") {
  RestoreRig rig;
  simulator::Fault fault;
  fault.kind = simulator::Fault::Kind::fail_task;
  fault.path = "/vzdump$";
  fault.text = "input/output error";
  fault.times = -1;
  rig.host().set_faults({{fault}, {}});
  const Report report = rig.run(rig.plan().plan);
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(rig.config(103, "memory") == "1024");
  CHECK(rig.is_running(103));
  const RestorePlan waived = rig.plan({.container = {}, .from = {}, .without_backup = true});
  CHECK(operations_of(waived.plan) ==
        "prove, shutdown, put_in_place, configure, start, stays_up, remove_spare");
}

TEST_CASE("a container that is gone is restored at once") {
  RestoreRig rig;
  rig.by_hand("POST", "/nodes/pve/lxc/103/status/stop");
  rig.by_hand("DELETE", "/nodes/pve/lxc/103");
  rig.get("/nodes/pve/tasks");
  const RestorePlan plan = rig.plan();
  CHECK(operations_of(plan.plan) == "put_in_place, start, stays_up");
  CHECK(rig.run(plan.plan).outcome == Outcome::succeeded);
  CHECK(rig.config(103, "memory") == "512");
  CHECK(rig.is_running(103));
}

TEST_CASE("the newest backup that no restore set aside is taken, or the one that is named") {
  RestoreRig rig;
  REQUIRE(rig.run(rig.plan().plan).outcome == Outcome::succeeded);
  REQUIRE(rig.archives().size() == 2);
  CHECK(rig.plan().from == rig.good);
  const auto archives = rig.archives();
  const auto aside = std::find_if(
      archives.begin(), archives.end(), [&](const std::string& one) { return one != rig.good; });
  CHECK(rig.plan({.container = {}, .from = *aside}).from == *aside);
  const auto none = rig.look({.container = {}, .from = "local:backup/none"});
  REQUIRE_FALSE(none);
  CHECK(mentions(none.error().message, "local:backup/none is no backup of container/web"));
}

TEST_CASE("a restore that was given up for another backup begins anew") {
  RestoreRig rig;
  const std::string other = rig.back_up();
  REQUIRE(rig.perform(rig.plan({.container = {}, .from = rig.good}).plan.steps[0]));
  CHECK(rig.plan().from == rig.good);
  const RestorePlan anew = rig.plan({.container = {}, .from = other, .now = "later"});
  CHECK(operations_of(anew.plan).starts_with("remove_spare, restore_beside, prove"));
  CHECK(rig.run(anew.plan).outcome == Outcome::succeeded);
  CHECK(rig.config(103, "memory") == "1024");
  CHECK_FALSE(rig.is_there(k_spare));
}

TEST_CASE("what would be lost keeps a container from being overwritten, until it is let go") {
  const Json disk{{"storage", "local-zfs"}, {"size", "1GiB"}, {"mp", "/lost"}};
  RestoreRig with_disk(Json{{"mount_points", {{"mp0", disk}}}});
  CHECK(mentions(with_disk.refusal(), "mp0 (/lost)"));
  CHECK(mentions(with_disk.refusal(), "--without-backup container/web"));
  CHECK(with_disk.refusal({.container = {}, .from = {}, .without_backup = true}).empty());

  RestoreRig with_snapshot;
  with_snapshot.by_hand("POST", "/nodes/pve/lxc/103/snapshot", {{"snapname", "before"}});
  with_snapshot.get("/nodes/pve/tasks");
  CHECK(mentions(with_snapshot.refusal(), "1 snapshot of container/web would be lost"));
  CHECK(with_snapshot.refusal({.container = {}, .from = {}, .drops_snapshots = true}).empty());
}

TEST_CASE("a protected container, one that is not ours and a number that is taken are refused") {
  RestoreRig rig;
  rig.by_hand("PUT", "/nodes/pve/lxc/103/config", {{"protection", "1"}});
  CHECK(mentions(rig.refusal(), "protected"));
  rig.by_hand("PUT", "/nodes/pve/lxc/103/config", {{"protection", "0"}, {"tags", "x"}});
  CHECK(mentions(rig.refusal(), "--adopt container/web"));
  rig.by_hand("PUT", "/nodes/pve/lxc/103/config", {{"tags", "aegisctl"}});
  CHECK(rig.refusal().empty());
  rig.by_hand("POST",
              "/nodes/pve/lxc",
              {{"vmid", "900103"},
               {"ostemplate", std::string(k_image)},
               {"hostname", "somebody"},
               {"storage", "local-zfs"}});
  rig.get("/nodes/pve/tasks");
  CHECK(mentions(rig.refusal(), "The number 900103 is taken by somebody"));
  CHECK(rig.refusal({.container = {}, .from = {}, .spare_vmid = 900104}).empty());
}

TEST_CASE("bind mounts in a backup are refused where nobody can act as root") {
  RestoreRig rig(Json{{"mount_points", {{"mp0", {{"volume", "/tank/media"}, {"mp", "/media"}}}}}});
  CHECK(rig.refusal().empty());
  rig.set_root(false);
  CHECK(mentions(rig.refusal(), "bind mounts"));
}

TEST_CASE("only a spare container is removed as one") {
  RestoreRig rig;
  Step step;
  step.operation = "remove_spare";
  step.input = {{"endpoint", "proxmox/fsn1"}, {"node", "pve"}, {"vmid", 103}};
  const auto removed = rig.perform(step);
  REQUIRE_FALSE(removed);
  CHECK(mentions(removed.error().message, "not the spare"));
  CHECK(rig.is_there(103));
}
