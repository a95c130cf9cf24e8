#include "kinds/proxmox/backups/drill.h"

#include <array>
#include <catch2/catch.hpp>

#include "kinds/proxmox/backups/backup_rig.h"
#include "laws/breaking_doors.h"

using namespace aegis;
using namespace aegis::test;
using laws::Break;
using proxmox::RestorePlan;
using proxmox::RestoreWish;

namespace {

constexpr std::int64_t k_scratch = 800103;

/// "web" (103), which runs, and a backup of it.
class DrillRig : public BackupRig {
 public:
  explicit DrillRig(const Json& more = Json::object()) : BackupRig(more), good(back_up()) {}

  Result<RestorePlan> look(const std::string& now = "2026-01-31T03:00:00.000Z") {
    const RestoreWish wish{.container = {"", "container", "web"}, .now = now, .is_drill = true};
    Replies replies;
    ask([&](const Replies& known) { return proxmox::restore_queries(desired(), wish, known); },
        replies);
    const auto facts = proxmox::read_restore(desired(), wish, replies);
    if (!facts) return facts.error();
    return proxmox::plan_drill(desired(), wish, *facts);
  }

  RestorePlan plan(const std::string& now = "2026-01-31T03:00:00.000Z") {
    auto made = look(now);
    if (!made) FAIL(made.error().message);
    INFO(made->refusal);
    REQUIRE(made->refusal.empty());
    return std::move(*made);
  }

  /// What a drill must leave, however it ends.
  void check_untouched() {
    CHECK(is_running(103));
    CHECK(archives() == std::vector<std::string>{good});
  }

  std::string good;
};

}  // namespace

TEST_CASE("a drill restores beside, starts, and removes what it made") {
  DrillRig rig;
  const RestorePlan plan = rig.plan();
  CHECK(plan.from == rig.good);
  CHECK(plan.from_time > 0);
  CHECK(operations_of(plan.plan) == "restore_beside, prove, remove_spare");
  CHECK(rig.run(plan.plan, rig.http()).outcome == Outcome::succeeded);
  CHECK_FALSE(rig.is_there(k_scratch));
  rig.check_untouched();
}

TEST_CASE("what a drill makes has no network, no binds, no devices, and does not start by itself") {
  DrillRig rig(Json{{"onboot", true},
                    {"network", {{"eth0", {{"bridge", "vmbr1"}, {"ip", "10.10.10.103/24"}}}}},
                    {"devices", {{"dev0", {{"path", "/dev/net/tun"}}}}},
                    {"mount_points", {{"mp0", {{"volume", "/tank/media"}, {"mp", "/media"}}}}}});
  const Plan plan = rig.plan().plan;
  CHECK(operations_of(plan) == "restore_beside, configure, prove, remove_spare");
  REQUIRE(rig.perform(plan.steps[0]));
  REQUIRE(rig.perform(plan.steps[1]));
  CHECK(rig.config(k_scratch, "onboot") == "0");
  CHECK(rig.config(k_scratch, "mp0").empty());
  CHECK(rig.config(k_scratch, "dev0").empty());
  CHECK(rig.config(k_scratch, "net0").find("link_down=1") != std::string::npos);
  const std::string address = rig.config(103, "net0");
  const std::string mac = address.substr(address.find("hwaddr="), 24);
  CHECK(rig.config(k_scratch, "net0").find(mac) == std::string::npos);
  CHECK(rig.config(k_scratch, "tags") == "aegisctl-spare");
}

TEST_CASE("a backup that does not start is told, and its copy is removed") {
  DrillRig rig;
  simulator::Fault fault;
  fault.kind = simulator::Fault::Kind::fail_task;
  fault.path = "/lxc/800103/status/start";
  fault.text = "no init";
  fault.times = -1;
  rig.host().set_faults({{fault}, {}});
  CHECK(rig.run(rig.plan().plan, rig.http()).outcome == Outcome::rolled_back);
  CHECK_FALSE(rig.is_there(k_scratch));
  rig.check_untouched();
}

TEST_CASE("a drill that is broken anywhere disturbs nothing, and the next one clears up") {
  for (const Break how : k_breaks) {
    for (std::size_t k = 1;; ++k) {
      INFO(laws::to_string(how) << " at write " << k);
      DrillRig rig;
      std::stop_source stop;
      laws::BreakPoint point(how, k, stop);
      laws::BreakingHttp http(rig.http(), point);
      rig.run(rig.plan().plan, http, stop.get_token());
      if (point.writes() < k) break;
      rig.check_untouched();
      CHECK(rig.run(rig.plan("later").plan, rig.http()).outcome == Outcome::succeeded);
      CHECK_FALSE(rig.is_there(k_scratch));
      rig.check_untouched();
    }
  }
}

TEST_CASE("a guest that has the number of a drill is never touched") {
  DrillRig rig;
  const Plan plan = rig.plan().plan;
  rig.by_hand("POST",
              "/nodes/pve/lxc",
              {{"vmid", "800103"},
               {"ostemplate", std::string(k_image)},
               {"hostname", "somebody"},
               {"storage", "local-zfs"}});
  rig.get("/nodes/pve/tasks");
  const auto refused = rig.look();
  REQUIRE(refused);
  CHECK(refused->refusal == "The number 800103, which its drills have, is taken by somebody.");
  // Also when it got there after the plan was made.
  CHECK(rig.run(plan, rig.http()).outcome != Outcome::succeeded);
  CHECK(rig.config(k_scratch, "hostname") == "somebody");
}

TEST_CASE("a restore does not go on with what a drill left") {
  DrillRig rig;
  REQUIRE(rig.perform(rig.plan().plan.steps[0]));
  Replies replies;
  const RestoreWish wish{
      .container = {"", "container", "web"}, .spare_vmid = k_scratch, .now = "now"};
  rig.ask(
      [&](const Replies& known) { return proxmox::restore_queries(rig.desired(), wish, known); },
      replies);
  const auto facts = proxmox::read_restore(rig.desired(), wish, replies);
  REQUIRE(facts);
  CHECK_FALSE(facts->spare);
  CHECK_FALSE(facts->spare_taken.empty());
}
