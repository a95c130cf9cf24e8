#include "simulator/container_calls.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/cluster.h"
#include "simulator/container_update.h"
#include "simulator/ha.h"
#include "simulator/hotplug.h"
#include "simulator/mount_point.h"
#include "simulator/references.h"
#include "simulator/snapshot_work.h"

namespace aegis::simulator {
namespace {

Json subdirectories(std::initializer_list<std::string_view> names) {
  Json list = Json::array();
  for (const std::string_view name : names) list.push_back({{"subdir", name}});
  return list;
}

Answer run(World& world, const Call& call, std::string type, std::string_view verb) {
  return answer(start_task(world,
                           call.caller,
                           std::move(type),
                           fmt::format("{}", call.vmid()),
                           {{"verb", verb}, {"vmid", call.vmid()}}));
}

Refusal check_skiplock(const Call& call) {
  if (!call.flag("skiplock") || call.caller.is_root()) return {};
  return invalid("skiplock", "Only root may use this option.");
}

// Stops, shutdowns and reboots of what is not running are refused in the call itself.
Answer end_running(World& world,
                   const Call& call,
                   std::string_view noun,
                   std::string type,
                   std::string_view verb) {
  if (Refusal refusal = check_skiplock(call)) return *refusal;
  const Container* container = world.find_container(call.vmid());
  if (container == nullptr) return missing_container(world, call.vmid());
  if (!container->running) return refuse(fmt::format("{} {} not running", noun, call.vmid()));
  if (verb == "stop" && !ha_state_of(world, ha_id(world, call.vmid())).empty()) {
    return ask_ha_manager(world, call, "hastop", "stopped");
  }
  return run(world, call, std::move(type), verb);
}

}  // namespace

Answer list_containers(World& world, const Call& call) {
  Json items = Json::array();
  for (const auto& [vmid, container] : world.containers) {
    if (node_of(world, container) != world.node) continue;
    if (!may(world, call.caller, fmt::format("/vms/{}", vmid), {"VM.Audit"})) continue;
    items.push_back(list_item(container, world.now(), world.options.host_cores));
  }
  return answer(std::move(items));
}

Answer container_index(World& world, const Call& call) {
  if (world.find_container(call.vmid()) == nullptr) return missing_container(world, call.vmid());
  return answer(subdirectories({"config",
                                "pending",
                                "status",
                                "vncproxy",
                                "termproxy",
                                "vncwebsocket",
                                "spiceproxy",
                                "migrate",
                                "clone",
                                "initlog",
                                "rrd",
                                "rrddata",
                                "firewall",
                                "snapshot",
                                "resize",
                                "interfaces"}));
}

Answer destroy_container(World& world, const Call& call) {
  const int vmid = call.vmid();
  if (world.find_container(vmid) == nullptr) return missing_container(world, vmid);
  if (Refusal refusal = wait_for_file_lock(world, vmid)) return *refusal;
  Container* container = world.find_container(vmid);
  if (container == nullptr) return missing_container(world, vmid);
  if (container->is_set("protection")) {
    return refuse(fmt::format("can't remove CT {} - protection mode enabled", vmid));
  }
  if (Refusal refusal = check_references(world, call, "CT")) return *refusal;
  if (Refusal refusal = check_lock(*container)) return *refusal;
  if (container->running && !call.flag("force")) {
    return refuse(fmt::format("unable to destroy CT {} - container is running", vmid));
  }
  // A stub stands in for the configuration until the disks are gone.
  container->config["lock"] = "destroyed";
  return answer(start_task(world,
                           call.caller,
                           "vzdestroy",
                           fmt::format("{}", vmid),
                           {{"verb", "destroy"},
                            {"vmid", vmid},
                            {"force", call.flag("force")},
                            {"purge", call.flag("purge")}}));
}

Answer read_config(World& world, const Call& call) {
  const Container* container = world.find_container(call.vmid());
  if (container == nullptr) return missing_container(world, call.vmid());
  if (call.has("snapshot")) {
    const std::string name = call.text("snapshot");
    const auto snapshot = container->snapshots.find(name);
    if (snapshot == container->snapshots.end()) {
      return refuse(fmt::format("snapshot '{}' does not exist", name));
    }
    Json config = snapshot_json(snapshot->second);
    config["digest"] = digest_of(*container);
    return answer(std::move(config));
  }
  return answer(config_json(*container, call.flag("current")));
}

Answer read_pending(World& world, const Call& call) {
  const Container* container = world.find_container(call.vmid());
  if (container == nullptr) return missing_container(world, call.vmid());
  return answer(pending_json(*container));
}

Answer status_index(World& world, const Call& call) {
  if (world.find_container(call.vmid()) == nullptr) return missing_container(world, call.vmid());
  return answer(
      subdirectories({"current", "start", "stop", "shutdown", "suspend", "resume", "reboot"}));
}

Answer read_status(World& world, const Call& call) {
  const Container* container = world.find_container(call.vmid());
  if (container == nullptr) return missing_container(world, call.vmid());
  Json status = list_item(*container, world.now(), world.options.host_cores);
  status["ha"] = ha_json(world, ha_id(world, call.vmid()));
  return answer(std::move(status));
}

Answer start_container(World& world, const Call& call) {
  if (Refusal refusal = check_skiplock(call)) return *refusal;
  const Container* container = world.find_container(call.vmid());
  if (container == nullptr) return missing_container(world, call.vmid());
  if (container->running) return refuse(fmt::format("CT {} already running", call.vmid()));
  if (!ha_state_of(world, ha_id(world, call.vmid())).empty()) {
    return ask_ha_manager(world, call, "hastart", "started");
  }
  return run(world, call, "vzstart", "start");
}

Answer stop_container(World& world, const Call& call) {
  return end_running(world, call, "CT", "vzstop", "stop");
}

Answer shut_container_down(World& world, const Call& call) {
  return end_running(world, call, "CT", "vzshutdown", "stop");
}

Answer reboot_container(World& world, const Call& call) {
  return end_running(world, call, "VM", "vzreboot", "reboot");
}

Answer resize_disk(World& world, const Call& call) {
  const int vmid = call.vmid();
  if (world.find_container(vmid) == nullptr) return missing_container(world, vmid);
  if (Refusal refusal = wait_for_file_lock(world, vmid)) return *refusal;
  const Container* container = world.find_container(vmid);
  if (container == nullptr) return missing_container(world, vmid);
  // The call's leftover `disk` parameter falls into the check of "all other" keys.
  const std::string path = fmt::format("/vms/{}", vmid);
  if (Refusal refusal = require(world, call.caller, path, {"VM.Config.Options"})) return *refusal;
  if (Refusal refusal = check_lock(*container)) return *refusal;
  if (Refusal refusal = check_digest(*container, call.text("digest"))) return *refusal;
  const std::string disk = call.text("disk");
  const MountPoint mount = parse_mount_point(disk, container->value(disk));
  if (mount.volume().empty()) {
    Answer failure = refuse("format error");
    failure.errors = {{"volume", "property is missing and it is not optional"},
                      {"mp", "property is missing and it is not optional"}};
    return failure;
  }
  const std::string storage = fmt::format("/storage/{}", storage_of(mount.volume()));
  if (Refusal refusal = require(world, call.caller, storage, {"Datastore.AllocateSpace"})) {
    return *refusal;
  }
  const auto volume = world.storages.volumes.find(mount.volume());
  if (volume == world.storages.volumes.end()) {
    return refuse(fmt::format("volume '{}' does not exist", mount.volume()));
  }
  const std::string wanted = call.text("size");
  const bool relative = wanted.starts_with('+');
  const std::int64_t present = volume->second.size;
  const std::int64_t size =
      parse_disk_size(relative ? wanted.substr(1) : wanted).value_or(0) + (relative ? present : 0);
  if (size < present) return refuse("unable to shrink disk size");
  if (size == present) return refuse("disk is already at specified size");
  return answer(start_task(world,
                           call.caller,
                           "resize",
                           fmt::format("{}", vmid),
                           {{"verb", "resize"}, {"vmid", vmid}, {"disk", disk}, {"size", size}}));
}

Answer read_feature(World& world, const Call& call) {
  const Container* container = world.find_container(call.vmid());
  if (container == nullptr) return missing_container(world, call.vmid());
  const bool has =
      call.text("feature") == "copy" ? !container->running : can_snapshot(world, *container);
  return answer({{"hasFeature", has ? 1 : 0}});
}

}  // namespace aegis::simulator
