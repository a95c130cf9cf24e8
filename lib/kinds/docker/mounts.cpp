#include "kinds/docker/mounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "base/text.h"
#include "kinds/docker/placed_files.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

std::string without_last_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

std::string target_of(const Json& volume) {
  return without_last_slash(text_or(volume, "target"));
}

bool is_generated_name(const std::string& name) {
  constexpr std::size_t k_length = 64;
  return name.size() == k_length && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string source_of(const Json& volume, const Json& volume_names) {
  const std::string source = text_or(volume, "source");
  if (text_or(volume, "type") == "volume") return text_or(volume_names, source, source);
  return without_last_slash(source);
}

bool has_mode(const std::string& mode, std::string_view word) {
  const auto words = split(mode, ',');
  return std::find(words.begin(), words.end(), word) != words.end();
}

Json selinux_of(const std::string& mode) {
  if (has_mode(mode, "Z")) return "Z";
  return has_mode(mode, "z") ? Json("z") : Json();
}

Json propagation(const std::string& how) {
  return how == "rprivate" ? Json() : Json(how);
}

Json unless_usual(const std::string& recursive) {
  return recursive == "enabled" ? Json() : Json(recursive);
}

// What becomes of the mounts below the one that is bound.
Json live_recursive(const Json& options) {
  if (get(options, "NonRecursive") == true) return "disabled";
  if (get(options, "ReadOnlyNonRecursive") == true) return "writable";
  return get(options, "ReadOnlyForceRecursive") == true ? Json("readonly") : Json();
}

Json bind_options(const Json& volume) {
  const Json& bind = get(volume, "bind");
  const std::string recursive = text_or(bind, "recursive");
  Json options = {{"Propagation", text_or(bind, "propagation")}};
  put(options, "NonRecursive", recursive == "disabled");
  put(options, "ReadOnlyNonRecursive", recursive == "writable");
  put(options, "ReadOnlyForceRecursive", recursive == "readonly");
  // Engines that do not know it refuse a folder that is missing.
  put(options, "CreateMountpoint", as_bool(get(bind, "create_host_path")).value_or(true));
  return options;
}

Json volume_options(const Json& volume) {
  const Json& asked = get(volume, "volume");
  Json options = Json::object();
  put(options, "NoCopy", get(asked, "nocopy"));
  put(options, "Labels", text_values(get(asked, "labels")));
  if (!get(asked, "subpath").is_null()) options["Subpath"] = get(asked, "subpath");
  return options;
}

Json image_options(const Json& volume) {
  Json options = Json::object();
  put(options, "Subpath", get(get(volume, "image"), "subpath"));
  return options;
}

Json wanted_mount(const Json& volume, const Json& volume_names) {
  Json mount = {{"type", text_or(volume, "type", "volume")}};
  put(mount, "source", source_of(volume, volume_names));
  put(mount, "read_only", get(volume, "read_only"));
  const Json& bind = get(volume, "bind");
  put(mount, "propagation", propagation(text_or(bind, "propagation")));
  put(mount, "selinux", text_or(bind, "selinux"));
  put(mount, "recursive", unless_usual(text_or(bind, "recursive")));
  put(mount, "nocopy", get(get(volume, "volume"), "nocopy"));
  for (const std::string_view key : {"volume", "image"}) {
    put(mount, "subpath", get(get(volume, key), "subpath"));
  }
  put(mount, "size", get(get(volume, "tmpfs"), "size"));
  put(mount, "mode", get(get(volume, "tmpfs"), "mode"));
  return mount;
}

// The entry of HostConfig.Mounts for `target`; null when the mount was asked for in another way.
const Json& asked_mount(const Json& inspect, const std::string& target) {
  static const Json k_null;
  for (const Json& mount : get(get(inspect, "HostConfig"), "Mounts")) {
    if (without_last_slash(text_or(mount, "Target")) == target) return mount;
  }
  return k_null;
}

// The modes of the entry of HostConfig.Binds for `target`. The effective mount of a volume shows a
// letter for SELinux that nobody asked for.
std::string bound_mode(const Json& inspect, const std::string& target) {
  for (const Json& bind : get(get(inspect, "HostConfig"), "Binds")) {
    const auto pieces = split(as_text(bind), ':');
    if (pieces.size() > 2 && without_last_slash(pieces[1]) == target) return pieces[2];
  }
  return "";
}

// The effective one may be the engine's own choice, as with its data folder.
Json asked_propagation(const Json& asked, const std::string& bound) {
  if (!asked.is_null()) return propagation(text_or(get(asked, "BindOptions"), "Propagation"));
  for (const std::string_view word : {"private", "shared", "rshared", "slave", "rslave"}) {
    if (has_mode(bound, word)) return word;
  }
  return nullptr;
}

Json live_mount(const Json& effective, const Json& asked, const std::string& bound) {
  const std::string type = text_or(effective, "Type");
  const std::string mode = text_or(effective, "Mode");
  Json mount = {{"type", type}};
  if (type == "volume") {
    const std::string name = text_or(effective, "Name");
    if (!is_generated_name(name)) mount["source"] = name;
    const bool nocopy = has_mode(mode, "nocopy") ||
                        as_bool(get(get(asked, "VolumeOptions"), "NoCopy")).value_or(false);
    put(mount, "nocopy", nocopy);
    put(mount, "selinux", selinux_of(bound));
    put(mount, "subpath", get(get(asked, "VolumeOptions"), "Subpath"));
  } else if (type == "bind") {
    put(mount, "source", without_last_slash(text_or(effective, "Source")));
    put(mount, "propagation", asked_propagation(asked, bound));
    put(mount, "selinux", selinux_of(mode));
    put(mount, "recursive", live_recursive(get(asked, "BindOptions")));
  }
  if (type == "image") {
    // What is effective is a layer's folder; the name is what was asked for.
    put(mount, "source", get(asked, "Source"));
    put(mount, "subpath", get(get(asked, "ImageOptions"), "Subpath"));
    put(mount, "read_only", get(asked, "ReadOnly"));
    return mount;
  }
  put(mount, "read_only", !as_bool(get(effective, "RW")).value_or(true));
  const Json& tmpfs = get(asked, "TmpfsOptions");
  put(mount, "size", get(tmpfs, "SizeBytes"));
  put(mount, "mode", get(tmpfs, "Mode"));
  return mount;
}

// The older list, which makes a missing host folder; Mounts would refuse it.
bool fits_binds(const Json& volume) {
  const std::string type = text_or(volume, "type", "volume");
  const Json& bind = get(volume, "bind");
  if (type == "bind") {
    return as_bool(get(bind, "create_host_path")).value_or(true) &&
           unless_usual(text_or(bind, "recursive", "enabled")).is_null();
  }
  const Json& asked = get(volume, "volume");
  return type == "volume" && !text_or(volume, "source").empty() &&
         get(asked, "subpath").is_null() && get(asked, "labels").empty();
}

std::string bind_text(const Json& volume, const Json& volume_names) {
  std::vector<std::string> modes{as_bool(get(volume, "read_only")).value_or(false) ? "ro" : "rw"};
  const Json& bind = get(volume, "bind");
  for (const std::string_view key : {"propagation", "selinux"}) {
    if (const std::string word = text_or(bind, key); !word.empty()) modes.push_back(word);
  }
  if (as_bool(get(get(volume, "volume"), "nocopy")).value_or(false)) modes.emplace_back("nocopy");
  return fmt::format(
      "{}:{}:{}", source_of(volume, volume_names), target_of(volume), join(modes, ","));
}

Json mount_request(const Json& volume, const Json& volume_names) {
  const std::string type = text_or(volume, "type", "volume");
  Json mount = {{"Type", type}, {"Target", target_of(volume)}};
  put(mount, "Source", source_of(volume, volume_names));
  put(mount, "ReadOnly", get(volume, "read_only"));
  if (type == "bind") put(mount, "BindOptions", bind_options(volume));
  put(mount, "VolumeOptions", volume_options(volume));
  put(mount, "ImageOptions", image_options(volume));
  Json tmpfs = Json::object();
  put(tmpfs, "SizeBytes", get(get(volume, "tmpfs"), "size"));
  put(tmpfs, "Mode", get(get(volume, "tmpfs"), "mode"));
  put(mount, "TmpfsOptions", std::move(tmpfs));
  return mount;
}

// Where a container that has volumes from another one has its own; nothing when all are.
std::optional<std::set<std::string>> own_targets(const Json& inspect) {
  const Json& host = get(inspect, "HostConfig");
  if (get(host, "VolumesFrom").empty()) return std::nullopt;
  std::set<std::string> targets;
  for (const Json& bind : get(host, "Binds")) {
    const auto pieces = split(as_text(bind), ':');
    if (pieces.size() > 1) targets.insert(without_last_slash(pieces[1]));
  }
  for (const Json& mount : get(host, "Mounts")) {
    targets.insert(without_last_slash(text_or(mount, "Target")));
  }
  for (const auto& [target, nothing] : get(get(inspect, "Config"), "Volumes").items()) {
    targets.insert(without_last_slash(target));
  }
  return targets;
}

Json tmpfs_map(const Json& map) {
  Json shape = Json::object();
  for (const auto& [target, options] : map.items()) {
    shape[without_last_slash(target)] = as_text(options);
  }
  return shape;
}

bool is_carried(const Json& carried, const std::string& target) {
  return std::any_of(carried.begin(), carried.end(), [&](const Json& volume) {
    return text_or(volume, "target") == target;
  });
}

}  // namespace

void wanted_mounts(Json& attributes, const Json& spec, const Json& volume_names) {
  Json mounts = Json::object();
  for (const Json& volume : get(spec, "volumes")) {
    mounts[target_of(volume)] = wanted_mount(volume, volume_names);
  }
  put(attributes, "volumes", std::move(mounts));
  put(attributes, "volumes_from", get(spec, "volumes_from"));
  put(attributes, "tmpfs", tmpfs_map(get(spec, "tmpfs")));
}

void live_mounts(Json& attributes, const Json& inspect, const Declared& declared) {
  Json mounts = Json::object();
  const auto add = [&](const Json& effective, const std::string& target) {
    const bool anonymous = is_generated_name(text_or(effective, "Name"));
    if (anonymous && !declared.has({"volumes", target})) return;
    Json mount = live_mount(effective, asked_mount(inspect, target), bound_mode(inspect, target));
    mounts[target] = std::move(mount);
  };
  const auto own = own_targets(inspect);
  for (const Json& mount : get(inspect, "Mounts")) {
    const std::string target = without_last_slash(text_or(mount, "Destination"));
    if (!own || own->contains(target)) add(mount, target);
  }
  // Those in memory are not listed among the effective mounts by every engine.
  for (const Json& mount : get(get(inspect, "HostConfig"), "Mounts")) {
    const std::string target = without_last_slash(text_or(mount, "Target"));
    if (text_or(mount, "Type") != "tmpfs" || mounts.contains(target)) continue;
    const bool read_only = as_bool(get(mount, "ReadOnly")).value_or(false);
    add({{"Type", "tmpfs"}, {"RW", !read_only}}, target);
  }
  put(attributes, "volumes", std::move(mounts));
  put(attributes, "volumes_from", get(get(inspect, "HostConfig"), "VolumesFrom"));
  put(attributes, "tmpfs", tmpfs_map(get(get(inspect, "HostConfig"), "Tmpfs")));
}

void accept_volume_letters(Json& attributes, const Json& wanted) {
  if (!attributes.contains("volumes")) return;
  for (const auto& [target, mount] : get(wanted, "volumes").items()) {
    Json& mounts = attributes["volumes"];
    if (text_or(mount, "type") != "volume" || !mounts.contains(target)) continue;
    mounts[target].erase("selinux");
    put(mounts[target], "selinux", get(mount, "selinux"));
  }
}

Json anonymous_volumes(const Json& inspect) {
  Json volumes = Json::array();
  const auto own = own_targets(inspect);
  for (const Json& mount : get(inspect, "Mounts")) {
    const std::string name = text_or(mount, "Name");
    if (text_or(mount, "Type") != "volume" || !is_generated_name(name)) continue;
    if (own && !own->contains(without_last_slash(text_or(mount, "Destination")))) continue;
    Json& volume = volumes.emplace_back(Json::object());
    volume = {{"name", name}, {"target", without_last_slash(text_or(mount, "Destination"))}};
    put(volume, "read_only", get(mount, "RW") == false);
  }
  return volumes;
}

void fill_mounts(Json& body, const Json& spec, const Json& volume_names, const Json& carried) {
  Json binds = Json::array();
  Json mounts = Json::array();
  for (const Json& volume : get(spec, "volumes")) {
    if (fits_binds(volume)) {
      binds.push_back(bind_text(volume, volume_names));
    } else if (!is_carried(carried, target_of(volume))) {
      mounts.push_back(mount_request(volume, volume_names));
    }
  }
  for (const std::string& folder : file_folders(spec)) {
    mounts.push_back({{"Type", "volume"}, {"Target", folder}});
  }
  for (const Json& volume : carried) {
    const bool read_only = get(volume, "read_only") == true;
    binds.push_back(fmt::format(
        "{}:{}{}", text_or(volume, "name"), text_or(volume, "target"), read_only ? ":ro" : ""));
  }
  Json& host = body["HostConfig"];
  put(host, "Binds", std::move(binds));
  put(host, "Mounts", std::move(mounts));
  put(host, "Tmpfs", tmpfs_map(get(spec, "tmpfs")));
}

}  // namespace aegis::docker
