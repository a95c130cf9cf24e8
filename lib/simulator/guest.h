#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/json.h"
#include "simulator/options.h"
#include "simulator/schema.h"

namespace aegis::simulator {

using ConfigMap = std::map<std::string, std::string, std::less<>>;

/// What containers and virtual machines have in common: a configuration file and a power state.
struct Guest {
  int vmid = 0;
  /// Where it lives; empty for the node that the world is on.
  std::string node;
  ConfigMap config;                                   ///< the file's main section
  ConfigMap pending;                                  ///< what waits for a restart
  std::set<std::string, std::less<>> pending_delete;  ///< keys that a restart removes
  bool running = false;
  TimePoint started;

  /// The value of `key` in the main section, or "".
  [[nodiscard]] std::string value(std::string_view key) const;
  /// A boolean key that is set to 1.
  [[nodiscard]] bool is_set(std::string_view key) const { return value(key) == "1"; }
};

/// The schema field of a configuration key, or null.
using FieldOf = const Field* (*)(std::string_view key);

/// The configuration file's text; `pending_section` heads what waits ("pve:pending").
std::string conf_text(const Guest& guest, std::string_view pending_section);

/// One section of the file: the description as comment lines, then the keys.
std::string section_text(const ConfigMap& values);

/// A value as answers show it: integers and booleans as numbers, everything else as text.
Json typed_value(FieldOf field_of, std::string_view key, const std::string& text);

/// How one sort of guest shows the value of a key.
using ValueShown = Json (*)(std::string_view key, const std::string& text);

/// Answer of GET pending: values, wishes and what goes; `digest` is the file's.
Json pending_json(const Guest& guest, ValueShown shown, const std::string& digest);

/// What both lists tell of any guest: a state, and zeros for what no test looks at.
Json usage_json(const Guest& guest, TimePoint now);

/// Seconds since the start; 0 of a stopped guest.
std::int64_t uptime_of(const Guest& guest, TimePoint now);

Json to_json(const Guest& guest);
/// Fills `guest` with what to_json told.
void guest_from_json(const Json& json, Guest& guest);

}  // namespace aegis::simulator
