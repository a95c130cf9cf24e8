#include "kinds/proxmox/backups/verification.h"

#include <catch2/catch.hpp>

#include "engine/reading.h"
#include "kinds/proxmox/backups/archived_config.h"
#include "kinds/proxmox/backups/backup_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

Verification verified(BackupRig& rig) {
  const Backup& weekly = rig.backups.at("weekly");
  Replies replies;
  const Asked asked = ask_all(
      [&](const Replies& known) {
        return proxmox::verification_queries(rig.desired(), weekly, known);
      },
      rig.effects().http,
      rig.effects().shell,
      rig.vault(),
      replies);
  CHECK(asked.waves <= 3);
  const auto found = proxmox::verifications_of(rig.desired(), weekly, replies);
  REQUIRE(found.size() == 1);
  return found[0];
}

}  // namespace

TEST_CASE("the newest backup of a guest is good when its configuration can be taken out of it") {
  BackupRig rig;
  rig.back_up();
  const std::string newest = rig.back_up();
  const Verification found = verified(rig);
  CHECK_FALSE(found.problem);
  REQUIRE(found.copy);
  CHECK(found.copy->name == newest);
}

TEST_CASE("a guest without a backup on the entry's storage is told") {
  BackupRig rig;
  const Verification none = verified(rig);
  REQUIRE(none.problem);
  CHECK(none.problem->message == "local has no backup of it");
  rig.by_hand("POST",
              "/storage",
              {{"storage", "box"}, {"type", "dir"}, {"path", "/box"}, {"content", "backup"}});
  rig.back_up("box");
  CHECK(verified(rig).problem);
}

TEST_CASE("a backup that cannot be opened is bad, with the server's own words") {
  BackupRig rig;
  rig.back_up();
  simulator::Fault fault;
  fault.path = "/extractconfig";
  fault.text = "unable to open archive";
  rig.host().set_faults({{fault}, {}});
  const Verification found = verified(rig);
  REQUIRE(found.problem);
  CHECK(found.problem->message.find("unable to open archive") != std::string::npos);
}

TEST_CASE("a configuration file is read up to its first section, comments as the description") {
  const auto config = proxmox::parse_config_file(
      "#one%3A\n#two\nhostname: web\nrootfs: local-zfs:subvol-103-disk-0,size=8G\n\n"
      "[before]\nhostname: old\n");
  CHECK(config == proxmox::ConfigMap{{"description", "one:\ntwo\n"},
                                     {"hostname", "web"},
                                     {"rootfs", "local-zfs:subvol-103-disk-0,size=8G"}});
}
