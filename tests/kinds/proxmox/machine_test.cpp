#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "kinds/proxmox/rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_cloud_image = "local:import/debian-12-generic-amd64.qcow2";

std::vector<std::string> keys_sent(const Plan& plan) {
  std::vector<std::string> keys;
  for (const Step& step : plan.steps) {
    for (const auto& [key, value] : get(step.input, "set").items()) keys.push_back(key);
    for (const Json& key : get(step.input, "delete")) keys.push_back("-" + key.get<std::string>());
  }
  return keys;
}

}  // namespace

TEST_CASE("a machine is made from its disks in one call, and rests") {
  MachineRig rig;
  rig.want(
      "web",
      machine_spec(200,
                   {{"cores", 2},
                    {"cpu", "host"},
                    {"balloon", "512MiB"},
                    {"agent", true},
                    {"bios", "ovmf"},
                    {"machine", "q35"},
                    {"efidisk0", {{"storage", "local-zfs"}, {"efitype", "4m"}}},
                    {"tpmstate0", {{"storage", "local-zfs"}, {"version", "v2.0"}}},
                    {"disks", {{"ide2", {{"cdrom", "local:iso/debian-12.9.0-amd64-netinst.iso"}}}}},
                    {"description", "Runs the shop."},
                    {"tags", {"production"}},
                    {"startup", {{"order", 2}, {"up", 30}}}}));
  CHECK(operations_of(rig.plan()) == "create, start");
  rig.converge();
  CHECK(rig.is_running(200));
  CHECK(rig.config(200, "name") == "web");
  CHECK(rig.config(200, "tags") == "aegisctl;production");
  CHECK(rig.config(200, "boot") == "order=scsi0;ide2;net0");
  CHECK(rig.config(200, "efidisk0") == "local-zfs:vm-200-disk-0,efitype=4m,size=1M");
}

TEST_CASE("only keys that differ are sent, and a card keeps its address") {
  MachineRig rig;
  rig.want("web", machine_spec(200));
  rig.converge();
  const std::string before = rig.config(200, "net0");
  rig.want("web",
           machine_spec(200, {{"network", {{"net0", {{"bridge", "vmbr0"}}}}}, {"onboot", true}}));
  CHECK(keys_sent(rig.plan()) == std::vector<std::string>{"onboot", "net0"});
  rig.converge();
  CHECK(rig.config(200, "net0").substr(0, 24) == before.substr(0, 24));
  CHECK(rig.config(200, "net0").find("bridge=vmbr0") != std::string::npos);
}

TEST_CASE("what a running machine takes depends on its hotplug setting") {
  MachineRig rig;
  rig.want("web", machine_spec(200));
  rig.converge();
  const Json more{{"network", {{"net1", {{"bridge", "vmbr0"}}}}},
                  {"disks", {{"scsi1", {{"storage", "local-zfs"}, {"size", "1GiB"}}}}}};
  rig.want("web", machine_spec(200, more));
  const Plan hot = rig.plan();
  CHECK(hot.changes.at(0).disruption == Disruption::none);
  CHECK(operations_of(hot) == "configure, configure");

  rig.by_hand("PUT", "/nodes/pve/qemu/200/config", {{"hotplug", "0"}});
  Json cold = machine_spec(200, more);
  cold["hotplug"] = Json::array();
  rig.want("web", cold);
  const Plan plan = rig.plan();
  CHECK(difference(plan, "network.net1.bridge").disruption == Disruption::reboot_container);
  CHECK(difference(plan, "disks.scsi1.size").disruption == Disruption::reboot_container);
  CHECK(operations_of(plan) == "configure, configure, reboot");
  rig.converge();
  CHECK(rig.config(200, "scsi1") == "local-zfs:vm-200-disk-1,size=1G");
}

TEST_CASE("processors and memory need a reboot, memory not when it can be plugged") {
  MachineRig rig;
  rig.want("web", machine_spec(200));
  rig.converge();
  rig.want("web", machine_spec(200, {{"cores", 4}, {"memory", "2GiB"}}));
  CHECK(difference(rig.plan(), "cores").disruption == Disruption::reboot_container);
  CHECK(difference(rig.plan(), "memory").disruption == Disruption::reboot_container);
  CHECK(operations_of(rig.plan()) == "configure, reboot");
  rig.converge();
  rig.by_hand("PUT", "/nodes/pve/qemu/200/config", {{"hotplug", "network,disk,memory"}});
  rig.by_hand("POST", "/nodes/pve/qemu/200/status/reboot");
  rig.want(
      "web",
      machine_spec(200,
                   {{"cores", 4}, {"memory", "4GiB"}, {"hotplug", {"network", "disk", "memory"}}}));
  CHECK(difference(rig.plan(), "memory").disruption == Disruption::none);
  CHECK(operations_of(rig.plan()) == "configure");
  rig.converge();
}

TEST_CASE("disks grow; what would lose data is blocked and says how to do it by hand") {
  MachineRig rig;
  rig.want("web", machine_spec(200));
  rig.converge();
  rig.want("web", machine_spec(200, {{"disks", {{"scsi0", {{"size", "16GiB"}}}}}}));
  CHECK(operations_of(rig.plan()) == "resize");
  CHECK(rig.plan().changes.at(0).disruption == Disruption::none);
  rig.converge();
  rig.want("web", machine_spec(200, {{"disks", {{"scsi0", {{"size", "4GiB"}}}}}}));
  CHECK(rig.plan().changes.at(0).blocked.find("cannot shrink") != std::string::npos);
  rig.want("web",
           machine_spec(200, {{"disks", {{"scsi0", {{"size", "16GiB"}, {"storage", "other"}}}}}}));
  CHECK(rig.plan().changes.at(0).blocked.find("qm disk move 200 scsi0 other") != std::string::npos);
}

TEST_CASE("a disk that is taken away is kept as an unused one") {
  MachineRig rig;
  rig.want(
      "web",
      machine_spec(200, {{"disks", {{"scsi1", {{"storage", "local-zfs"}, {"size", "1GiB"}}}}}}));
  rig.converge();
  rig.want("web", machine_spec(200));
  CHECK(difference(rig.plan(), "disks.scsi1.size").note.find("kept") != std::string::npos);
  rig.converge();
  CHECK(rig.config(200, "unused0") == "local-zfs:vm-200-disk-1");
}

TEST_CASE("a copied disk that has to wait for a restart is grown after it") {
  MachineRig rig;
  rig.want("web", machine_spec(200));
  rig.converge();
  rig.want(
      "web",
      machine_spec(
          200,
          {{"disks",
            {{"sata0",
              {{"storage", "local-zfs"}, {"size", "1GiB"}, {"import_from", k_cloud_image}}}}}}));
  CHECK(operations_of(rig.plan()) == "configure, reboot, resize");
  rig.converge();
  CHECK(rig.config(200, "sata0") == "local-zfs:vm-200-disk-1,size=1G");
}

TEST_CASE("memory goes below a balloon that goes too") {
  MachineRig rig;
  rig.want("web", machine_spec(200, {{"memory", "4GiB"}, {"balloon", "2GiB"}}));
  rig.converge();
  rig.want("web", machine_spec(200));
  rig.converge();
  CHECK(rig.config(200, "memory") == "1024");
}

TEST_CASE("a clone that was cut off before it got its tags is still ours") {
  MachineRig rig;
  rig.by_hand("POST", "/nodes/pve/qemu", {{"vmid", "900"}, {"scsi0", "local-zfs:8"}});
  rig.want("web", machine_spec(201, {{"clone", {{"vmid", 900}, {"full", true}}}}));
  REQUIRE(rig.perform(rig.plan().steps.at(0)));
  const Plan rest = rig.plan();
  REQUIRE(rest.changes.size() == 1);
  CHECK(rest.changes.at(0).action == Action::update);
  rig.converge();
  CHECK(rig.config(201, "tags") == "aegisctl");
}

TEST_CASE("a value that waits and is not wanted any more is taken back without a reboot") {
  MachineRig rig;
  rig.want("web", machine_spec(200, {{"cores", 2}}));
  rig.converge();
  rig.by_hand("PUT", "/nodes/pve/qemu/200/config", {{"cores", "4"}, {"ide0", "none,media=cdrom"}});
  const Plan plan = rig.plan();
  CHECK(plan.changes.at(0).disruption == Disruption::none);
  CHECK(operations_of(plan) == "configure");
  rig.converge();
}

TEST_CASE("what somebody else changed and waits for a restart is restarted for") {
  MachineRig rig;
  rig.want("web", machine_spec(200));
  rig.converge();
  rig.by_hand("PUT", "/nodes/pve/qemu/200/config", {{"cores", "4"}});
  rig.want("web", machine_spec(200, {{"cores", 4}}));
  CHECK(operations_of(rig.plan()) == "reboot");
  rig.converge();
}

TEST_CASE("a manifest without machines reads nothing, an empty section finds orphans") {
  MachineRig rig;
  rig.want("web", machine_spec(200));
  rig.converge();
  rig.want_nothing();
  rig.http().clear_log();
  const Batch batch{rig.desired().scopes.at("server/fsn1"), {}};
  CHECK(machine_kind().queries(batch, {}).empty());
  rig.settings()["sections"] = {"machines"};
  PlanOptions options;
  options.prune = true;
  const Plan plan = rig.plan(options);
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes.at(0).action == Action::remove);
  CHECK(plan.changes.at(0).destroys_data);
  CHECK(operations_of(plan) == "shutdown, destroy");
  REQUIRE(rig.apply(plan));
  CHECK(rig.get("/nodes/pve/qemu").empty());
  CHECK(rig.get("/nodes/pve/storage/local-zfs/content").empty());
}

TEST_CASE("a machine that is not ours waits for its adoption and is never destroyed") {
  MachineRig rig;
  rig.by_hand(
      "POST", "/nodes/pve/qemu", {{"vmid", "200"}, {"scsi0", "local-zfs:8"}, {"memory", "1024"}});
  rig.want("web", machine_spec(200, {{"state", "stopped"}}));
  const Plan plan = rig.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes.at(0).action == Action::adopt);
  CHECK(plan.steps.empty());
  Step destroy;
  destroy.operation = "destroy";
  destroy.input = {{"endpoint", "proxmox/fsn1"}, {"node", "pve"}, {"vmid", 200}};
  const auto refused = rig.perform(destroy);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("not ours") != std::string::npos);
  PlanOptions options;
  options.adopts = {"machine/web"};
  rig.converge(options);
}

TEST_CASE("a vmid that a container has blocks the machine") {
  MachineRig rig;
  rig.by_hand("POST",
              "/nodes/pve/lxc",
              {{"vmid", "200"}, {"ostemplate", std::string(k_image)}, {"rootfs", "local-zfs:1"}});
  rig.want("web", machine_spec(200));
  const Plan plan = rig.plan();
  CHECK(plan.steps.empty());
  CHECK(plan.changes.at(0).blocked.find("the container 200") != std::string::npos);
}

TEST_CASE("what only root may set is said at plan time") {
  MachineRig rig;
  rig.set_root(false);
  rig.want("web", machine_spec(200, {{"args", "-S"}}));
  CHECK(rig.plan().changes.at(0).blocked.find("only root@pam") != std::string::npos);
}

TEST_CASE("a machine that was changed since it was planned is left alone") {
  MachineRig rig;
  rig.want("web", machine_spec(200));
  rig.converge();
  rig.want("web", machine_spec(200, {{"onboot", true}}));
  const Plan plan = rig.plan();
  rig.by_hand("PUT", "/nodes/pve/qemu/200/config", {{"description", "by hand"}});
  const auto refused = rig.apply(plan);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("plan again") != std::string::npos);
}

TEST_CASE("a machine under high availability is switched by its manager, and forgotten with it") {
  MachineRig rig;
  rig.want("web", machine_spec(200));
  rig.converge();
  rig.by_hand("POST", "/cluster/ha/resources", {{"sid", "vm:200"}});
  rig.want("web", machine_spec(200, {{"state", "stopped"}}));
  rig.converge();
  CHECK(text_or(rig.get("/cluster/ha/resources/vm:200"), "state") == "stopped");
  rig.want("web", machine_spec(200));
  rig.converge();
  CHECK(rig.is_running(200));
  rig.want_nothing();
  rig.settings()["sections"] = {"machines"};
  PlanOptions options;
  options.prune = true;
  REQUIRE(rig.apply(rig.plan(options)));
  CHECK(rig.get("/cluster/ha/resources").empty());
}

TEST_CASE("a template is not started, and the plan says so") {
  MachineRig rig;
  rig.want("golden", machine_spec(900, {{"state", "stopped"}}));
  rig.converge();
  rig.by_hand("POST", "/nodes/pve/qemu/900/template");
  CHECK(rig.plan().changes.empty());
  rig.want("golden", machine_spec(900));
  CHECK(rig.plan().changes.at(0).blocked.find("is a template") != std::string::npos);
}

TEST_CASE("options of a disk are taken away again") {
  MachineRig rig;
  rig.want("web",
           machine_spec(200,
                        {{"disks", {{"scsi0", {{"ssd", true}, {"backup", false}}}}},
                         {"agent", {{"enabled", true}, {"fstrim_cloned_disks", true}}}}));
  rig.converge();
  rig.want("web", machine_spec(200, {{"agent", true}}));
  rig.converge();
  CHECK(rig.config(200, "scsi0") == "local-zfs:vm-200-disk-0,size=8G");
}

TEST_CASE("the agent's care for copied disks changes at once, the agent itself at a restart") {
  MachineRig rig;
  rig.want("web", machine_spec(200, {{"agent", true}}));
  rig.converge();
  rig.want("web",
           machine_spec(200, {{"agent", {{"enabled", true}, {"fstrim_cloned_disks", true}}}}));
  CHECK(operations_of(rig.plan()) == "configure");
  rig.converge();
  rig.want("web", machine_spec(200));
  CHECK(operations_of(rig.plan()) == "configure, reboot");
  rig.converge();
}

TEST_CASE("what the firmware keeps is not thrown away") {
  MachineRig rig;
  Json spec = machine_spec(
      200, {{"bios", "ovmf"}, {"efidisk0", {{"storage", "local-zfs"}, {"efitype", "4m"}}}});
  rig.want("desk", spec);
  rig.converge();
  spec["efidisk0"]["efitype"] = "2m";
  rig.want("desk", spec);
  CHECK(rig.plan().changes.at(0).blocked.find("firmware keeps") != std::string::npos);
  spec.erase("efidisk0");
  rig.want("desk", spec);
  CHECK(rig.plan().changes.at(0).blocked.find("be taken away") != std::string::npos);
}

TEST_CASE("a locked machine is waited for, and then said to be locked") {
  MachineRig rig;
  rig.want("web", machine_spec(200));
  rig.converge();
  rig.want("web", machine_spec(200, {{"onboot", true}}));
  const Plan plan = rig.plan();
  rig.host().hold_lock(200, std::chrono::hours(1));
  const auto refused = rig.apply(plan);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("qm unlock 200") != std::string::npos);
}
