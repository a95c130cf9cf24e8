#include "simulator/container_update.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "simulator/container_fields.h"
#include "simulator/container_rights.h"
#include "simulator/container_values.h"
#include "simulator/hotplug.h"
#include "simulator/mount_point.h"

namespace aegis::simulator {
namespace {

constexpr std::chrono::seconds k_file_lock_wait{10};
constexpr std::string_view k_list_separators{", ;\t\n\r\0", 7};

struct Update {
  ConfigWish wish;
  std::vector<std::string> revert;
};

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Refusal read_keys(const Call& call, std::string_view parameter, std::vector<std::string>& keys) {
  for (const std::string& key : split_any(call.text(parameter), k_list_separators)) {
    if (container_field(key) == nullptr) {
      return invalid(parameter, fmt::format("unknown option '{}'", key));
    }
    if (call.has(key)) {
      return invalid(
          parameter,
          fmt::format("you can't use '-{0}' and -{1} {0}' at the same time", key, parameter));
    }
    keys.push_back(key);
  }
  return {};
}

Refusal read_update(const Call& call, Update& update) {
  update.wish.vmid = call.vmid();
  for (const auto& [key, value] : call.parameters) {
    if (container_field(key) != nullptr) update.wish.set[key] = value;
  }
  if (Refusal refusal = read_keys(call, "delete", update.wish.remove)) return refusal;
  if (Refusal refusal = read_keys(call, "revert", update.revert)) return refusal;
  const bool empty = update.wish.set.empty() && !call.has("delete") && !call.has("revert");
  if (empty) return refuse("no options specified");
  return {};
}

Refusal check_protection(const Container& container, std::string_view verb, std::string_view key) {
  if (!container.is_set("protection")) return {};
  return refuse(fmt::format(
      "can't {} CT {} drive '{}' - protection mode enabled", verb, container.vmid, key));
}

Refusal take_deletions(Container& container, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    if (key == "unprivileged") {
      return refuse(fmt::format("unable to delete read-only option: '{}'", key));
    }
    if (is_one_of(key, {"memory", "rootfs", "ostype"})) {
      return refuse(fmt::format("unable to delete required option '{}'", key));
    }
    if (is_indexed(key, "mp") || is_indexed(key, "unused")) {
      if (Refusal refusal = check_protection(container, "remove", key)) return refusal;
    }
    // Deleting what is only pending changes nothing: that is what `revert` is for.
    if (container.config.contains(key)) container.pending_delete.insert(key);
  }
  return {};
}

Refusal check_net(const World& world, std::string_view key, std::string_view value) {
  const Parameters net = parse_net(value);
  const auto mtu = net.find("mtu");
  const auto name = net.find("bridge");
  if (mtu == net.end() || name == net.end()) return {};
  const int widest = world.bridge_mtu(name->second);
  if (!world.has_bridge(name->second) || std::atoi(mtu->second.c_str()) <= widest) return {};
  return refuse(
      fmt::format("{}: MTU size '{}' is bigger than bridge MTU '{}'", key, mtu->second, widest));
}

Refusal check_new_value(const World& world,
                        const Container& container,
                        const std::string& key,
                        const std::string& value) {
  if (key == "unprivileged") {
    return refuse(fmt::format("unable to modify read-only option: '{}'", key));
  }
  if (is_mount_key(key)) {
    if (Refusal refusal = check_protection(container, "update", key)) return refusal;
    return check_volume(world, key, value);
  }
  if (is_indexed(key, "net")) return check_net(world, key, value);
  if (key == "hookscript" && !world.storages.volumes.contains(value)) {
    return refuse(fmt::format("script '{}' does not exist", value));
  }
  if (is_indexed(key, "dev")) {
    const std::string path = value.substr(0, value.find(','));
    const std::string device = path.starts_with("path=") ? path.substr(5) : path;
    if (!world.path_exists(device)) return refuse(fmt::format("Device {} does not exist", device));
  }
  return {};
}

void drop_equal(Container& container) {
  std::erase_if(container.pending, [&](const auto& waiting) {
    const auto present = container.config.find(waiting.first);
    return present != container.config.end() && present->second == waiting.second;
  });
}

Refusal take_values(World& world, Container& container, const ConfigMap& values) {
  for (const auto& [key, value] : values) {
    if (Refusal refusal = check_new_value(world, container, key, value)) return refusal;
    // An empty description is a deletion; an empty anything else is stored.
    if (key == "description" && stored_value(world, key, value).empty()) {
      if (container.config.contains(key)) container.pending_delete.insert(key);
      continue;
    }
    container.pending[key] = stored_value(world, key, value);
    container.pending_delete.erase(key);
  }
  drop_equal(container);
  return {};
}

}  // namespace

Refusal check_lock(const Container& container) {
  const std::string lock = container.value("lock");
  if (lock.empty()) return {};
  return refuse(fmt::format("CT is locked ({})", lock));
}

Refusal check_digest(const Container& container, std::string_view digest) {
  if (digest.empty() || digest == digest_of(container)) return {};
  return refuse("detected modified configuration - file changed by other user? Try again.");
}

Refusal wait_for_file_lock(World& world, int vmid) {
  return wait_for_file_lock(world, vmid, fmt::format("/run/lock/lxc/pve-config-{}.lock", vmid));
}

Refusal wait_for_file_lock(World& world, int vmid, std::string_view file) {
  const std::string id = fmt::format("{}", vmid);
  Task* holder = world.tasks.last_of(id);
  if (holder == nullptr) return {};
  const auto remaining =
      std::chrono::duration_cast<std::chrono::milliseconds>(holder->ends - world.now());
  if (remaining > k_file_lock_wait) {
    world.waited += k_file_lock_wait;
    return refuse(fmt::format("can't lock file '{}' - got timeout", file));
  }
  world.waited += std::max(remaining, std::chrono::milliseconds(0));
  for (Task& task : world.tasks.all()) {
    if (task.running && task.id == id && task.type != "vzdump") task.ends = world.now();
  }
  settle(world);
  return {};
}

Answer update_config(World& world, const Call& call) {
  Update update;
  if (Refusal refusal = read_update(call, update)) return *refusal;
  const int vmid = call.vmid();
  const Container* present = world.find_container(vmid);
  if (present == nullptr) return missing_container(world, vmid);
  update.wish.unprivileged = present->is_set("unprivileged");
  update.wish.present = &present->config;
  if (Refusal refusal = check_config_rights(world, call.caller, update.wish)) return *refusal;
  if (Refusal refusal = check_resource_rights(world, call.caller, update.wish)) return *refusal;
  if (Refusal refusal = wait_for_file_lock(world, vmid)) return *refusal;
  present = world.find_container(vmid);
  if (present == nullptr) return missing_container(world, vmid);
  if (Refusal refusal = check_lock(*present)) return *refusal;
  if (Refusal refusal = check_digest(*present, call.text("digest"))) return *refusal;

  // Worked out on a copy: a refusal must leave nothing behind.
  Container changed = *present;
  for (const std::string& key : update.revert) {
    changed.pending.erase(key);
    changed.pending_delete.erase(key);
  }
  if (Refusal refusal = take_deletions(changed, update.wish.remove)) return *refusal;
  if (Refusal refusal = take_values(world, changed, update.wish.set)) return *refusal;
  if (changed.running) {
    if (Refusal refusal = hotplug(world, changed)) return *refusal;
  } else {
    apply_pending(world, changed);
  }
  world.containers[vmid] = std::move(changed);
  return answer();
}

}  // namespace aegis::simulator
