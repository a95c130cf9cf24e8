#include "simulator/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "simulator/backup_work.h"
#include "simulator/clone_work.h"
#include "simulator/container_update.h"
#include "simulator/container_values.h"
#include "simulator/content_work.h"
#include "simulator/ha.h"
#include "simulator/hotplug.h"
#include "simulator/migration_work.h"
#include "simulator/mount_point.h"
#include "simulator/pending.h"
#include "simulator/qemu_work.h"
#include "simulator/references.h"
#include "simulator/snapshot_work.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_ok = "OK";

int vmid_of(const Task& task) {
  return static_cast<int>(as_integer(get(task.work, "vmid")).value_or(0));
}

// "debian" of "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst".
std::string ostype_of(std::string_view volume_id) {
  const std::size_t slash = volume_id.find('/');
  const std::string_view name = volume_id.substr(slash + 1);
  const std::string system(name.substr(0, name.find('-')));
  constexpr std::array<std::string_view, 9> k_known{"debian",
                                                    "devuan",
                                                    "ubuntu",
                                                    "centos",
                                                    "fedora",
                                                    "opensuse",
                                                    "archlinux",
                                                    "alpine",
                                                    "gentoo"};
  const bool known = std::find(k_known.begin(), k_known.end(), system) != k_known.end();
  return known ? system : "unmanaged";
}

ConfigMap created_config(World& world, const Task& task) {
  const int vmid = vmid_of(task);
  const std::string storage = text_or(task.work, "storage");
  ConfigMap config{{"arch", "amd64"},
                   {"hostname", fmt::format("CT{}", vmid)},
                   {"memory", "512"},
                   {"ostype", ostype_of(text_or(task.work, "ostemplate"))},
                   {"swap", "512"}};
  const Json& wanted = get(task.work, "config");
  // The root disk comes first: it gets the first number.
  if (wanted.contains("rootfs")) {
    config["rootfs"] = realise_mount(world, vmid, "rootfs", text_or(wanted, "rootfs"), storage);
  }
  for (const auto& [key, value] : wanted.items()) {
    if (key == "rootfs") continue;
    const std::string text = as_text(value);
    config[key] = is_mount_key(key) ? realise_mount(world, vmid, key, text, storage)
                                    : stored_value(world, key, text);
  }
  if (config["description"].empty()) config.erase("description");
  return config;
}

std::string create(World& world, Task& task) {
  const int vmid = vmid_of(task);
  const std::string ostemplate = text_or(task.work, "ostemplate");
  if (!world.storages.volumes.contains(ostemplate)) {
    world.containers.erase(vmid);
    return fmt::format("unable to create CT {} - volume '{}' does not exist", vmid, ostemplate);
  }
  Container container;
  container.vmid = vmid;
  container.config = created_config(world, task);
  task.log.push_back(fmt::format("extracting archive '{}'", ostemplate));
  world.containers[vmid] = std::move(container);
  finish_making(world, task, vmid);
  return std::string(k_ok);
}

void remove_container(World& world, int vmid) {
  world.containers.erase(vmid);
  world.firewalls.guests.erase(vmid);
  world.injected_locks.erase(vmid);
  std::erase_if(world.storages.volumes, [&](const auto& entry) {
    return entry.second.vmid == vmid && entry.second.content != "backup";
  });
  forget_guest(world, vmid);
}

std::string start(World& world, Container& container) {
  if (container.running) return fmt::format("CT {} already running", container.vmid);
  if (const Refusal locked = check_lock(container)) return locked->message;
  apply_pending(world, container);
  std::string problem = start_problem(world, container);
  if (!problem.empty()) return problem;
  container.running = true;
  container.started = world.now();
  return std::string(k_ok);
}

std::string stop(World& world, Container& container) {
  if (const Refusal locked = check_lock(container)) return locked->message;
  container.running = false;
  apply_pending(world, container);
  return std::string(k_ok);
}

// The stop half of a reboot looks at no lock; a start that then fails leaves the container down.
std::string reboot(World& world, Container& container) {
  container.running = false;
  const bool locked = check_lock(container).has_value();
  if (!locked && start(world, container) == k_ok) return std::string(k_ok);
  return fmt::format("startup for container '{}' failed", container.vmid);
}

std::string destroy(World& world, Container& container, const Task& task) {
  const bool force = as_bool(get(task.work, "force")).value_or(false);
  if (container.running && !force) {
    return fmt::format("unable to destroy CT {} - container is running", container.vmid);
  }
  if (as_bool(get(task.work, "purge")).value_or(false)) purge_references(world, container.vmid);
  remove_container(world, container.vmid);
  return std::string(k_ok);
}

std::string resize(World& world, Container& container, const Task& task) {
  const std::string disk = text_or(task.work, "disk");
  MountPoint mount = parse_mount_point(disk, container.value(disk));
  const auto volume = world.storages.volumes.find(mount.volume());
  if (volume == world.storages.volumes.end()) {
    return fmt::format("volume '{}' does not exist", mount.volume());
  }
  volume->second.size = as_integer(get(task.work, "size")).value_or(volume->second.size);
  mount.values["size"] = format_disk_size(volume->second.size);
  container.config[disk] = mount.print();
  return std::string(k_ok);
}

std::string duplicate_name(const Container& container) {
  std::set<std::string> names;
  for (const auto& [key, value] : container.config) {
    if (!is_indexed(key, "net")) continue;
    const Parameters net = parse_net(value);
    const auto name = net.find("name");
    if (name != net.end() && !names.insert(name->second).second) return name->second;
  }
  return {};
}

// LXC does not start what includes a file that is not there.
bool raw_lines_work(const World& world, const Container& container) {
  constexpr std::string_view k_include = "lxc.include: ";
  for (const std::string& line : split(container.value("lxc"), '\n')) {
    if (!line.starts_with(k_include)) continue;
    if (!world.path_exists(line.substr(k_include.size()))) return false;
  }
  return true;
}

}  // namespace

void finish_making(World& world, const Task& task, int vmid) {
  const std::string pool = text_or(task.work, "pool");
  if (!pool.empty()) world.pools[pool].vms.insert(vmid);
  if (as_bool(get(task.work, "start")).value_or(false)) {
    const bool is_machine = is_machine_work(task);
    start_task(world,
               Caller{task.user},
               is_machine ? "qmstart" : "vzstart",
               fmt::format("{}", vmid),
               {{"verb", is_machine ? "qemu-start" : "start"}, {"vmid", vmid}});
  }
}

std::string perform_work(World& world, Task& task) {
  if (const auto done = perform_migration_work(world, task)) return *done;
  if (is_machine_work(task)) return perform_machine_work(world, task);
  const std::string verb = text_or(task.work, "verb");
  if (verb == "create") return create(world, task);
  if (const auto done = perform_content_work(world, task)) return *done;
  if (const auto done = perform_backup_work(world, task)) return *done;
  if (verb == "want") {
    want_ha_state(world, text_or(task.work, "sid"), text_or(task.work, "state"));
    return std::string(k_ok);
  }
  if (verb == "reload_network") {
    world.network.reload();
    return std::string(k_ok);
  }
  Container* container = world.find_container(vmid_of(task));
  if (container == nullptr) return missing_container(world, vmid_of(task)).message;
  if (verb == "start") return start(world, *container);
  if (verb == "stop") return stop(world, *container);
  if (verb == "reboot") return reboot(world, *container);
  if (verb == "destroy") return destroy(world, *container, task);
  if (verb == "resize") return resize(world, *container, task);
  if (verb == "clone") return clone_container(world, task);
  if (const auto done = perform_snapshot_work(world, *container, task)) return *done;
  return fmt::format("unknown work '{}'", verb);
}

void abandon_work(World& world, const Task& task) {
  if (is_machine_work(task)) {
    abandon_machine_work(world, task);
    return;
  }
  const std::string verb = text_or(task.work, "verb");
  if (verb == "migrate") abandon_migration(world, task);
  if (verb == "backup") unlock_after_backup(world, task);
  if (verb == "clone") abandon_clone(world, task);
  Container* container = world.find_container(vmid_of(task));
  if (container == nullptr) return;
  // A restore that fails half-way has already given the old configuration up.
  if (verb == "create" || verb == "restore") world.containers.erase(vmid_of(task));
  if (verb == "destroy") container->config.erase("lock");
  // A reboot that fails has already stopped the container.
  if (verb == "reboot") container->running = false;
}

std::string start_problem(const World& world, const Container& container) {
  for (const auto& [key, value] : container.config) {
    if (is_mount_key(key)) {
      std::string problem = mount_problem(world, key, value);
      if (!problem.empty()) return problem;
    }
    if (is_indexed(key, "net")) {
      const Parameters net = parse_net(value);
      const auto bridge = net.find("bridge");
      if (bridge != net.end() && !world.has_bridge(bridge->second)) {
        return fmt::format("bridge '{}' does not exist", bridge->second);
      }
    }
    if (is_indexed(key, "dev")) {
      const std::string device = value.substr(0, value.find(','));
      if (!world.path_exists(device)) return fmt::format("Device {} does not exist", device);
    }
  }
  if (!duplicate_name(container).empty() || !raw_lines_work(world, container)) {
    return fmt::format("startup for container '{}' failed", container.vmid);
  }
  return {};
}

}  // namespace aegis::simulator
