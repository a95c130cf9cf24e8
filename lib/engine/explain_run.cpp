#include "engine/explain_run.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "engine/utc_time.h"

namespace aegis {
namespace {

using Event = JournalEntry::Event;

/// "2026-01-31 02:30": the minute is enough for people.
std::string minute_of(TimePoint time) {
  std::string text = format_utc(time).substr(0, 16);
  text[10] = ' ';
  return text + " UTC";
}

struct Progress {
  std::map<int, const JournalEntry*> open;  ///< begun, end not seen
  std::map<int, std::string> ended;         ///< the last status of each step
};

Progress follow(std::span<const JournalEntry> entries) {
  Progress progress;
  for (const JournalEntry& entry : entries) {
    if (entry.event == Event::step_started) progress.open[entry.step] = &entry;
    if (entry.event == Event::step_ended) {
      progress.open.erase(entry.step);
      progress.ended[entry.step] = entry.status;
    }
  }
  return progress;
}

std::string describe_ended(const Progress& progress) {
  if (progress.ended.empty()) return "No step had ended.";
  std::map<std::string, std::size_t> counts;
  for (const auto& [step, status] : progress.ended) ++counts[status];
  std::vector<std::string> words;
  words.reserve(counts.size());
  for (const auto& [status, count] : counts) words.push_back(fmt::format("{} {}", count, status));
  return fmt::format(
      "{} had ended: {}.", count_of(progress.ended.size(), "step"), list_words(words));
}

}  // namespace

Diagnostics explain_run(std::span<const JournalEntry> entries) {
  if (entries.empty()) return {};
  const JournalEntry& first = entries.front();
  const Progress progress = follow(entries);
  std::string detail = fmt::format("The run {}", first.run);
  if (!first.title.empty() && first.event == Event::run_started) detail += " by " + first.title;
  detail += fmt::format(" of {} did not end, or is still going on.", minute_of(first.time));
  for (const auto& [step, entry] : progress.open) {
    detail += fmt::format(" Step {} '{}' ({}) was begun and its end was not seen.",
                          step,
                          entry->title,
                          to_string(entry->address));
  }
  detail += " " + describe_ended(progress);
  detail +=
      " A plan reads the live systems anew and says what is left to do; look at the objects named "
      "here if it surprises you.";
  return {{Severity::warning, "an earlier run did not end", detail, std::nullopt, std::nullopt}};
}

std::optional<RunStatus> run_status(std::span<const JournalEntry> entries, TimePoint now) {
  if (entries.empty()) return std::nullopt;
  RunStatus run;
  run.who = entries.front().title;
  run.age = std::chrono::duration_cast<std::chrono::seconds>(now - entries.front().time);
  if (entries.back().event == JournalEntry::Event::run_ended) run.outcome = entries.back().status;
  return run;
}

}  // namespace aegis
