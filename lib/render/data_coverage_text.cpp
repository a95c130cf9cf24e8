#include "render/data_coverage_text.h"

#include <fmt/format.h>

#include "base/units.h"
#include "render/backup_words.h"
#include "render/terminal_text.h"

namespace aegis {
namespace {

std::string newest_text(const DataCoverage& data, std::int64_t now, const Style& style) {
  const Copy* newest = newest_usable(data.copies);
  if (newest != nullptr) return harmless(newest_words(*newest, now));
  return data.unread.empty() ? paint("no copy", Role::failed, style) : "not known";
}

std::string schedule_text(const DataCoverage& data, const Style& style) {
  if (!data.is_installed && data.unread.empty()) {
    return paint("not there yet: `aegisctl apply` brings it", Role::failed, style);
  }
  if (!data.backup.is_enabled) return "only by hand";
  return harmless(data.backup.source == "git"
                      ? data.backup.schedule
                      : fmt::format("{}, to {}", data.backup.schedule, data.backup.folder));
}

std::string entry_text(const DataCoverage& data, std::int64_t now, const Style& style) {
  std::string text = fmt::format("{}  {} on {}\n",
                                 paint(harmless("backup/" + data.name), Role::strong, style),
                                 data.backup.source,
                                 harmless(to_string(data.backup.system)));
  text += labelled_line("newest", newest_text(data, now, style));
  if (data.rpo) {
    const Objective objective = judge(data, now);
    const Role role = objective == Objective::met ? Role::added : Role::failed;
    text += labelled_line("objective",
                          fmt::format("at most {} old: {}",
                                      format_duration(*data.rpo),
                                      paint(to_string(objective), role, style)));
  }
  if (data.copies.size() > 1)
    text += labelled_line("kept", fmt::format("{} copies", data.copies.size()));
  text += labelled_line("schedule", schedule_text(data, style));
  if (!data.failure.empty()) {
    text += labelled_line(
        "last run",
        paint(
            harmless(fmt::format("failed ({}): journalctl -u backup-{}", data.failure, data.name)),
            Role::failed,
            style));
  }
  for (const Error& error : data.unread) {
    text += labelled_line("not seen", paint(harmless(error.message), Role::warned, style));
  }
  return text;
}

}  // namespace

std::string render_text(const std::vector<DataCoverage>& data,
                        std::int64_t now,
                        const Style& style) {
  std::string text;
  for (const DataCoverage& entry : data) text += entry_text(entry, now, style) + "\n";
  return text;
}

Json to_json(const std::vector<DataCoverage>& data, std::int64_t now) {
  Json list = Json::array();
  for (const DataCoverage& entry : data) {
    Json copies = Json::array();
    for (const Copy& copy : entry.copies) copies.push_back(copy_json(copy, now));
    Json unread = Json::array();
    for (const Error& error : entry.unread) unread.push_back(error.message);
    const Copy* newest = newest_usable(entry.copies);
    list.push_back({{"name", entry.name},
                    {"on", to_string(entry.backup.system)},
                    {"source", entry.backup.source},
                    {"schedule", entry.backup.schedule},
                    {"installed", entry.is_installed},
                    {"objective",
                     {{"state", to_string(judge(entry, now))},
                      {"rpo", entry.rpo ? Json(entry.rpo->count()) : Json()}}},
                    {"newest", newest == nullptr ? Json() : copy_json(*newest, now)},
                    {"copies", std::move(copies)},
                    {"failure", entry.failure},
                    {"unread", std::move(unread)}});
  }
  return list;
}

}  // namespace aegis
