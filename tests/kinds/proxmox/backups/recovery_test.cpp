#include "kinds/proxmox/backups/recovery.h"

#include <array>
#include <catch2/catch.hpp>

#include "kinds/proxmox/backups/backup_rig.h"
#include "laws/breaking_doors.h"

using namespace aegis;
using namespace aegis::test;
using laws::Break;
using proxmox::Recovery;
using proxmox::RecoveryWish;

namespace {

const Address k_web{"", "container", "web"};
const Address k_db{"", "container", "db"};

/// "web" (103) with a backup and an objective; "db" (104) without any. Both were destroyed.
class RecoveryRig : public BackupRig {
 public:
  RecoveryRig() : good(back_up()) {
    backups["weekly"].rto = std::chrono::minutes(30);
    want("db", container_spec(104));
    converge();
    lose(103);
    lose(104);
  }

  void lose(std::int64_t vmid) {
    const std::string path = "/nodes/pve/lxc/" + std::to_string(vmid);
    by_hand("POST", path + "/status/stop");
    by_hand("DELETE", path);
    get("/nodes/pve/tasks");
  }

  Result<Recovery> look(const RecoveryWish& wish = {.now = "2026-01-31T03:00:00.000Z"}) {
    Replies replies;
    const Asked asked =
        ask([&](const Replies& known) { return proxmox::recovery_queries(desired(), wish, known); },
            replies);
    CHECK(asked.waves <= 4);
    return proxmox::plan_recovery(desired(), backups, wish, replies);
  }

  Recovery recovery(const RecoveryWish& wish = {.now = "2026-01-31T03:00:00.000Z"}) {
    auto found = look(wish);
    if (!found) FAIL(found.error().message);
    return std::move(*found);
  }

  std::string good;  ///< the backup's volume
};

}  // namespace

TEST_CASE("what is gone and has a backup is restored, what has none is told") {
  RecoveryRig rig;
  const Recovery recovery = rig.recovery();
  REQUIRE(recovery.guests.size() == 2);
  CHECK(recovery.guests[0].guest == k_db);
  CHECK(recovery.guests[0].from.empty());
  CHECK(recovery.guests[1].guest == k_web);
  CHECK(recovery.guests[1].from == rig.good);
  CHECK(recovery.guests[1].rto == std::chrono::minutes(30));
  CHECK_FALSE(recovery.is_refused());
  CHECK(operations_of(recovery.plan) == "put_in_place, start, stays_up");
  CHECK(rig.run(recovery.plan, rig.http()).outcome == Outcome::succeeded);
  CHECK(rig.is_running(103));
  CHECK(rig.config(103, "tags") == "aegisctl");
  CHECK(rig.recovery().guests.size() == 1);
}

TEST_CASE("guests that are there are left alone") {
  BackupRig rig;
  Replies replies;
  const RecoveryWish wish{.now = "now"};
  const Asked asked = rig.ask(
      [&](const Replies& known) { return proxmox::recovery_queries(rig.desired(), wish, known); },
      replies);
  CHECK(asked.waves == 1);
  const auto recovery = proxmox::plan_recovery(rig.desired(), rig.backups, wish, replies);
  REQUIRE(recovery);
  CHECK(recovery->guests.empty());
  CHECK(recovery->plan.steps.empty());
}

TEST_CASE("restores of several guests have steps of their own and do not wait for each other") {
  RecoveryRig rig;
  rig.recovery();
  REQUIRE(rig.run(rig.recovery().plan, rig.http()).outcome == Outcome::succeeded);
  rig.converge();
  rig.by_hand("POST", "/nodes/pve/vzdump", {{"vmid", "104"}, {"storage", "local"}});
  rig.get("/nodes/pve/tasks");
  rig.lose(103);
  rig.lose(104);
  const Recovery recovery = rig.recovery();
  REQUIRE(recovery.plan.steps.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    const Step& step = recovery.plan.steps[i];
    CHECK(step.id == static_cast<StepId>(i) + 1);
    CHECK(step.address == (i < 3 ? k_db : k_web));
    CHECK(step.after == (i % 3 == 0 ? std::vector<StepId>{} : std::vector<StepId>{step.id - 1}));
  }
  CHECK(rig.run(recovery.plan, rig.http()).outcome == Outcome::succeeded);
  CHECK(rig.is_running(103));
  CHECK(rig.is_running(104));
}

TEST_CASE("a guest that backups are made of is not made anew without a word") {
  RecoveryRig rig;
  rig.backups["weekly"].guests = {k_db, k_web};
  const Recovery recovery = rig.recovery();
  CHECK(recovery.is_refused());
  const std::string& why = recovery.restores.at(k_db).refusal;
  INFO(why);
  CHECK(why.find("It is in the backup `weekly`") != std::string::npos);
  CHECK(why.find("--without-backup container/db") != std::string::npos);
  CHECK_FALSE(rig.recovery({.now = "now", .without = {"container/db"}}).is_refused());
}

TEST_CASE("backups that cannot be listed are not taken for none") {
  RecoveryRig rig;
  simulator::Fault fault;
  fault.kind = simulator::Fault::Kind::answer;
  fault.path = "/storage/local/content";
  fault.status = 500;
  fault.times = -1;
  rig.host().set_faults({{fault}, {}});
  CHECK_FALSE(rig.look());
}

TEST_CASE("a recovery that is broken anywhere is ended by the next one") {
  for (const Break how : k_breaks) {
    for (std::size_t k = 1;; ++k) {
      INFO(laws::to_string(how) << " at write " << k);
      RecoveryRig rig;
      std::stop_source stop;
      laws::BreakPoint point(how, k, stop);
      laws::BreakingHttp http(rig.http(), point);
      rig.run(rig.recovery().plan, http, stop.get_token());
      if (point.writes() < k) break;
      CHECK(rig.archives() == std::vector<std::string>{rig.good});
      CHECK(rig.run(rig.recovery().plan, rig.http()).outcome == Outcome::succeeded);
      CHECK(rig.config(103, "memory") == "512");
      rig.converge();
      CHECK(rig.is_running(103));
    }
  }
}

TEST_CASE("what needs no guest comes before them") {
  Desired desired;
  desired.scopes["server/fsn1"].name = "server/fsn1";
  desired.scopes["stack/core"].name = "stack/core";
  const auto declare = [&](const Address& address, std::vector<Address> needs = {}) {
    Resource resource;
    resource.address = address;
    resource.scope = address.kind == "service" ? "stack/core" : "server/fsn1";
    resource.depends_on = std::move(needs);
    desired.resources.emplace(address, std::move(resource));
  };
  const Address storage{"server/fsn1", "storage", "box"};
  const Address job{"server/fsn1", "backup-job", "weekly"};
  declare(storage);
  declare(k_web, {storage});
  declare(job, {k_web});
  declare({"server/fsn1", "matcher", "jobs"}, {job});
  declare({"stack/core", "service", "web"}, {});
  CHECK(proxmox::before_guests(desired) == std::vector<std::string>{"server/fsn1/storage/box"});
}
