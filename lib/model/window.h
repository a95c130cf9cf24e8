#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace aegis {

/// A time that comes again, in which changes that disturb are made.
struct Window {
  std::string name;  ///< "nightly"
  std::vector<std::string>
      schedule;                      ///< when it opens: calendar events of systemd, with their zone
  std::chrono::seconds duration{0};  ///< how long it stays open

  bool operator==(const Window&) const = default;
};

/// {name, schedule, duration: seconds}, and back; nothing when it is no window.
Json to_json(const Window& window);
std::optional<Window> parse_window(const Json& json);

/// "nightly (Sun 02:00 UTC for 2h)"
std::string to_string(const Window& window);

/// Where a window stands at some moment.
struct WindowState {
  std::optional<std::chrono::sys_seconds> open_until;  ///< nothing: it is closed
  std::optional<std::chrono::sys_seconds> opens_next;  ///< nothing: it never opens again
};

/// Closed for ever when an event is not understood here, such as one whose time zone is unknown.
WindowState state_of(const Window& window, std::chrono::sys_seconds now);

}  // namespace aegis
