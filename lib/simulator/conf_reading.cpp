#include "simulator/conf_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace aegis::simulator {
namespace {

// Of the keys that Proxmox knows, those that tests have a use for.
constexpr std::array<std::string_view, 9> k_raw_keys{"lxc.apparmor.profile",
                                                     "lxc.autodev",
                                                     "lxc.cap.drop",
                                                     "lxc.environment",
                                                     "lxc.idmap",
                                                     "lxc.include",
                                                     "lxc.mount.auto",
                                                     "lxc.mount.entry",
                                                     "lxc.tty.max"};
constexpr std::array<std::string_view, 3> k_raw_families{
    "lxc.cgroup2.", "lxc.prlimit.", "lxc.net."};

struct Line {
  std::string key;
  std::string value;
};

// "lxc.idmap: u 0 1 2" and "lxc.idmap = u 0 1 2"; other lines have a colon.
Line read_line(std::string_view line) {
  const bool is_raw = line.starts_with("lxc.");
  const std::size_t end = line.find_first_of(is_raw ? ":=" : ":");
  if (end == std::string_view::npos) return {};
  return {std::string(trim(line.substr(0, end))), std::string(trim(line.substr(end + 1)))};
}

void add_line(std::string_view text, ConfigMap& section) {
  if (text.starts_with('#')) {
    std::string& description = section["description"];
    description +=
        fmt::format("{}{}", description.empty() ? "" : "\n", percent_decode(text.substr(1)));
    return;
  }
  Line line = read_line(text);
  if (is_raw_key(line.key)) {
    std::string& raw = section["lxc"];
    raw += fmt::format("{}{}: {}", raw.empty() ? "" : "\n", line.key, line.value);
  } else if (!line.key.starts_with("lxc.")) {
    section[std::move(line.key)] = std::move(line.value);
  }
}

}  // namespace

bool is_raw_key(std::string_view key) {
  return std::find(k_raw_keys.begin(), k_raw_keys.end(), key) != k_raw_keys.end() ||
         std::any_of(k_raw_families.begin(), k_raw_families.end(), [&](std::string_view family) {
           return key.starts_with(family);
         });
}

Container with_conf(Container container, std::string_view text) {
  container.config.clear();
  container.pending.clear();
  container.pending_delete.clear();
  container.snapshots.clear();
  ConfigMap* section = &container.config;
  for (const std::string& line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    if (line.starts_with('[')) {
      const std::string name = line.substr(1, line.find(']') - 1);
      section = name == "pve:pending" ? &container.pending : &container.snapshots[name];
    } else if (section == &container.pending && line.starts_with("delete:")) {
      for (std::string& key : split_any(read_line(line).value, ",")) {
        container.pending_delete.insert(std::move(key));
      }
    } else {
      add_line(line, *section);
    }
  }
  return container;
}

}  // namespace aegis::simulator
