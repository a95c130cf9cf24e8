#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "simulator/node_calls.h"

namespace aegis::simulator {
namespace {

// What the appliance index offers; the index of a real host is longer.
struct Appliance {
  std::string_view os;
  std::string_view package;
  std::string_view version;
  std::string_view file;
};

constexpr std::array<Appliance, 4> k_appliances{{
    {"debian-12", "debian-12-standard", "12.7-1", "debian-12-standard_12.7-1_amd64.tar.zst"},
    {"ubuntu-24.04",
     "ubuntu-24.04-standard",
     "24.04-2",
     "ubuntu-24.04-standard_24.04-2_amd64.tar.zst"},
    {"ubuntu-22.04",
     "ubuntu-22.04-standard",
     "22.04-1",
     "ubuntu-22.04-standard_22.04-1_amd64.tar.zst"},
    {"alpine-3.20", "alpine-3.20-default", "20240908", "alpine-3.20-default_20240908_amd64.tar.xz"},
}};

Answer missing_storage(const std::string& name) {
  return refuse(fmt::format("storage '{}' does not exist", name));
}

bool sees_storage(const World& world, const Caller& caller, const std::string& name) {
  return may(world, caller, "/storage/" + name, {"Datastore.Audit", "Datastore.AllocateSpace"});
}

Json config_item(const StorageOptions& storage) {
  Json item{{"storage", storage.name}, {"type", storage.type}, {"content", storage.content}};
  item["digest"] = std::string(40, '0');
  if (storage.type == "zfspool") {
    item["pool"] = fmt::format("rpool/{}", storage.name);
    item["sparse"] = 1;
  } else {
    item["path"] = fmt::format("/var/lib/{}", storage.name == "local" ? "vz" : storage.name);
  }
  return item;
}

// The listing is filtered volume by volume, without a word.
bool sees_volume(const World& world,
                 const Caller& caller,
                 const std::string& storage,
                 const Volume& volume) {
  const std::string path = "/storage/" + storage;
  const std::string guest = fmt::format("/vms/{}", volume.vmid);
  if (may(world, caller, path, {"Datastore.Allocate"})) return true;
  if (volume.content == "iso" || volume.content == "vztmpl") {
    return sees_storage(world, caller, storage);
  }
  if (volume.content == "backup") {
    return may(world, caller, path, {"Datastore.AllocateSpace"}) &&
           may(world, caller, guest, {"VM.Backup"});
  }
  if (volume.content == "rootdir" || volume.content == "images") {
    return may(world, caller, path, {"Datastore.Audit"}) &&
           may(world, caller, guest, {"VM.Config.Disk"});
  }
  return false;
}

}  // namespace

Json storage_item(const World& world, const StorageOptions& storage) {
  const std::int64_t used = std::min(world.storages.used(storage.name), storage.total);
  const double fraction =
      storage.total == 0 ? 0 : static_cast<double>(used) / static_cast<double>(storage.total);
  return {{"storage", storage.name},
          {"type", storage.type},
          {"content", storage.content},
          {"active", 1},
          {"enabled", 1},
          {"shared", 0},
          {"total", storage.total},
          {"used", used},
          {"avail", storage.total - used},
          {"used_fraction", fraction}};
}

Answer list_storage_config(World& world, const Call& call) {
  Json items = Json::array();
  for (const StorageOptions& storage : world.storages.storages) {
    if (call.has("type") && call.text("type") != storage.type) continue;
    if (sees_storage(world, call.caller, storage.name)) items.push_back(config_item(storage));
  }
  return answer(std::move(items));
}

Answer read_storage_config(World& world, const Call& call) {
  const StorageOptions* storage = world.storages.find(call.text("storage"));
  if (storage == nullptr) return missing_storage(call.text("storage"));
  return answer(config_item(*storage));
}

Answer list_storages(World& world, const Call& call) {
  Json items = Json::array();
  for (const StorageOptions& storage : world.storages.storages) {
    if (call.has("storage") && call.text("storage") != storage.name) continue;
    if (!sees_storage(world, call.caller, storage.name)) continue;
    const std::vector<std::string> wanted = split_any(call.text("content"), ", ;");
    const bool fits = wanted.empty() ||
                      std::any_of(wanted.begin(), wanted.end(), [&](const std::string& content) {
                        return Storages::holds(storage, content);
                      });
    if (fits) items.push_back(storage_item(world, storage));
  }
  return answer(std::move(items));
}

Answer storage_status(World& world, const Call& call) {
  const StorageOptions* storage = world.storages.find(call.text("storage"));
  if (storage == nullptr) return invalid("storage", "No such storage.");
  Json item = storage_item(world, *storage);
  item.erase("storage");
  item.erase("used_fraction");
  return answer(std::move(item));
}

Answer list_content(World& world, const Call& call) {
  const std::string name = call.text("storage");
  if (world.storages.find(name) == nullptr) return missing_storage(name);
  Json items = Json::array();
  const std::string prefix = name + ":";
  const auto& volumes = world.storages.volumes;
  for (auto volume = volumes.lower_bound(prefix);
       volume != volumes.end() && volume->first.starts_with(prefix);
       ++volume) {
    const Volume& found = volume->second;
    if (call.has("content") && call.text("content") != found.content) continue;
    if (call.has("vmid") && call.vmid() != found.vmid) continue;
    if (!sees_volume(world, call.caller, name, found)) continue;
    items.push_back(content_item(volume->first, found));
  }
  return answer(std::move(items));
}

Answer list_templates(World&, const Call&) {
  Json items = Json::array();
  for (const Appliance& appliance : k_appliances) {
    items.push_back({{"template", appliance.file},
                     {"package", appliance.package},
                     {"version", appliance.version},
                     {"os", appliance.os},
                     {"section", "system"},
                     {"type", "lxc"},
                     {"source", "https://download.proxmox.com"}});
  }
  return answer(std::move(items));
}

Answer download_template(World& world, const Call& call) {
  const std::string file = call.text("template");
  const bool offered =
      std::any_of(k_appliances.begin(), k_appliances.end(), [&](const Appliance& appliance) {
        return appliance.file == file;
      });
  if (!offered) return invalid("template", fmt::format("no such template '{}'", file));
  const StorageOptions* storage = world.storages.find(call.text("storage"));
  if (storage == nullptr) return missing_storage(call.text("storage"));
  if (!Storages::holds(*storage, "vztmpl")) {
    return refuse(
        fmt::format("can't upload to storage '{}': not configured for 'vztmpl'", storage->name));
  }
  return answer(start_task(
      world,
      call.caller,
      "download",
      file,
      {{"verb", "download"}, {"volume", fmt::format("{}:vztmpl/{}", storage->name, file)}}));
}

}  // namespace aegis::simulator
