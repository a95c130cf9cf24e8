#include "kinds/proxmox/backups/coverage.h"

#include <catch2/catch.hpp>

#include "engine/reading.h"
#include "kinds/proxmox/backups/backup_rig.h"
#include "kinds/proxmox/backups/gaps.h"

using namespace aegis;
using namespace aegis::test;

namespace {

using Names = std::vector<std::string>;

class CoverageRig : public BackupRig {
 public:
  using BackupRig::BackupRig;

  CoverageReport read() {
    Replies replies;
    asked =
        ask_all([&](const Replies& known) { return proxmox::coverage_queries(desired(), known); },
                effects().http,
                effects().shell,
                vault(),
                replies);
    return proxmox::coverage_of(desired(), backups, replies);
  }

  GuestCoverage web() {
    const CoverageReport report = read();
    for (const Error& failure : report.failures) FAIL(failure.message);
    REQUIRE(report.guests.size() == 1);
    return report.guests.front();
  }

  Asked asked;
};

Names parts_of(const std::vector<Gap>& gaps) {
  Names parts;
  for (const Gap& gap : gaps) parts.push_back(gap.part);
  return parts;
}

}  // namespace

TEST_CASE("a guest without a backup misses its objective, one with a fresh one meets it") {
  CoverageRig rig;
  const GuestCoverage before = rig.web();
  CHECK(before.exists);
  CHECK(before.backups.empty());
  CHECK(before.unread.empty());
  CHECK(judge(before, rig.now()) == Objective::missed);
  const std::string volume = rig.back_up();
  const GuestCoverage after = rig.web();
  REQUIRE(after.backups.size() == 1);
  CHECK(after.backups[0].name == volume);
  CHECK(after.backups[0].size > 0);
  CHECK(judge(after, rig.now()) == Objective::met);
  CHECK(judge(after, rig.now() + 24 * 3600) == Objective::met);
  rig.clock().sleep_for(std::chrono::hours(24) + std::chrono::minutes(1));
  CHECK(judge(rig.web(), rig.now()) == Objective::missed);
  CHECK(rig.asked.waves == 2);
}

TEST_CASE("the newest backup comes first, on whatever storage it is") {
  CoverageRig rig;
  rig.by_hand("POST",
              "/storage",
              {{"storage", "box"}, {"type", "dir"}, {"path", "/box"}, {"content", "backup"}});
  rig.back_up();
  const std::int64_t first = rig.now();
  rig.clock().sleep_for(std::chrono::hours(1));
  const std::string newest = rig.back_up("box");
  const auto backups = rig.web().backups;
  REQUIRE(backups.size() == 2);
  CHECK(backups[0].name == newest);
  CHECK(backups[0].time == rig.now());
  CHECK(backups[1].time == first);
}

TEST_CASE("jobs count when they are enabled and take the guest, by its number or by its pool") {
  CoverageRig rig;
  const auto job = [&](const std::string& id, const std::string& key, const std::string& value) {
    rig.by_hand("POST",
                "/cluster/backup",
                {{"id", id}, {"schedule", "daily"}, {"storage", "local"}, {key, value}});
  };
  rig.by_hand("POST", "/pools", {{"poolid", "shop"}});
  rig.by_hand("PUT", "/pools", {{"poolid", "shop"}, {"vms", "103"}});
  job("by-id", "vmid", "102,103");
  job("one", "vmid", "103");
  job("other", "vmid", "104");
  job("by-pool", "pool", "shop");
  job("all", "all", "1");
  job("all-but", "exclude", "103");
  job("off", "vmid", "103");
  rig.by_hand("PUT", "/cluster/backup/off", {{"enabled", "0"}});
  job("this-node", "vmid", "103");
  rig.by_hand("PUT", "/cluster/backup/this-node", {{"node", "pve"}});
  Names names;
  for (const CoveringJob& one : rig.web().jobs) names.push_back(one.name);
  CHECK(names == Names{"all", "by-id", "by-pool", "one", "this-node"});
  CHECK(rig.web().jobs[0].schedule == "daily");
}

TEST_CASE("snapshots are told, and meet no objective: they go with the guest") {
  CoverageRig rig;
  rig.by_hand("POST", "/nodes/pve/lxc/103/snapshot", {{"snapname", "before"}});
  rig.get("/nodes/pve/tasks");
  const GuestCoverage web = rig.web();
  REQUIRE(web.snapshots.size() == 1);
  CHECK(web.snapshots[0].name == "before");
  CHECK(web.snapshots[0].time == rig.now());
  CHECK(judge(web, rig.now()) == Objective::missed);
}

TEST_CASE("what is in no backup of a container is told: mount points that are off, and binds") {
  CoverageRig rig(Json{
      {"mount_points",
       {{"mp0", {{"storage", "local-zfs"}, {"size", "1GiB"}, {"mp", "/saved"}, {"backup", true}}},
        {"mp1", {{"storage", "local-zfs"}, {"size", "1GiB"}, {"mp", "/lost"}}},
        {"mp2", {{"volume", "/tank/media"}, {"mp", "/media"}}}}}});
  const auto gaps = rig.web().gaps;
  REQUIRE(parts_of(gaps) == Names{"mp1 (/lost)", "mp2 (/media)"});
  CHECK(gaps[0].goes_with_guest);
  CHECK_FALSE(gaps[1].goes_with_guest);
}

TEST_CASE("what is in no backup of a machine is told: disks that are left out, no media") {
  const proxmox::ConfigMap config{{"scsi0", "local-zfs:vm-105-disk-0,size=8G"},
                                  {"scsi1", "local-zfs:vm-105-disk-1,backup=0,size=8G"},
                                  {"ide2", "local:iso/x.iso,media=cdrom,backup=0"},
                                  {"scsihw", "virtio-scsi-single"},
                                  {"unused0", "local-zfs:vm-105-disk-2"}};
  CHECK(parts_of(proxmox::gaps_of(config, proxmox::machine_system())) == Names{"scsi1", "unused0"});
}

TEST_CASE("a guest that is not there has nothing to lose, and its backups are still told") {
  CoverageRig rig;
  rig.back_up();
  rig.by_hand("POST", "/nodes/pve/lxc/103/status/stop");
  rig.by_hand("DELETE", "/nodes/pve/lxc/103");
  rig.get("/nodes/pve/tasks");
  const GuestCoverage web = rig.web();
  CHECK_FALSE(web.exists);
  CHECK(web.backups.size() == 1);
  CHECK(judge(web, rig.now() + 100 * 3600) == Objective::none);
}

TEST_CASE("backups that these credentials do not see are not taken for missing") {
  CoverageRig rig;
  rig.back_up();
  rig.by_hand("POST", "/access/users", {{"userid", "ci@pve"}});
  rig.by_hand("PUT", "/access/acl", {{"path", "/"}, {"users", "ci@pve"}, {"roles", "PVEAuditor"}});
  const Json token = rig.by_hand("POST", "/access/users/ci@pve/token/plan", {{"privsep", "0"}});
  rig.http().use_token("ci@pve!plan=" + text_or(token, "value"));
  const GuestCoverage web = rig.web();
  CHECK(web.backups.empty());
  REQUIRE(web.unread.size() == 1);
  CHECK(web.unread[0].code == ErrorCode::forbidden);
  CHECK(web.unread[0].message.find("Datastore.AllocateSpace on /storage/local") !=
        std::string::npos);
  CHECK(judge(web, rig.now()) == Objective::unknown);
}

TEST_CASE("a storage that cannot be read makes the objective unknown, not missed") {
  CoverageRig rig;
  simulator::Fault fault;
  fault.method = "GET";
  fault.path = "/storage/local/content";
  fault.text = "storage 'local' is not online";
  rig.host().set_faults({{fault}, {}});
  const GuestCoverage web = rig.web();
  REQUIRE(web.unread.size() == 1);
  CHECK(web.unread[0].message.find("is not online") != std::string::npos);
  CHECK(judge(web, rig.now()) == Objective::unknown);
}
