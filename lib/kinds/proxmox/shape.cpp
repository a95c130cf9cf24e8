#include "kinds/proxmox/shape.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "base/units.h"
#include "kinds/proxmox/raw_lines.h"
#include "kinds/proxmox/shaper.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_separators{" ,;\t\r\n\0", 7};

void shape_disk_options(Shaper& shaper) {
  shaper.flag("acl");
  shaper.flag("quota", false);
  shaper.flag("replicate", true);
  shaper.words("mountoptions", true);
}

Json shape_of_device(const Json& device) {
  Shaper shaper(device);
  shaper.text("path");
  shaper.text("mode", "0660");
  for (const std::string_view key : {"uid", "gid"}) {
    shaper.number(key);
    shaper.drop(key, 0);
  }
  shaper.flag("deny_write", false);
  return shaper.take();
}

Json shape_of_features(const Json& features) {
  Shaper shaper(features);
  for (const std::string_view name : {"nesting", "keyctl", "fuse", "mknod", "force_rw_sys"}) {
    shaper.flag(name, false);
  }
  shaper.words("mount", true);
  return shaper.take();
}

}  // namespace

std::vector<std::string> words_of(const Json& list) {
  if (!list.is_array()) return split_any(as_text(list), k_separators);
  std::vector<std::string> words;
  for (const Json& word : list) {
    if (std::string text = as_text(word); !text.empty()) words.push_back(std::move(text));
  }
  return words;
}

std::vector<std::string> tag_set(const Json& tags) {
  std::vector<std::string> words = words_of(tags);
  for (std::string& word : words) word = to_lower(word);
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

bool has_owner_tag(const Json& tags) {
  const auto set = tag_set(tags);
  return std::binary_search(set.begin(), set.end(), k_owner_tag);
}

std::vector<std::string> with_owner_tag(const Json& tags) {
  std::vector<std::string> set = tag_set(tags);
  const auto place = std::lower_bound(set.begin(), set.end(), k_owner_tag);
  if (place == set.end() || *place != k_owner_tag) set.emplace(place, k_owner_tag);
  return set;
}

Json shape_of_size(const Json& size) {
  if (size.is_null()) return size;
  const auto bytes = parse_size(as_text(size));
  return bytes ? Json(format_size(*bytes)) : size;
}

Json shape_of_net(const Json& net) {
  Shaper shaper(net);
  shaper.text("bridge");
  for (const std::string_view key : {"ip", "gw", "ip6", "gw6"}) shaper.lower_text(key);
  shaper.drop("ip", "manual");
  shaper.drop("ip6", "manual");
  shaper.put("hwaddr", shape_of_mac(get(net, "hwaddr")));
  for (const std::string_view key : {"mtu", "rate", "tag"}) shaper.number(key);
  shaper.flag("firewall", false);
  shaper.flag("link_down", false);
  shaper.words("trunks", true);
  return shaper.take();
}

Json shape_of_rootfs(const Json& disk) {
  Shaper shaper(disk);
  shaper.text("storage");
  shaper.size("size");
  for (const std::string_view key : {"ro", "shared"}) shaper.flag(key, false);
  shape_disk_options(shaper);
  return shaper.take();
}

Json shape_of_mount_point(const Json& disk) {
  Shaper shaper(disk);
  shaper.text("volume");
  if (get(disk, "volume").is_null()) {
    shaper.text("storage");
    shaper.size("size");
  }
  shaper.text("mp");
  for (const std::string_view key : {"backup", "ro", "shared"}) shaper.flag(key, false);
  shape_disk_options(shaper);
  return shaper.take();
}

Json shape_of_container(const Json& spec) {
  constexpr std::string_view k_default_memory = "512MiB";
  Shaper shaper(spec);
  const auto size_or_default = [&](std::string_view key) {
    const Json& size = get(spec, key);
    shaper.put(key, size.is_null() ? Json(k_default_memory) : shape_of_size(size));
  };
  shaper.number("vmid");
  shaper.put("state", text_or(spec, "state", "started"));
  shaper.text("hostname");
  shaper.told_flag("unprivileged", true);
  shaper.told_flag("onboot", false);
  shaper.told_flag("protection", false);
  shaper.number("cores");
  shaper.number("cpulimit");
  shaper.drop("cpulimit", 0);
  shaper.number("cpuunits");
  size_or_default("memory");
  size_or_default("swap");
  shaper.group("rootfs", shape_of_rootfs);
  shaper.group("features", shape_of_features);
  shaper.group("startup", shape_of_startup);
  shaper.members("mount_points", shape_of_mount_point);
  shaper.members("devices", shape_of_device);
  shaper.members("network", shape_of_net);
  shaper.put("nameserver", lower_words(get(spec, "nameserver")));
  shaper.put("searchdomain", lower_words(get(spec, "searchdomain")));
  shaper.put("tags", tag_set(get(spec, "tags")));
  shaper.put("description", shape_of_description(get(spec, "description")));
  shaper.text("timezone");
  shaper.text("hookscript");
  shaper.put("lxc", shape_of_raw_lines(get(spec, "lxc")));
  shaper.flag("console", true);
  shaper.text("cmode", "tty");
  shaper.number("tty");
  shaper.drop("tty", 2);
  return shaper.take();
}

}  // namespace aegis::proxmox
