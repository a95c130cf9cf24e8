#include "simulator/retention.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <set>
#include <tuple>

#include "base/text.h"

namespace aegis::simulator {
namespace {

using Rules = std::map<std::string, int, std::less<>>;

// In the order in which the rules take their pick.
constexpr std::array<std::string_view, 6> k_periods{
    "keep-last", "keep-hourly", "keep-daily", "keep-weekly", "keep-monthly", "keep-yearly"};

Rules parse_rules(std::string_view text) {
  Rules rules;
  for (const std::string& rule : split_any(text, ", ")) {
    const std::size_t equals = rule.find('=');
    if (equals == std::string::npos) continue;
    rules[rule.substr(0, equals)] = std::atoi(rule.c_str() + equals + 1);
  }
  return rules;
}

bool keeps_all(const Rules& rules) {
  const auto all = rules.find("keep-all");
  if (all != rules.end() && all->second == 1) return true;
  return std::all_of(rules.begin(), rules.end(), [](const auto& rule) { return rule.second == 0; });
}

// The period that a backup falls into: backups of one period are alike.
std::string period_of(std::string_view rule, const PruneMark& backup) {
  namespace c = std::chrono;
  const c::sys_seconds time{c::seconds(backup.ctime)};
  const auto day = c::floor<c::days>(time);
  const c::year_month_day date{day};
  const int year = static_cast<int>(date.year());
  if (rule == "keep-hourly") return fmt::format("{}", backup.ctime / 3600);
  if (rule == "keep-daily") return fmt::format("{}", day.time_since_epoch().count());
  // 1970 began on a Thursday; weeks begin on Mondays.
  if (rule == "keep-weekly") return fmt::format("{}", (day.time_since_epoch().count() + 3) / 7);
  if (rule == "keep-monthly") return fmt::format("{}-{}", year, unsigned{date.month()});
  return rule == "keep-yearly" ? fmt::format("{}", year) : backup.volume_id;
}

// `backups` of one guest, newest first.
void apply_rule(std::string_view rule, int count, std::vector<PruneMark*>& backups) {
  std::set<std::string> kept_before;
  for (const PruneMark* backup : backups) {
    if (backup->mark == "keep") kept_before.insert(period_of(rule, *backup));
  }
  std::set<std::string> kept_now;
  for (PruneMark* backup : backups) {
    const std::string period = period_of(rule, *backup);
    if (!backup->mark.empty() || kept_before.contains(period)) continue;
    if (kept_now.contains(period)) {
      backup->mark = "remove";
    } else if (static_cast<int>(kept_now.size()) < count) {
      kept_now.insert(period);
      backup->mark = "keep";
    } else {
      break;
    }
  }
}

void mark_guest(const Rules& rules, std::vector<PruneMark*>& backups) {
  std::sort(backups.begin(), backups.end(), [](const PruneMark* left, const PruneMark* right) {
    return std::tie(left->ctime, left->volume_id) > std::tie(right->ctime, right->volume_id);
  });
  for (const std::string_view period : k_periods) {
    const auto rule = rules.find(period);
    if (rule != rules.end() && rule->second > 0) apply_rule(period, rule->second, backups);
  }
  for (PruneMark* backup : backups) {
    if (backup->mark.empty()) backup->mark = keeps_all(rules) ? "keep" : "remove";
  }
}

}  // namespace

std::span<const Field> retention_fields() {
  static const std::vector<Field> k_fields = [] {
    std::vector<Field> fields{{.name = "keep-all", .type = FieldType::boolean}};
    for (const std::string_view period : k_periods) {
      fields.push_back({.name = period, .type = FieldType::integer, .minimum = 0});
    }
    return fields;
  }();
  return k_fields;
}

std::vector<PruneMark> mark_backups(const World& world,
                                    std::string_view storage,
                                    int vmid,
                                    std::string_view rules) {
  std::vector<PruneMark> marks;
  for (const auto& [id, volume] : world.storages.volumes) {
    if (storage_of(id) != storage || volume.content != "backup") continue;
    if (vmid != 0 && volume.vmid != vmid) continue;
    marks.push_back({id, volume.vmid, volume.ctime, volume.is_protected ? "protected" : ""});
  }
  std::map<int, std::vector<PruneMark*>> by_guest;
  for (PruneMark& mark : marks) {
    if (mark.mark.empty()) by_guest[mark.vmid].push_back(&mark);
  }
  const Rules parsed = parse_rules(rules);
  for (auto& [guest, backups] : by_guest) mark_guest(parsed, backups);
  return marks;
}

std::string retention_of(const World& world, std::string_view storage) {
  const Section* section = world.files.at(std::string(k_storage_file)).find(storage);
  if (section == nullptr) return "keep-all=1";
  const auto rules = section->values.find("prune-backups");
  return rules == section->values.end() ? "keep-all=1" : rules->second;
}

int backup_limit(std::string_view text) {
  const Rules rules = parse_rules(text);
  if (keeps_all(rules)) return 0;
  int limit = 0;
  for (const auto& [rule, count] : rules) limit += count;
  return limit;
}

}  // namespace aegis::simulator
