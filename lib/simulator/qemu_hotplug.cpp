#include "simulator/qemu_hotplug.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "simulator/mount_point.h"
#include "simulator/property_string.h"
#include "simulator/qemu_drive.h"
#include "simulator/qemu_fields.h"
#include "simulator/qemu_values.h"

namespace aegis::simulator {
namespace {

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// What the machine itself never sees.
bool is_free_key(std::string_view key) {
  constexpr std::array<std::string_view, 9> k_free{"description",
                                                   "hookscript",
                                                   "lock",
                                                   "name",
                                                   "onboot",
                                                   "protection",
                                                   "shares",
                                                   "startup",
                                                   "tags"};
  return std::find(k_free.begin(), k_free.end(), key) != k_free.end() || is_cloudinit_key(key);
}

std::vector<std::string> features_of(const Machine& machine) {
  const std::string text = machine.value("hotplug");
  if (text.empty() || text == "1") return {"network", "disk", "usb"};
  return split_any(text, ",");
}

// One running machine whose waiting values are tried one by one.
class Hotplug {
 public:
  Hotplug(World& world, Machine& machine)
      : world_(world), machine_(machine), features_(features_of(machine)) {}

  [[nodiscard]] bool has(std::string_view feature) const { return contains(features_, feature); }

  [[nodiscard]] bool can_delete(const std::string& key) const {
    if (is_free_key(key) || key == "cpuunits" || key == "cpulimit") return true;
    if (key == "balloon") return machine_.value(key) != "0";
    if (key == "hotplug") return !has("cpu") && !has("memory");
    if (key == "vcpus") return has("cpu");
    if (key == "memory") return has("memory");
    if (key == "tablet" || is_indexed(key, "usb")) return has("usb");
    if (is_indexed(key, "net")) return has("network");
    return is_pluggable_drive(key) && has("disk");
  }

  // "" when it was or can be done, k_waits when it has to wait, else the complaint.
  [[nodiscard]] std::string try_set(const std::string& key, const std::string& value) const {
    if (key == "cpuunits" || key == "cpulimit") return {};
    if (key == "hotplug") {
      const bool wants =
          value.find("cpu") != std::string::npos || value.find("memory") != std::string::npos;
      return wait_unless(!wants && !has("cpu") && !has("memory"));
    }
    if (key == "vcpus") return wait_unless(has("cpu"));
    if (key == "memory") return wait_unless(has("memory"));
    if (key == "tablet" || is_indexed(key, "usb")) return wait_unless(has("usb"));
    if (key == "agent") return try_agent(value);
    if (key == "balloon") return wait_unless((machine_.value(key) == "0") == (value == "0"));
    if (is_indexed(key, "net")) return try_net(key, value);
    if (is_drive_key(key)) return try_drive(key, value);
    return std::string(k_waits);
  }

  static constexpr std::string_view k_waits = "waits";

 private:
  static std::string wait_unless(bool possible) { return possible ? "" : std::string(k_waits); }

  static bool is_pluggable_drive(std::string_view key) {
    return is_indexed(key, "scsi") || is_indexed(key, "virtio");
  }

  // Only what is looked at when it is needed changes in an agent that is there.
  [[nodiscard]] std::string try_agent(const std::string& value) const {
    const Field& field = *machine_field("agent");
    Parameters before = parse_property_string(field, machine_.value("agent")).values;
    Parameters after = parse_property_string(field, value).values;
    if (before.empty()) return std::string(k_waits);
    for (Parameters* agent : {&before, &after}) agent->erase("fstrim_cloned_disks");
    return wait_unless(before == after);
  }

  [[nodiscard]] std::string try_net(const std::string& key, const std::string& value) const {
    Parameters before = parse_machine_net(machine_.value(key));
    Parameters after = parse_machine_net(value);
    bool plugs = before.empty();
    for (const std::string name : {"model", "macaddr", "queues", "mtu"}) {
      plugs = plugs || before[name] != after[name];
    }
    if (plugs && !has("network")) return std::string(k_waits);
    const std::string bridge = after["bridge"];
    if (bridge.empty() || world_.has_bridge(bridge)) return {};
    return fmt::format("bridge '{}' does not exist", bridge);
  }

  [[nodiscard]] std::string try_drive(const std::string& key, const std::string& value) const {
    if (key == "efidisk0" || key == "tpmstate0") return std::string(k_waits);
    const Drive after = parse_drive(key, value);
    if (!machine_.config.contains(key)) {
      return wait_unless(has("disk") && is_pluggable_drive(key));
    }
    const Drive before = parse_drive(key, machine_.value(key));
    if (before.is_cdrom() != after.is_cdrom()) return "unable to change media type";
    if (before.is_cdrom()) return {};
    if (before.file() != after.file()) return wait_unless(has("disk"));
    constexpr std::array<std::string_view, 6> k_cold{
        "aio", "cache", "discard", "iothread", "ro", "ssd"};
    const bool same = std::all_of(k_cold.begin(), k_cold.end(), [&](std::string_view name) {
      return before.value(name) == after.value(name);
    });
    return wait_unless(same);
  }

  World& world_;
  Machine& machine_;
  std::vector<std::string> features_;
};

void take_value(World& world, Machine& machine, const std::string& key) {
  const std::string before = machine.value(key);
  machine.config[key] = machine.pending.at(key);
  machine.pending.erase(key);
  if (!is_drive_key(key) || before.empty()) return;
  release_drive(world, machine, parse_drive(key, before));
}

void take_deletion(World& world, Machine& machine, const std::string& key) {
  const std::string before = machine.value(key);
  machine.pending_delete.erase(key);
  machine.config.erase(key);
  if (is_drive_key(key) && !before.empty()) release_drive(world, machine, parse_drive(key, before));
}

}  // namespace

FieldErrors hotplug_machine(World& world, Machine& machine, const KeySet& modified) {
  const Hotplug hotplug(world, machine);
  FieldErrors errors;
  const ConfigMap waiting = machine.pending;
  for (const auto& [key, value] : waiting) {
    if (is_free_key(key)) take_value(world, machine, key);
  }
  const auto deletions = machine.pending_delete;
  for (const std::string& key : deletions) {
    if (modified.contains(key) && hotplug.can_delete(key)) take_deletion(world, machine, key);
  }
  bool plugs_cloudinit = false;
  for (const auto& [key, value] : waiting) {
    if (is_free_key(key) || !modified.contains(key)) continue;
    const std::string outcome = hotplug.try_set(key, value);
    if (outcome == Hotplug::k_waits) continue;
    if (!outcome.empty()) {
      errors[key] = fmt::format("hotplug problem - {}", outcome);
      continue;
    }
    plugs_cloudinit =
        plugs_cloudinit || (is_drive_key(key) && parse_drive(key, value).is_cloudinit());
    take_value(world, machine, key);
  }
  forget_attached(machine);
  if (plugs_cloudinit || hotplug.has("cloudinit")) generate_cloudinit(machine);
  return errors;
}

void apply_machine_pending(World& world, Machine& machine) {
  const auto deletions = machine.pending_delete;
  for (const std::string& key : deletions) take_deletion(world, machine, key);
  const ConfigMap values = machine.pending;
  bool changes_drive = false;
  for (const auto& [key, value] : values) {
    changes_drive = changes_drive || (is_drive_key(key) && parse_drive(key, value).is_cloudinit());
    take_value(world, machine, key);
  }
  forget_attached(machine);
  if (changes_drive) generate_cloudinit(machine);
}

void cleanup_machine_pending(Machine& machine) {
  std::erase_if(machine.pending, [&](const auto& waiting) {
    const auto present = machine.config.find(waiting.first);
    return present != machine.config.end() && present->second == waiting.second;
  });
  std::erase_if(machine.pending_delete,
                [&](const std::string& key) { return !machine.config.contains(key); });
}

std::string machine_start_problem(const World& world, const Machine& machine) {
  if (machine.is_set("template")) return "you can't start a vm if it's a template";
  for (const auto& [key, value] : machine.config) {
    if (is_drive_key(key)) {
      const std::string file = parse_drive(key, value).file();
      const bool managed = file.find(':') != std::string::npos;
      if (managed && !world.storages.volumes.contains(file)) {
        return fmt::format("volume '{}' does not exist", file);
      }
    }
    if (!is_indexed(key, "net")) continue;
    const Parameters net = parse_machine_net(value);
    const auto bridge = net.find("bridge");
    if (bridge != net.end() && !world.has_bridge(bridge->second)) {
      return fmt::format("bridge '{}' does not exist", bridge->second);
    }
  }
  return {};
}

}  // namespace aegis::simulator
