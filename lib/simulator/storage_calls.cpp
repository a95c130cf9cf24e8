#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "simulator/content_calls.h"
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

bool sees_storage(const World& world, const Caller& caller, const std::string& name) {
  return may(world, caller, "/storage/" + name, {"Datastore.Audit", "Datastore.AllocateSpace"});
}

}  // namespace

Json storage_item(const World& world, const Storage& storage) {
  const std::int64_t total = storage.active ? storage.total : 0;
  const std::int64_t used = std::min(world.storages.used(storage.name), total);
  Json item{{"storage", storage.name},
            {"type", storage.type},
            {"content", storage.content},
            {"active", storage.active ? 1 : 0},
            {"enabled", storage.enabled ? 1 : 0},
            {"shared", storage.shared ? 1 : 0},
            {"total", total},
            {"used", used},
            {"avail", total - used}};
  if (total > 0) item["used_fraction"] = static_cast<double>(used) / static_cast<double>(total);
  return item;
}

Answer list_storages(World& world, const Call& call) {
  Json items = Json::array();
  for (const Storage& storage : world.storages.storages) {
    const bool only_enabled = call.flag("enabled") || call.has("content");
    if (only_enabled && !storage.enabled) continue;
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
  const Storage* storage = world.storages.find(call.text("storage"));
  if (storage == nullptr) return invalid("storage", "No such storage.");
  Json item = storage_item(world, *storage);
  item.erase("storage");
  item.erase("used_fraction");
  return answer(std::move(item));
}

Answer list_content(World& world, const Call& call) {
  const std::string name = call.text("storage");
  if (Refusal refusal = check_available(world, name)) return *refusal;
  Json items = Json::array();
  const std::string prefix = name + ":";
  const auto& volumes = world.storages.volumes;
  for (auto volume = volumes.lower_bound(prefix);
       volume != volumes.end() && volume->first.starts_with(prefix);
       ++volume) {
    const Volume& found = volume->second;
    if (call.has("content") && call.text("content") != found.content) continue;
    if (call.has("vmid") && call.vmid() != found.vmid) continue;
    // Filtered volume by volume, without a word.
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
  if (Refusal refusal = check_available(world, call.text("storage"))) return *refusal;
  const Storage* storage = world.storages.find(call.text("storage"));
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
