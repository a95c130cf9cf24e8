#include "simulator/container_rights.h"

#include <fmt/format.h>

#include <set>

#include "simulator/container_fields.h"
#include "simulator/container_values.h"
#include "simulator/mount_point.h"
#include "simulator/property_string.h"

namespace aegis::simulator {
namespace {

Refusal only_root(std::string_view what) {
  return forbidden(fmt::format("{} is only allowed for root@pam", what));
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Parameters features_in(const ConfigMap* config) {
  if (config == nullptr) return {};
  const auto found = config->find("features");
  if (found == config->end()) return {};
  return parse_property_string(features_field(), found->second).values;
}

std::string feature_of(const Parameters& features, const std::string& name) {
  const auto found = features.find(name);
  return found == features.end() ? "" : found->second;
}

// `after` is empty when the features are deleted.
Refusal check_features(const World& world,
                       const Caller& caller,
                       const ConfigWish& wish,
                       const Parameters& after) {
  if (!wish.unprivileged) return only_root("changing feature flags for privileged container");
  const Parameters before = features_in(wish.present);
  std::set<std::string> changed;
  for (const auto& features : {before, after}) {
    for (const auto& [name, value] : features) {
      if (feature_of(before, name) != feature_of(after, name)) changed.insert(name);
    }
  }
  const bool nesting_changed = changed.erase("nesting") > 0;
  if (!changed.empty()) return only_root("changing feature flags (except nesting)");
  if (!nesting_changed) return {};
  return require(world, caller, fmt::format("/vms/{}", wish.vmid), {"VM.Allocate"});
}

// `value` is null when the key is deleted.
Refusal check_key(const World& world,
                  const Caller& caller,
                  const ConfigWish& wish,
                  const std::string& key,
                  const std::string* value) {
  const std::string path = fmt::format("/vms/{}", wish.vmid);
  if (is_mount_key(key) || is_indexed(key, "unused")) {
    if (Refusal refusal = require(world, caller, path, {"VM.Config.Disk"})) return refusal;
    if (value == nullptr || !is_mount_key(key)) return {};
    const std::string_view type = parse_mount_point(key, *value).type();
    if (type != "volume") return only_root(fmt::format("mount point type {}", type));
    return {};
  }
  if (is_one_of(key, {"cores", "cpulimit", "cpuunits"})) {
    return require(world, caller, path, {"VM.Config.CPU"});
  }
  if (is_one_of(key, {"memory", "swap"})) {
    return require(world, caller, path, {"VM.Config.Memory"});
  }
  if (is_one_of(key, {"nameserver", "searchdomain", "hostname"}) || is_indexed(key, "net")) {
    return require(world, caller, path, {"VM.Config.Network"});
  }
  if (key == "features") {
    const Parameters after =
        value == nullptr ? Parameters{} : parse_property_string(features_field(), *value).values;
    return check_features(world, caller, wish, after);
  }
  if (key == "hookscript") return only_root("changing the hookscript");
  if (is_indexed(key, "dev")) return only_root("configuring device passthrough");
  return require(world, caller, path, {"VM.Config.Options"});
}

Refusal check_bridge(const World& world, const Caller& caller, const std::string& value) {
  const Parameters net = parse_net(value);
  const auto bridge = net.find("bridge");
  if (bridge == net.end()) return {};
  std::string path = fmt::format("/sdn/zones/localnetwork/{}", bridge->second);
  if (const auto tag = net.find("tag"); tag != net.end()) path += "/" + tag->second;
  return require(world, caller, path, {"SDN.Use"});
}

}  // namespace

Refusal check_config_rights(const World& world, const Caller& caller, const ConfigWish& wish) {
  if (caller.is_root()) return {};
  for (const std::string& key : wish.remove) {
    if (Refusal refusal = check_key(world, caller, wish, key, nullptr)) return refusal;
  }
  for (const auto& [key, value] : wish.set) {
    if (Refusal refusal = check_key(world, caller, wish, key, &value)) return refusal;
  }
  return {};
}

Refusal check_resource_rights(const World& world, const Caller& caller, const ConfigWish& wish) {
  if (caller.is_root()) return {};
  for (const auto& [key, value] : wish.set) {
    if (is_indexed(key, "net")) {
      if (Refusal refusal = check_bridge(world, caller, value)) return refusal;
      const bool known = wish.present != nullptr && wish.present->contains(key);
      if (!known) continue;
      if (Refusal refusal = check_bridge(world, caller, wish.present->at(key))) return refusal;
    }
    if (!is_mount_key(key)) continue;
    const MountPoint mount = parse_mount_point(key, value);
    const auto allocation = mount.allocation();
    if (mount.type() != "volume" || !allocation) continue;
    const std::string path = fmt::format("/storage/{}", allocation->storage);
    if (Refusal refusal = require(world, caller, path, {"Datastore.AllocateSpace"})) return refusal;
  }
  return {};
}

Refusal check_disk_storage(const World& world, const Caller& caller, const std::string& storage) {
  if (Refusal refusal = check_available(world, storage)) return refusal;
  const std::string path = fmt::format("/storage/{}", storage);
  if (Refusal refusal = require(world, caller, path, {"Datastore.AllocateSpace"})) return refusal;
  if (!Storages::holds(*world.storages.find(storage), "rootdir")) {
    return refuse(fmt::format("storage '{}' does not support container directories", storage));
  }
  return {};
}

}  // namespace aegis::simulator
