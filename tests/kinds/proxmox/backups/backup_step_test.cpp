#include "kinds/proxmox/backups/backup_step.h"

#include <catch2/catch.hpp>

#include "kinds/proxmox/backups/backup_rig.h"

using namespace aegis;
using namespace aegis::test;
using simulator::Fault;

namespace {

/// The plan of the entry "weekly", with a job that keeps the last two.
Plan weekly(BackupRig& rig, const Json& more = Json::object()) {
  Desired desired = rig.desired();
  const Address job = rig.backups.at("weekly").jobs.at("server/fsn1");
  Resource& resource = desired.resources[job];
  resource.address = job;
  resource.scope = "server/fsn1";
  resource.spec = {{"storage", "local"},
                   {"schedule", "daily"},
                   {"enabled", false},
                   {"compress", "zstd"},
                   {"comment", "off site"},
                   {"notes-template", "{{guestname}}"},
                   {"prune-backups", {{"keep-last", 2}}},
                   {"vmid", Json::array({103})}};
  resource.spec.merge_patch(more);
  return proxmox::backup_plan(desired, rig.backups.at("weekly"));
}

Fault fault(Fault::Kind kind, const std::string& path) {
  Fault made;
  made.kind = kind;
  made.method = "POST";
  made.path = path;
  return made;
}

}  // namespace

TEST_CASE("a backup is made with the options of its job, and without its schedule") {
  BackupRig rig;
  const Plan plan = weekly(rig);
  REQUIRE(plan.steps.size() == 1);
  CHECK(plan.steps[0].title == "back container/web up to local");
  Json fields = Json::object();
  for (const Json& field : plan.steps[0].input.at("form")) {
    fields[as_text(field[0])] = field[1];
  }
  CHECK(fields == Json{{"storage", "local"},
                       {"compress", "zstd"},
                       {"notes-template", "{{guestname}}"},
                       {"prune-backups", "keep-last=2"}});
  const auto made = rig.perform(plan.steps[0]);
  if (!made) FAIL(made.error().message);
  CHECK(std::vector<std::string>{text_or(*made, "volume")} == rig.archives());
}

TEST_CASE("the retention of an entry holds for what is made by hand") {
  BackupRig rig;
  for (int i = 0; i < 4; ++i) {
    rig.clock().sleep_for(std::chrono::minutes(1));
    REQUIRE(rig.perform(weekly(rig).steps[0]));
  }
  CHECK(rig.archives().size() == 2);
}

TEST_CASE("a backup whose answer is lost is looked for, and not made twice") {
  for (const auto kind : {Fault::Kind::lose_answer, Fault::Kind::drop_after}) {
    BackupRig rig;
    rig.host().set_faults({{fault(kind, "/vzdump$")}, {}});
    const auto made = rig.perform(weekly(rig).steps[0]);
    if (!made) FAIL(made.error().message);
    CHECK(rig.archives().size() == 1);
    CHECK(text_or(*made, "volume") == rig.archives().front());
  }
}

TEST_CASE("a backup that fails is told with what the task said of it") {
  BackupRig rig;
  const auto made = rig.perform(weekly(rig, {{"storage", "local-zfs"}}).steps[0]);
  REQUIRE_FALSE(made);
  CHECK(made.error().message.find("wrong content type") != std::string::npos);
  rig.host().hold_lock(103, std::chrono::hours(1));
  const auto locked = rig.perform(weekly(rig).steps[0]);
  REQUIRE_FALSE(locked);
  CHECK(locked.error().message.find("CT is locked (backup)") != std::string::npos);
  CHECK(rig.archives().empty());
}
