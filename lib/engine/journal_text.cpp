#include "engine/journal_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "engine/utc_time.h"
#include "model/report.h"

namespace aegis {
namespace {

using Event = JournalEntry::Event;

constexpr std::string_view k_suffix = ".jsonl";

constexpr std::array<std::pair<Event, std::string_view>, 4> k_events{{
    {Event::run_started, "run_started"},
    {Event::step_started, "step_started"},
    {Event::step_ended, "step_ended"},
    {Event::run_ended, "run_ended"},
}};

std::string_view name_of(Event wanted) {
  for (const auto& [event, name] : k_events) {
    if (event == wanted) return name;
  }
  return {};
}

std::optional<Event> event_of(std::string_view wanted) {
  for (const auto& [event, name] : k_events) {
    if (name == wanted) return event;
  }
  return std::nullopt;
}

std::optional<JournalEntry> parse_entry(std::string_view line) {
  const auto json = parse_json(line);
  if (!json || !json->is_object()) return std::nullopt;
  const auto event = event_of(text_or(*json, "event"));
  const auto time = parse_utc(text_or(*json, "time"));
  if (!event || !time) return std::nullopt;
  JournalEntry entry;
  entry.event = *event;
  entry.time = *time;
  entry.run = text_or(*json, "run");
  entry.step = static_cast<int>(as_integer(get(*json, "step")).value_or(0));
  entry.address = parse_address(text_or(*json, "address")).value_or(Address{});
  entry.title = text_or(*json, "title");
  entry.status = text_or(*json, "status");
  return entry;
}

}  // namespace

JournalEntry with_identity(JournalEntry entry, const RunIdentity& identity) {
  if (entry.run.empty()) entry.run = identity.run;
  if (entry.event == Event::run_started && entry.title.empty()) entry.title = identity.who;
  return entry;
}

std::string to_line(const JournalEntry& entry) {
  Json json = {
      {"event", name_of(entry.event)}, {"run", entry.run}, {"time", format_utc(entry.time)}};
  if (entry.step != 0) {
    json["step"] = entry.step;
    json["address"] = to_string(entry.address);
  }
  if (!entry.title.empty()) json["title"] = entry.title;
  if (!entry.status.empty()) json["status"] = entry.status;
  return dump_json(json) + "\n";
}

Result<std::vector<JournalEntry>> parse_journal(std::string_view text) {
  std::vector<JournalEntry> entries;
  int number = 1;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n'), ++number) {
    auto entry = parse_entry(text.substr(0, end));
    if (!entry) {
      return Error{ErrorCode::io, fmt::format("line {} is not a journal entry", number)};
    }
    entries.push_back(std::move(*entry));
    text.remove_prefix(end + 1);
  }
  return entries;
}

std::string journal_file_name(TimePoint start, std::string_view run) {
  std::string time = format_utc(start);
  std::erase_if(time, [](char c) { return c == '-' || c == ':' || c == '.'; });
  return fmt::format("{}-{}{}", time, run, k_suffix);
}

bool is_journal_file_name(std::string_view name) {
  constexpr std::string_view k_time = "ddddddddTdddddddddZ-";
  if (name.size() <= k_time.size() + k_suffix.size() || !name.ends_with(k_suffix)) return false;
  for (std::size_t i = 0; i < k_time.size(); ++i) {
    const bool fits = k_time[i] == 'd' ? name[i] >= '0' && name[i] <= '9' : name[i] == k_time[i];
    if (!fits) return false;
  }
  name.remove_prefix(k_time.size());
  name.remove_suffix(k_suffix.size());
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  });
}

RunEnd end_of_run(std::string_view journal) {
  const std::size_t end = journal.rfind('\n');
  if (end == std::string_view::npos) return RunEnd::none;
  const std::string_view lines = journal.substr(0, end);
  const auto last = parse_entry(lines.substr(lines.rfind('\n') + 1));
  if (!last || last->event != Event::run_ended) return RunEnd::none;
  return last->status == to_string(Outcome::succeeded) ? RunEnd::succeeded : RunEnd::otherwise;
}

}  // namespace aegis
