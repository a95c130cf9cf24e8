#include "kinds/proxmox/shape.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "base/units.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_separators{" ,;\t\r\n\0", 7};

// Takes members of one object over into another, each in its one form.
class Shaper {
 public:
  explicit Shaper(const Json& from) : from_(from) {}

  void text(std::string_view key) { put(key, non_empty(as_text(get(from_, key)))); }

  void lower_text(std::string_view key) { put(key, non_empty(to_lower(as_text(get(from_, key))))); }

  void number(std::string_view key) {
    const Json& value = get(from_, key);
    const auto integer = as_integer(value);
    const auto number = as_number(value);
    put(key, integer ? Json(*integer) : number ? Json(*number) : value);
  }

  void size(std::string_view key) { put(key, shape_of_size(get(from_, key))); }

  // A flag whose absence means something of its own.
  void flag(std::string_view key) {
    const Json& value = get(from_, key);
    const auto flag = value.is_null() ? std::nullopt : as_bool(value);
    put(key, flag ? Json(*flag) : value);
  }

  // A flag that is left out when it has its default.
  void flag(std::string_view key, bool usual) {
    flag(key);
    if (into_.contains(key) && into_[std::string(key)] == usual) into_.erase(std::string(key));
  }

  void words(std::string_view key, bool is_set) {
    std::vector<std::string> words = words_of(get(from_, key));
    if (is_set) {
      std::sort(words.begin(), words.end());
      words.erase(std::unique(words.begin(), words.end()), words.end());
    }
    if (!words.empty()) put(key, words);
  }

  void put(std::string_view key, Json value) {
    if (!value.is_null()) into_[std::string(key)] = std::move(value);
  }

  void drop(std::string_view key, const Json& usual) {
    if (get(into_, key) == usual) into_.erase(std::string(key));
  }

  [[nodiscard]] const Json& source(std::string_view key) const { return get(from_, key); }

  Json take() { return std::move(into_); }

 private:
  static Json non_empty(std::string text) {
    return trim(text).empty() ? Json() : Json(std::move(text));
  }

  const Json& from_;
  Json into_ = Json::object();
};

void shape_disk_options(Shaper& shaper) {
  shaper.flag("acl");
  shaper.flag("quota", false);
  shaper.flag("replicate", true);
  shaper.words("mountoptions", true);
}

Json shape_of_features(const Json& features) {
  Shaper shaper(features);
  for (const std::string_view name : {"nesting", "keyctl", "fuse", "mknod", "force_rw_sys"}) {
    shaper.flag(name, false);
  }
  shaper.words("mount", true);
  return shaper.take();
}

Json shape_of_startup(const Json& startup) {
  Shaper shaper(startup);
  for (const std::string_view name : {"order", "up", "down"}) shaper.number(name);
  return shaper.take();
}

void shape_members(Shaper& shaper, std::string_view key, Json (*shape)(const Json&)) {
  Json members = Json::object();
  if (shaper.source(key).is_object()) {
    for (const auto& [name, value] : shaper.source(key).items()) members[name] = shape(value);
  }
  if (!members.empty()) shaper.put(key, std::move(members));
}

void shape_group(Shaper& shaper, std::string_view key, Json (*shape)(const Json&)) {
  Json group = shape(shaper.source(key));
  if (!group.empty()) shaper.put(key, std::move(group));
}

Json shape_of_description(const Json& description) {
  std::string text = as_text(description);
  // Proxmox keeps the lines as comments: ends of lines at the end are its own.
  text.erase(text.find_last_not_of('\n') + 1);
  return text.empty() ? Json() : Json(std::move(text));
}

Json lower_words(const Json& list) {
  std::vector<std::string> words = words_of(list);
  for (std::string& word : words) word = to_lower(word);
  return words.empty() ? Json() : Json(words);
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
  std::string mac = as_text(net.is_object() ? get(net, "hwaddr") : Json());
  std::transform(mac.begin(), mac.end(), mac.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c);
  });
  if (!mac.empty()) shaper.put("hwaddr", mac);
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
  const auto flag_or_default = [&](std::string_view key, bool usual) {
    shaper.put(key, usual);
    shaper.flag(key);
  };
  shaper.number("vmid");
  shaper.put("state", text_or(spec, "state", "started"));
  shaper.text("hostname");
  flag_or_default("unprivileged", true);
  flag_or_default("onboot", false);
  flag_or_default("protection", false);
  shaper.number("cores");
  shaper.number("cpulimit");
  shaper.drop("cpulimit", 0);
  shaper.number("cpuunits");
  size_or_default("memory");
  size_or_default("swap");
  shape_group(shaper, "rootfs", shape_of_rootfs);
  shape_group(shaper, "features", shape_of_features);
  shape_group(shaper, "startup", shape_of_startup);
  shape_members(shaper, "mount_points", shape_of_mount_point);
  shape_members(shaper, "network", shape_of_net);
  shaper.put("nameserver", lower_words(get(spec, "nameserver")));
  shaper.put("searchdomain", lower_words(get(spec, "searchdomain")));
  shaper.put("tags", tag_set(get(spec, "tags")));
  shaper.put("description", shape_of_description(get(spec, "description")));
  shaper.text("timezone");
  return shaper.take();
}

}  // namespace aegis::proxmox
