#include "manifest/timed_units.h"

#include <fmt/format.h>

#include <string_view>

#include "manifest/calendar_event.h"
#include "manifest/os_composed.h"
#include "manifest/unit_text.h"

namespace aegis {
namespace {

constexpr std::string_view k_prefixes = "@-:+!|";  // systemd reads them before a program's name

// The calendar events, one or several.
std::vector<const YamlNode*> events_of(const YamlNode& schedule) {
  std::vector<const YamlNode*> events;
  if (schedule.type != YamlNode::Type::sequence) return {&schedule};
  for (const YamlNode& event : schedule.items) events.push_back(&event);
  return events;
}

// A template gets the name of the unit that failed, which systemd tells no unit of several.
std::string told_unit(std::string unit) {
  const std::size_t at = unit.find("@.");
  if (at != std::string::npos) unit.insert(at + 1, "%n");
  return unit;
}

}  // namespace

void check_schedule(const YamlNode& schedule, Reading& reading) {
  for (const YamlNode* event : events_of(schedule)) {
    if (is_calendar_event(event->text)) continue;
    reading.error(event->where,
                  "not a calendar event",
                  fmt::format("`{}` says no times that systemd understands. For example: daily, "
                              "*-*-* 03:30, Mon..Fri 22:30, Sun *-*-1..7 03:00 Europe/Berlin.",
                              event->text));
  }
}

std::vector<std::string> checked_command(const YamlNode& command, Reading& reading) {
  std::vector<std::string> words = {"/bin/sh", "-c", command.text};
  if (command.type == YamlNode::Type::sequence) words.clear();
  for (const YamlNode& word : command.items) words.push_back(word.text);
  const std::string& program = words.front();
  if (!program.empty() && k_prefixes.find(program.front()) == std::string_view::npos) return words;
  reading.error(command.where,
                "not a program",
                fmt::format("A command begins with the name or the path of a program, and `{}` is "
                            "none.",
                            program));
  return words;
}

std::string oneshot_text(const std::string& description,
                         const std::string& more_of_unit,
                         const std::string& service_lines,
                         const Json& spec) {
  std::string text = fmt::format("[Unit]\nDescription={}\n{}", description, more_of_unit);
  for (const Json& unit : get(spec, "on_failure")) {
    text += fmt::format("OnFailure={}\n", told_unit(as_text(unit)));
  }
  text += fmt::format("\n[Service]\nType=oneshot\n{}", service_lines);
  if (spec.contains("user")) text += fmt::format("User={}\n", text_or(spec, "user"));
  if (spec.contains("directory")) {
    text += fmt::format("WorkingDirectory={}\n", unit_escaped(text_or(spec, "directory")));
  }
  return text;
}

Resource composed_timer(const std::string& name,
                        const YamlNode::Member& entry,
                        const Json& spec,
                        bool catches_up,
                        Reading& reading) {
  std::string text = fmt::format("[Unit]\nDescription=When {} runs\n\n[Timer]\n", name);
  for (const YamlNode* event : events_of(*entry.value->find("schedule"))) {
    text += fmt::format("OnCalendar={}\n", event->text);
  }
  if (spec.contains("delay")) {
    text += fmt::format("RandomizedDelaySec={}\n", text_or(spec, "delay"));
  }
  text += fmt::format("Persistent={}\n\n[Install]\nWantedBy=timers.target\n", catches_up);
  Resource timer = composed_unit(name + ".timer", text, entry, reading);
  const bool enabled = get(spec, "enabled") != false;
  timer.spec["enabled"] = enabled;
  timer.spec["state"] = enabled ? "started" : "stopped";
  return timer;
}

}  // namespace aegis
