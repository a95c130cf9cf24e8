#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

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

void check_command(const YamlNode& command,
                   const std::vector<std::string>& words,
                   Reading& reading) {
  const std::string& program = words.front();
  if (!program.empty() && k_prefixes.find(program.front()) == std::string_view::npos) return;
  reading.error(command.where,
                "not a program",
                fmt::format("A command begins with the name or the path of a program, and `{}` is "
                            "none.",
                            program));
}

std::string service_text(const std::string& name,
                         const Json& spec,
                         const std::vector<std::string>& words) {
  std::string text = fmt::format("[Unit]\nDescription=Job {}\n", name);
  for (const Json& unit : get(spec, "on_failure")) {
    text += fmt::format("OnFailure={}\n", unit_escaped(as_text(unit)));
  }
  text += fmt::format("\n[Service]\nType=oneshot\nExecStart={}\nTimeoutStartSec={}\n",
                      exec_words(words),
                      text_or(spec, "timeout", "1h"));
  if (spec.contains("user")) text += fmt::format("User={}\n", text_or(spec, "user"));
  if (spec.contains("directory")) {
    text += fmt::format("WorkingDirectory={}\n", unit_escaped(text_or(spec, "directory")));
  }
  return text;
}

std::string timer_text(const std::string& name, const Json& spec, const YamlNode& schedule) {
  std::string text = fmt::format("[Unit]\nDescription=When job {} runs\n\n[Timer]\n", name);
  for (const YamlNode* event : events_of(schedule)) {
    text += fmt::format("OnCalendar={}\n", event->text);
  }
  if (spec.contains("delay")) {
    text += fmt::format("RandomizedDelaySec={}\n", text_or(spec, "delay"));
  }
  const bool catches_up = get(spec, "catch_up") != false;
  return text + fmt::format("Persistent={}\n\n[Install]\nWantedBy=timers.target\n", catches_up);
}

void compose_job(const YamlNode::Member& entry,
                 const Json& spec,
                 Reading& reading,
                 std::vector<Resource>& resources) {
  const YamlNode& schedule = *entry.value->find("schedule");
  const std::vector<std::string> words = command_words(get(spec, "command"));
  check_schedule(schedule, reading);
  check_command(*entry.value->find("command"), words, reading);
  const std::string unit = fmt::format("job-{}", entry.key);
  Resource timer =
      composed_unit(unit + ".timer", timer_text(entry.key, spec, schedule), entry, reading);
  const bool enabled = get(spec, "enabled") != false;
  timer.spec["enabled"] = enabled;
  timer.spec["state"] = enabled ? "started" : "stopped";
  resources.push_back(
      composed_unit(unit + ".service", service_text(entry.key, spec, words), entry, reading));
  resources.push_back(std::move(timer));
}

}  // namespace

std::vector<Resource> compose_jobs(const YamlNode::Member& section,
                                   const Json& spec,
                                   Reading& reading) {
  std::vector<Resource> resources;
  for (const YamlNode::Member& entry : section.value->members) {
    compose_job(entry, get(spec, entry.key), reading, resources);
  }
  return resources;
}

}  // namespace aegis
