#include "kinds/proxmox/backups/restore_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/property_string.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::array<std::string_view, 2> k_disk_first{"volume", "mp"};
constexpr std::array<std::string_view, 1> k_net_first{"name"};

bool is_disk(std::string_view key) {
  return key == "rootfs" || is_indexed(key, "mp");
}

bool is_bind(const std::string& text) {
  return volume_of(text).starts_with('/');
}

// "local-zfs:subvol-103-disk-0,size=8G,mp=/srv" as the wish for a new one: "local-zfs:8,mp=/srv".
std::string as_new_disk(const std::string& text) {
  const std::string volume = volume_of(text);
  Properties properties = parse_properties(text, "volume");
  properties["volume"] = fmt::format(
      "{}:{}", volume.substr(0, volume.find(':')), print_gibibytes(size_of(text).value_or(0)));
  properties.erase("size");
  return print_properties(properties, k_disk_first, "volume");
}

std::string without_link(const std::string& text) {
  Properties properties = parse_properties(text);
  properties.erase("hwaddr");
  properties.insert_or_assign("link_down", std::string("1"));
  return print_properties(properties, k_net_first);
}

}  // namespace

Form form_in_place(const ConfigMap& archived, const std::string& archive) {
  const auto tags = archived.find("tags");
  const Json present = tags == archived.end() ? Json() : Json(tags->second);
  Form form{{"ostemplate", archive},
            {"restore", "1"},
            {"force", "1"},
            {"tags", join(with_owner_tag(present), ";")}};
  for (const auto& [key, text] : archived) {
    if (is_disk(key)) form.emplace_back(key, is_bind(text) ? text : as_new_disk(text));
  }
  return form;
}

Form form_beside(const ConfigMap& archived, const Spare& spare) {
  Form form{{"ostemplate", spare.archive},
            {"restore", "1"},
            {"unique", "1"},
            {"onboot", "0"},
            {"protection", "0"},
            {"tags", std::string(k_spare_tag)},
            {"description", spare_text(spare)}};
  for (const auto& [key, text] : archived) {
    if (is_disk(key) && !is_bind(text)) form.emplace_back(key, as_new_disk(text));
    if (is_indexed(key, "net")) form.emplace_back(key, without_link(text));
  }
  return form;
}

std::vector<std::string> keys_to_strip(const ConfigMap& archived) {
  std::vector<std::string> keys;
  for (const auto& [key, text] : archived) {
    if (key == "hookscript" || is_indexed(key, "dev")) keys.push_back(key);
  }
  return keys;
}

bool needs_root(const ConfigMap& archived) {
  return std::any_of(archived.begin(), archived.end(), [](const auto& entry) {
    return is_disk(entry.first) && is_bind(entry.second);
  });
}

}  // namespace aegis::proxmox
