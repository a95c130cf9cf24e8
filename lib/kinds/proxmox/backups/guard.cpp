#include "kinds/proxmox/backups/guard.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/units.h"
#include "kinds/proxmox/backups/backup_view.h"
#include "kinds/proxmox/backups/gaps.h"

namespace aegis::proxmox {
namespace {

constexpr const char* k_setting = "backup_guard";
constexpr const char* k_noted = "missing_backup";
constexpr std::chrono::seconds k_usual_age{24 * 3600};

bool is_exempt(const Json& guard, const Address& address) {
  const Json& without = get(guard, "without");
  return std::find(without.begin(), without.end(), to_string(address)) != without.end();
}

std::int64_t age_for(const Json& guard, std::int64_t vmid) {
  const Json& own = get(get(guard, "ages"), fmt::format("{}", vmid));
  return as_integer(own.is_null() ? get(guard, "age") : own).value_or(k_usual_age.count());
}

// How a new backup comes about.
std::string way_out(const Json& guard, std::int64_t vmid, const Address& address) {
  const std::string entry = text_or(get(guard, "entries"), fmt::format("{}", vmid));
  const std::string run = entry.empty()
                              ? std::string("Add it to an entry of `backups` and make one")
                              : fmt::format("Make one with `aegisctl backup run {}`", entry);
  return fmt::format("{}, or let it go without: --without-backup {}.", run, to_string(address));
}

std::string age_problem(const std::vector<Copy>& copies, std::int64_t now, std::int64_t age) {
  const Copy* newest = newest_usable(copies);
  if (newest == nullptr) return "It has no backup to bring it back from.";
  if (now - newest->time <= age) return {};
  const std::chrono::sys_seconds time{std::chrono::seconds(newest->time)};
  return fmt::format("Its newest backup is of {:%Y-%m-%d %H:%M} UTC, older than {}.",
                     time,
                     format_duration(std::chrono::seconds(age)));
}

std::string gap_problem(const std::vector<Gap>& gaps) {
  std::vector<std::string> parts;
  for (const Gap& gap : gaps) {
    if (gap.goes_with_guest) parts.push_back(gap.part);
  }
  if (parts.empty()) return {};
  return fmt::format("{} would be lost: no backup of it has {}.",
                     list_words(parts),
                     parts.size() == 1 ? "that" : "them");
}

// Several entries may name one guest: the strictest holds.
void add_guest(const Resource& guest, const std::string& entry, const Backup& backup, Json& guard) {
  const std::string vmid = as_text(get(guest.spec, "vmid"));
  if (!guard["entries"].contains(vmid)) guard["entries"][vmid] = entry;
  if (!backup.rpo || guard.contains("age")) return;
  const auto known = as_integer(get(guard["ages"], vmid));
  if (!known || backup.rpo->count() < *known) guard["ages"][vmid] = backup.rpo->count();
}

}  // namespace

void set_guard(Desired& desired, const Backups& backups, const BackupGuard& guard) {
  if (backups.empty()) return;
  for (auto& [name, scope] : desired.scopes) {
    if (scope.type() != "server") continue;
    Json setting{{"now", guard.now},
                 {"without", guard.without},
                 {"ages", Json::object()},
                 {"entries", Json::object()}};
    if (guard.age) setting["age"] = guard.age->count();
    for (const auto& [entry, backup] : backups) {
      for (const Address& address : backup.guests) {
        const Resource& guest = desired.resources.at(address);
        if (guest.scope == name) add_guest(guest, entry, backup, setting);
      }
    }
    scope.settings[k_setting] = std::move(setting);
  }
}

bool is_guarded(const Scope& scope) {
  return scope.settings.contains(k_setting);
}

void add_guard(const Scope& scope,
               const Replies& replies,
               const GuestSystem& system,
               const ConfigMap& config,
               Observation& live) {
  const Json& guard = get(scope.settings, k_setting);
  if (!live.exists || is_exempt(guard, live.address)) return;
  const std::int64_t vmid = as_integer(get(live.context, "vmid")).value_or(0);
  const auto view = BackupView::read(HostQueries(scope), replies);
  std::string problem;
  if (!view) {
    problem = fmt::format("Its backups cannot be read: {}", view.error().message);
  } else {
    problem = age_problem(
        view->of(vmid, system), as_integer(get(guard, "now")).value_or(0), age_for(guard, vmid));
    // A newer one may be where we cannot look.
    if (!problem.empty()) {
      for (const Error& error : view->unread(vmid)) problem += " But " + error.message;
    }
  }
  const std::string lost = gap_problem(gaps_of(config, system));
  if (!problem.empty() && !lost.empty()) problem += ' ';
  problem += lost;
  if (!problem.empty()) {
    live.context[k_noted] = fmt::format("{} {}", problem, way_out(guard, vmid, live.address));
  }
}

std::string missing_backup(const Observation& live) {
  return text_or(live.context, k_noted);
}

}  // namespace aegis::proxmox
