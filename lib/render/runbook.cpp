#include "render/runbook.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "base/shell_words.h"
#include "base/text.h"
#include "base/units.h"
#include "render/terminal_text.h"
#include "render/value_text.h"

namespace aegis {
namespace {

constexpr std::string_view k_preface =
    "# Runbook\n"
    "\n"
    "From empty servers to what the manifests say, by hand. `aegisctl rebuild` does the same.\n"
    "\n"
    "Needed: Proxmox VE on every server, this folder, the values of the secrets ([redacted] stands "
    "in\ntheir places), and the storages that the backups are on.\n";

constexpr std::string_view k_last =
    "\n## At the end\n"
    "\n"
    "`aegisctl plan` shows what still differs, `aegisctl backup list` whether backups are made "
    "again.\n";

bool is_guest(const Address& address) {
  return address.kind == "container" || address.kind == "machine";
}

// Sizes in whole GiB, as pct wants them, rounded up.
std::string gibibytes(const Json& size) {
  constexpr std::int64_t k_gibibyte = std::int64_t{1} << 30U;
  const std::int64_t bytes = parse_size(as_text(size)).value_or(0);
  return fmt::format("{}", (bytes + k_gibibyte - 1) / k_gibibyte);
}

// "--rootfs local-zfs:8 --mp0 local-zfs:100,mp=/srv": where the disks go. A bind mount is named as
// it was.
void add_disks(const Json& spec, std::vector<std::string>& words) {
  const auto allocation = [](const Json& disk) {
    return fmt::format("{}:{}", text_or(disk, "storage"), gibibytes(get(disk, "size")));
  };
  words.insert(words.end(), {"--rootfs", allocation(get(spec, "rootfs"))});
  const Json& mounts = get(spec, "mount_points");
  if (!mounts.is_object()) return;
  for (const auto& [key, mount] : mounts.items()) {
    const std::string source = text_or(mount, "volume", allocation(mount));
    words.insert(words.end(), {"--" + key, fmt::format("{},mp={}", source, text_or(mount, "mp"))});
  }
}

// As code in Markdown; each is a command that a shell can be given.
std::string commands(const std::vector<std::vector<std::string>>& all) {
  std::string text;
  for (const auto& words : all) {
    const auto line = command_line(words);
    if (line) text += fmt::format("    {}\n", harmless(*line));
  }
  return text;
}

class Runbook {
 public:
  Runbook(const Desired& desired, const Backups& backups, const Plan& plan)
      : desired_(desired), backups_(backups) {
    for (const Change& change : plan.changes) changes_.emplace(change.address, &change);
    std::set<Address> seen;
    for (const Step& step : plan.steps) {
      if (changes_.contains(step.address) && seen.insert(step.address).second)
        order_.push_back(step.address);
    }
  }

  std::string text() {
    std::string text(k_preface);
    for (const auto& [name, scope] : desired_.scopes) {
      if (scope.type() == "server") text += server_text(scope);
    }
    for (const auto& [name, scope] : desired_.scopes) {
      if (scope.type() == "os") text += system_text(scope);
    }
    for (const auto& [name, scope] : desired_.scopes) {
      if (scope.type() == "stack") text += stack_text(scope);
    }
    return text + std::string(k_last);
  }

 private:
  std::string server_text(const Scope& scope) const {
    std::string before;
    std::string guests;
    std::string after;
    bool had_guest = false;
    for (const Address& address : order_) {
      const Resource& resource = desired_.resources.at(address);
      if (resource.scope != scope.name) continue;
      if (is_guest(address)) {
        guests += guest_text(resource);
        had_guest = true;
      } else {
        (needs_guest(resource) ? after : before) += entry_text(address);
      }
    }
    std::string text = fmt::format(
        "\n## {} (node {})\n", harmless(scope.name), harmless(text_or(scope.settings, "node")));
    if (!before.empty()) {
      text += "\nMake these in this order, in the web interface or with `pvesh`:\n\n" + before;
    }
    if (had_guest) text += guests;
    if (!after.empty()) text += "\nThen these:\n\n" + after;
    return text;
  }

  [[nodiscard]] static bool needs_guest(const Resource& resource) {
    return resource.needs_kind("container") || resource.needs_kind("machine");
  }

  std::string system_text(const Scope& scope) const {
    std::string entries;
    for (const Address& address : order_) {
      if (desired_.resources.at(address).scope == scope.name) entries += entry_text(address);
    }
    if (entries.empty()) return {};
    return fmt::format(
        "\n## Inside {}\n\nWhat a backup did not bring back:\n\n{}", harmless(scope.name), entries);
  }

  std::string guest_text(const Resource& guest) const {
    const std::string vmid = as_text(get(guest.spec, "vmid"));
    std::string text =
        fmt::format("\n### {}, number {}\n\n", harmless(to_string(guest.address)), harmless(vmid));
    const std::string entry = entry_of(backups_, guest.address);
    if (entry.empty()) {
      return text + "No backup is made of it. Make it anew:\n\n" + entry_text(guest.address);
    }
    return text +
           fmt::format(
               "The backup `{}` is made of it. The newest is the last in the list; "
               "put its name for VOLUME:\n\n",
               harmless(entry)) +
           restore_commands(guest, backups_.at(entry).storage, vmid);
  }

  static std::string restore_commands(const Resource& guest,
                                      const std::string& storage,
                                      const std::string& vmid) {
    const std::vector<std::string> list{
        "pvesm", "list", storage, "--content", "backup", "--vmid", vmid};
    if (guest.address.kind == "machine")
      return commands({list, {"qmrestore", "VOLUME", vmid}, {"qm", "start", vmid}});
    std::vector<std::string> restore{"pct", "restore", vmid, "VOLUME"};
    add_disks(guest.spec, restore);
    return commands({list, restore, {"pct", "start", vmid}});
  }

  // "- server/a/interface/vmbr1: cidr "10.10.10.1/24", type "bridge""
  std::string entry_text(const Address& address) const {
    const Change& change = *changes_.at(address);
    std::vector<std::string> values;
    for (const AttributeChange& attribute : change.attributes)
      values.push_back(
          fmt::format("{} {}", harmless(attribute.path), value_text(change, attribute)));
    return fmt::format(
        "- {}{}\n", harmless(to_string(address)), values.empty() ? "" : ": " + join(values, ", "));
  }

  // Whole files are nothing for a line: they are looked up.
  static std::string value_text(const Change& change, const AttributeChange& attribute) {
    constexpr std::size_t k_longest = 160;
    std::string value = format_value(attribute.path, attribute.after);
    if (columns_of(value) <= k_longest || !change.where) return value;
    return "as in " + harmless(to_string(*change.where));
  }

  std::string stack_text(const Scope& scope) const {
    const Json& guest = get(scope.settings, "guest");
    const std::string where = guest.is_null() ? harmless(text_or(scope.settings, "endpoint"))
                                              : harmless(text_or(guest, "address"));
    std::vector<std::string> up{
        "docker", "compose", "--project-name", text_or(scope.settings, "project")};
    for (const Json& file : get(scope.settings, "config_files"))
      up.insert(up.end(), {"--file", as_text(file)});
    up.insert(up.end(), {"up", "--detach"});
    return fmt::format(
        "\n## {} in {}\n\nIts volumes come back with the guest. If it does not run "
        "by itself, with the files of this folder there:\n\n{}",
        harmless(scope.name),
        where,
        commands({up}));
  }

  const Desired& desired_;
  const Backups& backups_;
  std::map<Address, const Change*> changes_;
  std::vector<Address> order_;
};

}  // namespace

std::string render_runbook(const Desired& desired,
                           const Backups& backups,
                           const Plan& from_nothing) {
  return Runbook(desired, backups, from_nothing).text();
}

}  // namespace aegis
