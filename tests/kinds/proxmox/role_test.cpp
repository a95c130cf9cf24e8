#include <algorithm>
#include <catch2/catch.hpp>

#include "kinds/proxmox/api.h"
#include "kinds/proxmox/needs.h"
#include "kinds/proxmox/rig.h"

namespace aegis::test {
namespace {

std::string privileges_of(Purpose purpose) {
  std::string all;
  for (const auto& privilege : proxmox::role_privileges(purpose)) all += privilege.name + ",";
  return all;
}

// From now on the rig's requests are those of a token with the least role for `purpose` on /.
void log_in_for(GuestRig& rig, Purpose purpose) {
  rig.by_hand("POST", "/access/roles", {{"roleid", "Least"}, {"privs", privileges_of(purpose)}});
  rig.by_hand("POST", "/access/users", {{"userid", "ci@pve"}});
  rig.by_hand("PUT", "/access/acl", {{"path", "/"}, {"roles", "Least"}, {"users", "ci@pve"}});
  const proxmox::ApiClient api(rig.effects(), "proxmox/fsn1");
  const auto made =
      api.post(proxmox::api_path("/access/users/ci@pve/token/one"), {{"privsep", "0"}});
  REQUIRE(made);
  rig.http().use_token("ci@pve!one=" + text_or(*made, "value"));
}

const Json k_before{
    {"state", "started"},
    {"cores", 1},
    {"memory", "512MiB"},
    {"network", {{"eth0", {{"bridge", "vmbr1"}, {"ip", "dhcp"}}}}},
    {"mount_points", {{"mp0", {{"storage", "local-zfs"}, {"size", "1GiB"}, {"mp", "/srv"}}}}}};
const Json k_after{{"state", "stopped"},
                   {"cores", 2},
                   {"memory", "1GiB"},
                   {"hostname", "other"},
                   {"rootfs", {{"size", "9GiB"}}},
                   {"features", {{"nesting", true}}},
                   {"network", {{"eth0", {{"bridge", "vmbr0"}, {"ip", "dhcp"}}}}}};

const Json k_machine_before{
    {"state", "started"},
    {"scsihw", "virtio-scsi-single"},
    {"startup", {{"order", 2}}},
    {"disks",
     {{"scsi0", {{"import_from", "local:import/debian-12-generic-amd64.qcow2"}}},
      {"ide0", {{"cdrom", "local:iso/debian-12.9.0-amd64-netinst.iso"}}}}},
    {"network", {{"net0", {{"ip", "10.10.10.50/24"}}}}},
    {"cloudinit", {{"storage", "local-zfs"}, {"user", "ops"}}}};
const Json k_machine_after{
    {"state", "started"},
    {"cores", 2},
    {"memory", "2GiB"},
    {"bios", "ovmf"},
    {"description", "the shop"},
    {"efidisk0", {{"storage", "local-zfs"}}},
    {"disks", {{"scsi0", {{"size", "9GiB"}}}, {"ide0", {{"cdrom", "none"}}}}},
    {"network", {{"net0", {{"bridge", "vmbr0"}}}}},
    {"cloudinit", {{"storage", "local-zfs"}, {"user", "root"}}}};

/// "VM.Backup /vms": all that `resource` needs on a server.
std::vector<std::string> needs(const Resource& resource, const Json& settings) {
  std::vector<std::string> found;
  for (const proxmox::Need& need : proxmox::needs_of(resource, {"server/fsn1", settings, {}})) {
    found.push_back(need.privileges + " " + need.path);
  }
  return found;
}

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

TEST_CASE("moving a guest takes a privilege only where it can come from another server") {
  const std::string kind = GENERATE("container", "machine");
  Resource guest;
  guest.address = {"", kind, "web"};
  guest.spec = {{"server", "fsn1"}, {"vmid", 103}};
  CHECK_FALSE(has(needs(guest, Json::object()), "VM.Migrate /vms/103"));
  CHECK(has(needs(guest, {{"elsewhere", Json::array()}}), "VM.Migrate /vms/103"));
}

TEST_CASE("a declared backup takes what Proxmox lists backups for, to plan too") {
  Resource job;
  job.address = {"", "backup-job", "weekly"};
  job.spec = {{"storage", "box"}};
  const std::vector<std::string> found = needs(job, Json::object());
  CHECK(has(found, "VM.Backup /vms"));
  CHECK(has(found, "Datastore.AllocateSpace /storage/box"));
  const std::string plan = privileges_of(Purpose::plan);
  CHECK(plan.find("VM.Backup,") != std::string::npos);
  CHECK(plan.find("Datastore.AllocateSpace,") != std::string::npos);
  CHECK(privileges_of(Purpose::apply).find("VM.Migrate,") != std::string::npos);
}

TEST_CASE("the least role for applying makes, changes, clones and removes a machine") {
  MachineRig rig;
  log_in_for(rig, Purpose::apply);
  rig.set_root(false);
  rig.want("web", machine_spec(200, k_machine_before));
  rig.converge();
  rig.want("web", machine_spec(200, k_machine_after));
  rig.want("copy", machine_spec(201, {{"clone", {{"vmid", 200}, {"full", true}}}}));
  rig.converge();
  rig.want_nothing();
  rig.settings()["sections"] = {"machines"};
  PlanOptions options;
  options.prune = true;
  rig.converge(options);
  CHECK(rig.get("/nodes/pve/qemu").empty());
}

TEST_CASE("the least role for planning plans a machine, and writes nothing") {
  MachineRig rig;
  log_in_for(rig, Purpose::plan);
  rig.want("web", machine_spec(200, k_machine_before));
  const Plan plan = rig.plan();
  CHECK(plan.changes.size() == 1);
  CHECK(plan.notes.empty());
  const auto applied = rig.apply(plan);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().code == ErrorCode::forbidden);
}

TEST_CASE("the least role for applying makes, changes and removes a container") {
  ContainerRig rig;
  log_in_for(rig, Purpose::apply);
  rig.want("web", container_spec(103, k_before));
  rig.converge();
  rig.want("web", container_spec(103, k_after));
  rig.converge();
  rig.want_nothing();
  PlanOptions options;
  options.prune = true;
  rig.converge(options);
}

TEST_CASE("the least role for planning plans a container, and writes nothing") {
  ContainerRig rig;
  log_in_for(rig, Purpose::plan);
  rig.want("web", container_spec(103, k_before));
  const Plan plan = rig.plan();
  CHECK(plan.changes.size() == 1);
  CHECK(plan.notes.empty());
  const auto applied = rig.apply(plan);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().code == ErrorCode::forbidden);
}

}  // namespace aegis::test
