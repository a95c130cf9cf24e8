#include <catch2/catch.hpp>

#include "kinds/proxmox/rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_cloud_image = "local:import/debian-12-generic-amd64.qcow2";

Json with_cloudinit(const Json& more = Json::object()) {
  Json spec{{"cloudinit",
             {{"storage", "local-zfs"}, {"user", "ops"}, {"ssh_keys", {"ssh-ed25519 AAAA a b"}}}},
            {"network", {{"net0", {{"ip", "10.10.10.50/24"}, {"gw", "10.10.10.1"}}}}}};
  spec.merge_patch(more);
  return spec;
}

}  // namespace

TEST_CASE("a machine from a cloud image grows to its size and gets its settings by cloud-init") {
  MachineRig rig;
  rig.want(
      "web",
      machine_spec(200,
                   with_cloudinit({{"disks", {{"scsi0", {{"import_from", k_cloud_image}}}}},
                                   {"cloudinit", {{"password", rig.vault().seal("hunter2")}}}})));
  CHECK(operations_of(rig.plan()) == "create, resize, start");
  rig.converge();
  CHECK(rig.config(200, "scsi0") == "local-zfs:vm-200-disk-0,size=8G");
  CHECK(rig.config(200, "ipconfig0") == "gw=10.10.10.1,ip=10.10.10.50/24");
  CHECK(rig.config(200, "sshkeys") == "ssh-ed25519%20AAAA%20a%20b");
  CHECK(rig.config(200, "cipassword") == "**********");
  CHECK(rig.config(200, "ide2") == "local-zfs:vm-200-cloudinit,media=cdrom");
}

TEST_CASE("a change for the cloud-init drive writes it anew, also when an earlier run did not") {
  MachineRig rig;
  rig.want("web", machine_spec(200, with_cloudinit()));
  rig.converge();
  rig.want("web", machine_spec(200, with_cloudinit({{"cloudinit", {{"user", "root"}}}})));
  CHECK(operations_of(rig.plan()) == "configure, regenerate");
  REQUIRE(rig.perform(rig.plan().steps.at(0)));
  CHECK(operations_of(rig.plan()) == "regenerate");
  CHECK(rig.plan().changes.at(0).disruption == Disruption::none);
  rig.converge();
}

TEST_CASE("a clone becomes what is declared") {
  MachineRig rig;
  rig.want("golden", machine_spec(900, {{"state", "stopped"}, {"cores", 8}, {"tags", {"golden"}}}));
  rig.converge();
  rig.by_hand("POST", "/nodes/pve/qemu/900/template");
  rig.want("web",
           machine_spec(201,
                        with_cloudinit({{"clone", {{"vmid", 900}}},
                                        {"cloudinit", {{"password", rig.vault().seal("hunter2")}}},
                                        {"cores", 2},
                                        {"disks", {{"scsi0", {{"size", "20GiB"}}}}}})));
  CHECK(operations_of(rig.plan()) == "clone, complete, resize, start");
  rig.converge();
  CHECK(rig.config(201, "scsi0") == "local-zfs:base-900-disk-0/vm-201-disk-0,size=20G");
  CHECK(rig.config(201, "cores") == "2");
  CHECK(rig.config(201, "tags") == "aegisctl");
  CHECK(rig.config(201, "cipassword") == "**********");
  CHECK(rig.config(201, "description").empty());
}

TEST_CASE("a clone has the declared password, never the original's") {
  MachineRig rig;
  const Json with_password{{"cloudinit", {{"password", rig.vault().seal("hunter2")}}}};
  rig.want("original", machine_spec(900, with_cloudinit(with_password)));
  rig.converge();
  rig.want("copy", machine_spec(201, with_cloudinit({{"clone", {{"vmid", 900}, {"full", true}}}})));
  rig.converge();
  CHECK(rig.config(201, "cipassword").empty());
}
