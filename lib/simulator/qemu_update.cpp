#include "simulator/qemu_update.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "simulator/container_update.h"
#include "simulator/mount_point.h"
#include "simulator/qemu_drive.h"
#include "simulator/qemu_fields.h"
#include "simulator/qemu_hotplug.h"
#include "simulator/qemu_rights.h"
#include "simulator/qemu_values.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_list_separators{", ;\t\n\r\0", 7};

bool has(const std::vector<std::string>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Refusal read_keys(const Call& call, std::string_view parameter, std::vector<std::string>& keys) {
  for (const std::string& key : split_any(call.text(parameter), k_list_separators)) {
    if (machine_field(key) == nullptr) {
      return invalid(parameter, fmt::format("unknown option '{}'", key));
    }
    if (call.has(key)) {
      return invalid(
          "delete",
          fmt::format("you can't use '-{0}' and -{1} {0}' at the same time", key, parameter));
    }
    keys.push_back(key);
  }
  return {};
}

Refusal read_wish(const Call& call, MachineWish& wish) {
  wish.vmid = call.vmid();
  for (const auto& [key, value] : call.parameters) {
    if (machine_field(key) != nullptr) wish.set[key] = value;
  }
  if (wish.set.empty() && !call.has("delete") && !call.has("revert")) {
    return refuse("no options specified");
  }
  if (Refusal refusal = read_keys(call, "revert", wish.revert)) return refusal;
  if (Refusal refusal = read_keys(call, "delete", wish.remove)) return refusal;
  return check_machine_values(wish.set);
}

std::int64_t number(const std::string& text) {
  return std::strtoll(text.c_str(), nullptr, 10);
}

Refusal check_balloon(const MachineWish& wish) {
  const auto wanted = [&](const std::string& key) {
    const auto set = wish.set.find(key);
    return set == wish.set.end() ? wish.before(key) : set->second;
  };
  if (!wish.set.contains("memory") && !wish.set.contains("balloon")) return {};
  const std::string memory = wanted("memory");
  if (number(wanted("balloon")) <= (memory.empty() ? 512 : number(memory))) return {};
  return refuse("balloon value too large (must be smaller than assigned memory)");
}

// The checks that come before anything is written.
Refusal check_update(World& world, const Call& call, MachineWish& wish) {
  if (Refusal refusal = read_wish(call, wish)) return refusal;
  if (call.flag("skiplock") && !call.caller.is_root()) {
    return invalid("skiplock", "Only root may use this option.");
  }
  wish.present = world.find_machine(wish.vmid);
  if (Refusal refusal = check_machine_rights(world, call.caller, wish)) return refusal;
  if (Refusal refusal = check_machine_resources(world, call.caller, wish)) return refusal;
  if (wish.present == nullptr) return missing_machine(world, wish.vmid);
  if (Refusal refusal = wait_for_machine_lock(world, wish.vmid)) return refusal;
  wish.present = world.find_machine(wish.vmid);
  if (wish.present == nullptr) return missing_machine(world, wish.vmid);
  if (Refusal refusal = check_machine_digest(*wish.present, call.text("digest"))) return refusal;
  if (!call.flag("skiplock")) {
    if (Refusal refusal = check_machine_lock(*wish.present)) return refusal;
  }
  return check_balloon(wish);
}

// Writes a wish into what waits, as the host does before it tries what can be done at once.
class PendingWriter {
 public:
  PendingWriter(World& world, Machine& machine, MachineWish wish)
      : world_(world), machine_(machine), wish_(std::move(wish)), boot_(boot_devices(machine)) {}

  Refusal write() {
    take_reverts();
    for (const std::string& key : wish_.remove) {
      if (Refusal refusal = take_deletion(key)) return refusal;
    }
    for (const auto& [key, value] : wish_.set) {
      if (Refusal refusal = take_value(key, value)) return refusal;
    }
    cleanup_machine_pending(machine_);
    return {};
  }

  [[nodiscard]] const KeySet& modified() const { return modified_; }

 private:
  // Reverting asks for the value in force again; what only waits is deleted.
  void take_reverts() {
    for (const std::string& key : wish_.revert) {
      machine_.pending_delete.erase(key);
      if (machine_.config.contains(key)) {
        release_waiting(key);
        machine_.pending.erase(key);
      } else if (machine_.pending.contains(key)) {
        wish_.remove.push_back(key);
      }
    }
  }

  // A disk that was made and only waits becomes an unused one.
  void release_waiting(const std::string& key) {
    const auto waiting = machine_.pending.find(key);
    if (waiting == machine_.pending.end() || !is_drive_key(key)) return;
    const Drive drive = parse_drive(key, waiting->second);
    if (drive.file() == parse_drive_file(key)) return;
    release_drive(world_, machine_, drive);
  }

  [[nodiscard]] std::string parse_drive_file(const std::string& key) const {
    const std::string present = machine_.value(key);
    return present.empty() ? "" : parse_drive(key, present).file();
  }

  Refusal take_deletion(const std::string& key) {
    const bool waits = machine_.pending.contains(key);
    if (!waits && !machine_.config.contains(key)) return {};
    modified_.insert(key);
    const bool guarded = is_drive_key(key) || is_indexed(key, "unused");
    if (guarded && machine_.is_set("protection")) {
      const bool unused = is_indexed(key, "unused");
      return refuse(fmt::format("can't remove {} '{}' - protection mode enabled",
                                unused ? "unused disk" : "drive",
                                unused ? machine_.value(key) : key));
    }
    if (is_indexed(key, "unused")) {
      world_.storages.volumes.erase(machine_.value(key));
      machine_.config.erase(key);
      return {};
    }
    release_waiting(key);
    machine_.pending.erase(key);
    if (has(boot_, key)) {
      std::erase(boot_, key);
      set_boot();
    }
    if (key == "tags") {
      machine_.config.erase(key);
    } else {
      machine_.pending_delete.insert(key);
    }
    return {};
  }

  void set_boot() {
    machine_.pending["boot"] = print_boot(boot_);
    modified_.insert("boot");
  }

  Refusal take_value(const std::string& key, const std::string& value) {
    modified_.insert(key);
    machine_.pending_delete.erase(key);
    if (key == "cipassword") {
      machine_.config[key] = stored_machine_value(world_, key, value);
      return {};
    }
    if (is_drive_key(key)) return take_drive(key, value);
    if (key == "boot") {
      if (Refusal refusal = check_boot(value)) return refusal;
    }
    const std::string stored = stored_machine_value(world_, key, value);
    if (stored.empty()) {
      machine_.pending_delete.insert(key);
    } else {
      machine_.pending[key] = stored;
    }
    return {};
  }

  Refusal take_drive(const std::string& key, const std::string& value) {
    release_waiting(key);
    std::string problem;
    const std::string stored = realise_drive(world_, machine_, key, value, problem);
    if (!problem.empty()) return refuse(problem);
    machine_.pending[key] = stored;
    const bool new_cdrom = parse_drive(key, stored).is_cdrom() && !has(boot_, key);
    if (!boot_.empty() && new_cdrom) {
      boot_.push_back(key);
      set_boot();
    }
    return {};
  }

  [[nodiscard]] Refusal check_boot(const std::string& value) const {
    Guest wanted;
    wanted.config["boot"] = value;
    for (const std::string& device : boot_devices(wanted)) {
      const bool exists = machine_.config.contains(device) || machine_.pending.contains(device) ||
                          wish_.set.contains(device);
      if (exists && !has(wish_.remove, device)) continue;
      return refuse(fmt::format("invalid bootorder: device '{}' does not exist'", device));
    }
    return {};
  }

  World& world_;
  Machine& machine_;
  MachineWish wish_;
  std::vector<std::string> boot_;
  KeySet modified_;
};

Refusal apply_wish(World& world, Machine& machine, MachineWish wish) {
  PendingWriter writer(world, machine, std::move(wish));
  if (Refusal refusal = writer.write()) return refusal;
  if (!machine.running) {
    apply_machine_pending(world, machine);
    return {};
  }
  FieldErrors errors = hotplug_machine(world, machine, writer.modified());
  if (errors.empty()) return {};
  return invalid(std::move(errors));
}

MachineWish wish_of(const Machine& machine, const Json& work) {
  MachineWish wish;
  wish.vmid = machine.vmid;
  wish.present = &machine;
  for (const auto& [key, value] : get(work, "set").items()) wish.set[key] = as_text(value);
  for (const Json& key : get(work, "delete")) wish.remove.push_back(as_text(key));
  for (const Json& key : get(work, "revert")) wish.revert.push_back(as_text(key));
  return wish;
}

}  // namespace

Answer update_machine(World& world, const Call& call) {
  MachineWish wish;
  if (Refusal refusal = check_update(world, call, wish)) return *refusal;
  Machine& machine = world.machines.at(wish.vmid);
  // What was written before a refusal stays written, unlike in a container.
  if (Refusal refusal = apply_wish(world, machine, std::move(wish))) return *refusal;
  return answer();
}

Answer update_machine_later(World& world, const Call& call) {
  MachineWish wish;
  if (Refusal refusal = check_update(world, call, wish)) return *refusal;
  return answer(start_task(world,
                           call.caller,
                           "qmconfig",
                           fmt::format("{}", wish.vmid),
                           {{"verb", "qemu-configure"},
                            {"vmid", wish.vmid},
                            {"set", wish.set},
                            {"delete", wish.remove},
                            {"revert", wish.revert}}));
}

std::string perform_machine_update(World& world, Machine& machine, const Json& work) {
  const Refusal refusal = apply_wish(world, machine, wish_of(machine, work));
  if (!refusal) return "OK";
  if (refusal->errors.empty()) return refusal->message;
  std::string text = "parameter verification failed - ";
  for (const auto& [key, complaint] : refusal->errors) {
    text += fmt::format("{}: {}", key, complaint);
  }
  return text;
}

Refusal check_machine_digest(const Machine& machine, std::string_view digest) {
  if (digest.empty() || digest == digest_of(machine)) return {};
  return refuse("checksum missmatch (file change by other user?)");
}

Refusal wait_for_machine_lock(World& world, int vmid) {
  return wait_for_file_lock(world, vmid, fmt::format("/var/lock/qemu-server/lock-{}.conf", vmid));
}

}  // namespace aegis::simulator
