#include "simulator/qemu_calls.h"

#include <fmt/format.h>

#include "simulator/cluster.h"
#include "simulator/ha.h"
#include "simulator/qemu_drive.h"
#include "simulator/qemu_update.h"
#include "simulator/qemu_values.h"
#include "simulator/references.h"

namespace aegis::simulator {
namespace {

Answer run(World& world, const Call& call, std::string type, Json work) {
  work["vmid"] = call.vmid();
  return answer(start_task(
      world, call.caller, std::move(type), fmt::format("{}", call.vmid()), std::move(work)));
}

Refusal check_skiplock(const Call& call) {
  if (!call.flag("skiplock") || call.caller.is_root()) return {};
  return invalid("skiplock", "Only root may use this option.");
}

// Stops and shutdowns of what is not running are tasks that do nothing.
Answer switch_power(World& world, const Call& call, std::string type, std::string_view verb) {
  if (Refusal refusal = check_skiplock(call)) return *refusal;
  const Machine* machine = world.find_machine(call.vmid());
  if (machine == nullptr) return missing_machine(world, call.vmid());
  if (!ha_state_of(world, ha_id(world, call.vmid())).empty()) {
    if (verb == "qemu-start" && !machine->running) {
      return ask_ha_manager(world, call, "hastart", "started");
    }
    if (verb == "qemu-stop" && machine->running) {
      return ask_ha_manager(world, call, "hastop", "stopped");
    }
  }
  return run(world, call, std::move(type), {{"verb", verb}});
}

}  // namespace

Answer list_machines(World& world, const Call& call) {
  Json items = Json::array();
  for (const auto& [vmid, machine] : world.machines) {
    if (node_of(world, machine) != world.node) continue;
    if (!may(world, call.caller, fmt::format("/vms/{}", vmid), {"VM.Audit"})) continue;
    items.push_back(list_item(machine, world.now()));
  }
  return answer(std::move(items));
}

Answer machine_index(World& world, const Call& call) {
  if (world.find_machine(call.vmid()) == nullptr) return missing_machine(world, call.vmid());
  Json items = Json::array();
  for (const std::string_view name : {"config",
                                      "cloudinit",
                                      "pending",
                                      "status",
                                      "unlink",
                                      "vncproxy",
                                      "termproxy",
                                      "migrate",
                                      "resize",
                                      "move",
                                      "rrd",
                                      "rrddata",
                                      "monitor",
                                      "agent",
                                      "snapshot",
                                      "spiceproxy",
                                      "sendkey",
                                      "firewall"}) {
    items.push_back({{"subdir", name}});
  }
  return answer(std::move(items));
}

Answer destroy_machine(World& world, const Call& call) {
  const int vmid = call.vmid();
  if (Refusal refusal = check_skiplock(call)) return *refusal;
  if (world.find_machine(vmid) == nullptr) return missing_machine(world, vmid);
  if (Refusal refusal = wait_for_machine_lock(world, vmid)) return *refusal;
  Machine* machine = world.find_machine(vmid);
  if (machine == nullptr) return missing_machine(world, vmid);
  if (machine->is_set("protection")) {
    return refuse(fmt::format("can't remove VM {} - protection mode enabled", vmid));
  }
  if (Refusal refusal = check_references(world, call, "VM")) return *refusal;
  if (machine->running) return refuse(fmt::format("VM {} is running - destroy failed", vmid));
  return run(world, call, "qmdestroy", {{"verb", "qemu-destroy"}, {"purge", call.flag("purge")}});
}

Answer read_machine_config(World& world, const Call& call) {
  const Machine* machine = world.find_machine(call.vmid());
  if (machine == nullptr) return missing_machine(world, call.vmid());
  if (call.has("snapshot")) {
    return refuse(fmt::format("snapshot '{}' does not exist", call.text("snapshot")));
  }
  return answer(config_json(*machine, call.flag("current")));
}

Answer read_machine_pending(World& world, const Call& call) {
  const Machine* machine = world.find_machine(call.vmid());
  if (machine == nullptr) return missing_machine(world, call.vmid());
  return answer(pending_json(*machine));
}

Answer read_cloudinit(World& world, const Call& call) {
  const Machine* machine = world.find_machine(call.vmid());
  if (machine == nullptr) return missing_machine(world, call.vmid());
  return answer(cloudinit_json(*machine));
}

Answer regenerate_cloudinit(World& world, const Call& call) {
  Machine* machine = world.find_machine(call.vmid());
  if (machine == nullptr) return missing_machine(world, call.vmid());
  if (Refusal refusal = check_machine_lock(*machine)) return *refusal;
  generate_cloudinit(*machine);
  return answer();
}

Answer read_machine_status(World& world, const Call& call) {
  const Machine* machine = world.find_machine(call.vmid());
  if (machine == nullptr) return missing_machine(world, call.vmid());
  Json status = list_item(*machine, world.now());
  status["ha"] = ha_json(world, ha_id(world, call.vmid()));
  status["qmpstatus"] = status["status"];
  return answer(std::move(status));
}

Answer start_machine(World& world, const Call& call) {
  return switch_power(world, call, "qmstart", "qemu-start");
}

Answer stop_machine(World& world, const Call& call) {
  return switch_power(world, call, "qmstop", "qemu-stop");
}

Answer shut_machine_down(World& world, const Call& call) {
  return switch_power(world, call, "qmshutdown", "qemu-stop");
}

Answer reboot_machine(World& world, const Call& call) {
  const Machine* machine = world.find_machine(call.vmid());
  if (machine == nullptr) return missing_machine(world, call.vmid());
  if (!machine->running) return refuse(fmt::format("VM {} not running", call.vmid()));
  return run(world, call, "qmreboot", {{"verb", "qemu-reboot"}});
}

Answer resize_machine_disk(World& world, const Call& call) {
  const int vmid = call.vmid();
  if (Refusal refusal = check_skiplock(call)) return *refusal;
  const Machine* machine = world.find_machine(vmid);
  if (machine == nullptr) return missing_machine(world, vmid);
  const std::string disk = call.text("disk");
  const std::string present = machine->value(disk);
  if (!call.caller.is_root() && !present.empty()) {
    const std::string storage(storage_of(parse_drive(disk, present).file()));
    const Refusal refusal =
        require(world, call.caller, "/storage/" + storage, {"Datastore.AllocateSpace"});
    if (refusal) return *refusal;
  }
  return run(world,
             call,
             "resize",
             {{"verb", "qemu-resize"},
              {"disk", disk},
              {"size", call.text("size")},
              {"digest", call.text("digest")}});
}

Answer make_template(World& world, const Call& call) {
  const Machine* machine = world.find_machine(call.vmid());
  if (machine == nullptr) return missing_machine(world, call.vmid());
  if (Refusal refusal = check_machine_lock(*machine)) return *refusal;
  if (machine->is_set("template")) return refuse("you can't convert a template to a template");
  if (machine->running) return refuse("you can't convert a VM to template if VM is running");
  return run(world, call, "qmtemplate", {{"verb", "qemu-template"}});
}

}  // namespace aegis::simulator
