#include "simulator/storage_setup.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "simulator/cluster.h"
#include "simulator/storage_types.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_local = "local";
constexpr std::string_view k_local_path = "/var/lib/vz";
constexpr std::int64_t k_default_total = std::int64_t{1} << 40;

std::string value_of(const Section& section, std::string_view name) {
  const auto found = section.values.find(name);
  return found == section.values.end() ? "" : found->second;
}

Section section_of(const StorageOptions& storage) {
  Section section{storage.type, {{"content", storage.content}}, {}};
  if (storage.type == "zfspool") {
    section.values["pool"] = fmt::format("rpool/{}", storage.name);
    section.values["sparse"] = "1";
  } else if (storage.type == "lvmthin") {
    section.values["vgname"] = "pve";
    section.values["thinpool"] = storage.name;
  } else {
    section.values["path"] = storage.name == k_local ? std::string(k_local_path)
                                                     : fmt::format("/var/lib/{}", storage.name);
  }
  return section;
}

bool is_on_this_node(const World& world, const Section& section) {
  const std::vector<std::string> nodes = split_any(value_of(section, "nodes"), ", ;");
  return nodes.empty() || std::find(nodes.begin(), nodes.end(), world.node) != nodes.end();
}

std::int64_t total_of(const World& world, std::string_view name) {
  for (const StorageOptions& storage : world.options.storages) {
    if (storage.name == name) return storage.total;
  }
  return k_default_total;
}

Storage storage_of_section(const World& world, const std::string& name, const Section& section) {
  Storage storage;
  storage.name = name;
  storage.type = section.type;
  storage.content = value_of(section, "content");
  storage.total = total_of(world, name);
  const StorageKind* kind = storage_kind(section.type);
  storage.shared = (kind != nullptr && kind->shared) || value_of(section, "shared") == "1";
  storage.enabled = value_of(section, "disable") != "1" && is_on_this_node(world, section);
  storage.active = storage.enabled && activation_problem(world, name, section).empty();
  return storage;
}

// The host insists on its first storage, everywhere.
void keep_local(SectionFile& file) {
  Section* local = file.find(k_local);
  if (local == nullptr) {
    file.sections[std::string(k_local)] = {"dir",
                                           {{"content", "vztmpl,snippets,rootdir,iso,images"},
                                            {"path", std::string(k_local_path)},
                                            {"prune-backups", "keep-all=1"}},
                                           {}};
  } else {
    local->values.erase("nodes");
  }
}

std::string folder_problem(const World& world, std::string_view id, const Section& section) {
  const std::string path = value_of(section, "path");
  if (world.path_exists(path)) return {};
  const std::string mount = value_of(section, "is_mountpoint");
  if (!mount.empty() && mount != "0" && mount != "no") {
    return fmt::format(
        "unable to activate storage '{}' - directory is expected to be a mount point but is not "
        "mounted: '{}'",
        id,
        path);
  }
  if (value_of(section, "mkdir") != "0" && value_of(section, "create-base-path") != "0") return {};
  return fmt::format(
      "unable to activate storage '{}' - directory '{}' does not exist or is unreachable",
      id,
      path);
}

}  // namespace

SectionFile first_storage_file(const SimulatorOptions& options) {
  SectionFile file;
  for (const StorageOptions& storage : options.storages) {
    file.sections[storage.name] = section_of(storage);
  }
  return file;
}

void refresh_storages(World& world) {
  SectionFile& file = world.files[std::string(k_storage_file)];
  keep_local(file);
  for (const std::string& node : node_names(world)) {
    const OnNode visit(world, node);
    world.storages.storages.clear();
    for (const auto& [name, section] : file.sections) {
      world.storages.storages.push_back(storage_of_section(world, name, section));
    }
  }
}

void add_first_files(World& world) {
  constexpr std::int64_t k_size = std::int64_t{120} << 20;
  for (const std::string& id : world.options.files) {
    const std::size_t colon = id.find(':');
    const std::string content = id.substr(colon + 1, id.find('/') - colon - 1);
    world.storages.volumes[id] = {content, k_size, 0, world.now_seconds()};
  }
}

std::string activation_problem(const World& world, std::string_view id, const Section& section) {
  const std::string server = value_of(section, "server");
  if (section.type == "dir" || section.type == "btrfs") return folder_problem(world, id, section);
  if (section.type == "zfspool") {
    const std::string pool = split(value_of(section, "pool"), '/').front();
    if (world.path_exists(pool)) return {};
    return fmt::format(
        "could not activate storage '{}', zfs error: cannot import '{}': no such pool available",
        id,
        pool);
  }
  if (section.type == "lvm" || section.type == "lvmthin") {
    const std::string group = value_of(section, "vgname");
    return world.path_exists(group) ? "" : fmt::format("no such volume group '{}'", group);
  }
  if (world.answers(server)) return {};
  if (section.type == "pbs") {
    return fmt::format(
        "{}: error fetching datastores - 500 Can't connect to {}:{} (Connection refused)",
        id,
        server,
        section.values.contains("port") ? value_of(section, "port") : "8007");
  }
  return fmt::format("storage '{}' is not online", id);
}

}  // namespace aegis::simulator
