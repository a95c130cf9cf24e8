#include "simulator/qemu_clone.h"

#include <fmt/format.h>

#include "simulator/mount_point.h"
#include "simulator/qemu_calls.h"
#include "simulator/qemu_drive.h"
#include "simulator/qemu_values.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_base = "base-";

bool is_base(std::string_view volume) {
  return volume.substr(volume.find_last_of(":/") + 1).starts_with(k_base);
}

Refusal check_clone(const World& world,
                    const Call& call,
                    const Machine& source,
                    const std::string& storage,
                    bool full) {
  if (Refusal refusal = check_machine_lock(source)) return refusal;
  if (!storage.empty()) {
    const StorageOptions* found = world.storages.find(storage);
    if (found == nullptr) return refuse(fmt::format("storage '{}' does not exist", storage));
    if (!Storages::holds(*found, "images")) {
      return invalid("storage", fmt::format("storage '{}' does not support vm images", storage));
    }
    if (!full) return refuse("parameter 'storage' not allowed for linked clones");
  }
  for (const auto& [key, value] : source.config) {
    if (!is_drive_key(key)) continue;
    const Drive drive = parse_drive(key, value);
    if (drive.is_cdrom()) continue;
    const std::string file = drive.file();
    if (!full && !is_base(file)) {
      return refuse(fmt::format("Linked clone feature is not supported for '{}' ({})", file, key));
    }
    if (call.caller.is_root()) continue;
    const std::string target = storage.empty() ? std::string(storage_of(file)) : storage;
    Refusal refusal =
        require(world, call.caller, "/storage/" + target, {"Datastore.AllocateSpace"});
    if (refusal) return refusal;
  }
  return {};
}

std::string cloned_drive(World& world,
                         const Machine& clone,
                         const std::string& key,
                         const std::string& value,
                         const Json& work) {
  Drive drive = parse_drive(key, value);
  const std::string file = drive.file();
  if (drive.is_cdrom() && !drive.is_cloudinit()) return value;
  const auto volume = world.storages.volumes.find(file);
  if (volume == world.storages.volumes.end()) return value;
  const std::string wanted = text_or(work, "storage");
  const std::string storage = wanted.empty() ? std::string(storage_of(file)) : wanted;
  if (drive.is_cloudinit()) {
    std::string problem;
    return realise_drive(world, clone, key, storage + ":cloudinit,media=cdrom", problem);
  }
  const std::int64_t size = volume->second.size;
  const bool full = get(work, "full") == true || key == "tpmstate0";
  const std::string base = full ? "" : file.substr(file.find(':') + 1);
  drive.values["file"] = allocate_image(world, storage, clone.vmid, size, base);
  return drive.print();
}

}  // namespace

Answer clone_machine(World& world, const Call& call) {
  const Machine* source = world.find_machine(call.vmid());
  const int newid = static_cast<int>(call.number("newid"));
  const std::string pool = call.text("pool");
  if (source == nullptr) return missing_machine(world, call.vmid());
  if (!call.caller.is_root()) {
    const bool by_pool = !pool.empty() && may(world, call.caller, "/pool/" + pool, {"VM.Allocate"});
    const std::string path = fmt::format("/vms/{}", newid);
    if (!by_pool) {
      if (Refusal refusal = require(world, call.caller, path, {"VM.Allocate"})) return *refusal;
    }
  }
  const bool full = call.has("full") ? call.flag("full") : !source->is_set("template");
  if (Refusal refusal = check_clone(world, call, *source, call.text("storage"), full)) {
    return *refusal;
  }
  if (world.find_guest(newid) != nullptr) {
    return refuse(fmt::format("unable to create VM {}: config file already exists", newid));
  }
  Machine stub;
  stub.vmid = newid;
  stub.config = {{"lock", "clone"}};
  world.machines[newid] = stub;
  return answer(start_task(world,
                           call.caller,
                           "qmclone",
                           fmt::format("{}", call.vmid()),
                           {{"verb", "qemu-clone"},
                            {"vmid", newid},
                            {"source", call.vmid()},
                            {"full", full},
                            {"storage", call.text("storage")},
                            {"name", call.text("name")},
                            {"description", call.text("description")},
                            {"pool", pool}}));
}

std::string perform_machine_clone(World& world, const Json& work) {
  const int newid = static_cast<int>(as_integer(get(work, "vmid")).value_or(0));
  const int from = static_cast<int>(as_integer(get(work, "source")).value_or(0));
  const Machine* source = world.find_machine(from);
  if (source == nullptr) {
    world.machines.erase(newid);
    return missing_machine(world, from).message;
  }
  Machine clone;
  clone.vmid = newid;
  for (const auto& [key, value] : source->config) {
    if (key == "template" || key == "lock" || is_indexed(key, "unused")) continue;
    if (is_drive_key(key)) {
      clone.config[key] = cloned_drive(world, clone, key, value, work);
    } else if (is_indexed(key, "net")) {
      Parameters net = parse_machine_net(value);
      const std::string mac = net["macaddr"];
      std::string fresh = value;
      fresh.replace(fresh.find(mac), mac.size(), world.random.mac_address());
      clone.config[key] = fresh;
    } else {
      clone.config[key] = value;
    }
  }
  clone.config["smbios1"] = fmt::format("uuid={}", world.random.uuid());
  if (clone.config.contains("vmgenid")) clone.config["vmgenid"] = world.random.uuid();
  const std::string name = text_or(work, "name");
  const std::string source_name = source->value("name");
  clone.config["name"] =
      !name.empty() ? name
                    : fmt::format("Copy-of-VM-{}",
                                  source_name.empty() ? fmt::format("{}", from) : source_name);
  const std::string description = text_or(work, "description");
  if (!description.empty()) clone.config["description"] = description;
  world.machines[newid] = std::move(clone);
  const std::string pool = text_or(work, "pool");
  if (!pool.empty()) world.pools[pool].vms.insert(newid);
  return "OK";
}

std::string perform_machine_template(World& world, Machine& machine) {
  machine.config["template"] = "1";
  for (auto& [key, value] : machine.config) {
    if (!is_drive_key(key)) continue;
    Drive drive = parse_drive(key, value);
    std::string file = drive.file();
    const std::size_t name = file.find("vm-");
    const auto volume = world.storages.volumes.find(file);
    const bool stays = drive.is_cdrom() || name == std::string::npos;
    if (stays || volume == world.storages.volumes.end()) continue;
    const Volume kept = volume->second;
    world.storages.volumes.erase(volume);
    file.replace(name, 3, k_base);
    world.storages.volumes[file] = kept;
    drive.values["file"] = file;
    value = drive.print();
  }
  return "OK";
}

}  // namespace aegis::simulator
