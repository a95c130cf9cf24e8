#include "simulator/clone_work.h"

#include <fmt/format.h>

#include "simulator/container_values.h"
#include "simulator/mount_point.h"

namespace aegis::simulator {
namespace {

int number_in(const Task& task, std::string_view name) {
  return static_cast<int>(as_integer(get(task.work, name)).value_or(0));
}

// A copy never keeps these.
bool is_own(const std::string& key) {
  return key == "lock" || key == "parent" || key == "snaptime" || key == "template" ||
         is_indexed(key, "unused");
}

std::string copied_disk(World& world,
                        int newid,
                        const std::string& key,
                        const std::string& value,
                        const std::string& wanted_storage) {
  MountPoint mount = parse_mount_point(key, value);
  const std::string name =
      wanted_storage.empty() ? std::string(storage_of(mount.volume())) : wanted_storage;
  const Storage* storage = world.storages.find(name);
  const auto source = world.storages.volumes.find(mount.volume());
  if (storage == nullptr || source == world.storages.volumes.end()) return value;
  const std::int64_t size = source->second.size;
  mount.values["volume"] = world.storages.allocate(*storage, newid, size, world.now_seconds());
  mount.values["size"] = format_disk_size(size);
  return mount.print();
}

std::string copied_net(World& world, const std::string& value) {
  Parameters net = parse_net(value);
  net["hwaddr"] = world.random.mac_address();
  std::string text;
  for (const auto& [name, member] : net) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ",", name, member);
  }
  return stored_value(world, "net0", text);
}

}  // namespace

void begin_clone(World& world, Container& source, int newid) {
  source.config["lock"] = "disk";
  Container stub;
  stub.vmid = newid;
  stub.config = {{"lock", "create"}};
  world.containers[newid] = std::move(stub);
}

std::string clone_container(World& world, const Task& task) {
  Container& source = *world.find_container(number_in(task, "vmid"));
  const int newid = number_in(task, "newid");
  const std::string snapshot = text_or(task.work, "snapshot");
  source.config.erase("lock");
  const ConfigMap config = snapshot.empty() ? source.config : source.snapshots.at(snapshot);
  Container copy;
  copy.vmid = newid;
  for (const auto& [key, value] : config) {
    if (is_own(key)) continue;
    if (is_mount_key(key)) {
      copy.config[key] = copied_disk(world, newid, key, value, text_or(task.work, "storage"));
    } else {
      copy.config[key] = is_indexed(key, "net") ? copied_net(world, value) : value;
    }
  }
  for (const char* key : {"hostname", "description"}) {
    if (!text_or(task.work, key).empty()) copy.config[key] = text_or(task.work, key);
  }
  world.containers[newid] = std::move(copy);
  const std::string pool = text_or(task.work, "pool");
  if (!pool.empty()) world.pools[pool].vms.insert(newid);
  return "OK";
}

void abandon_clone(World& world, const Task& task) {
  world.containers.erase(number_in(task, "newid"));
  if (Container* source = world.find_container(number_in(task, "vmid"))) {
    source->config.erase("lock");
  }
}

}  // namespace aegis::simulator
