#include "model/window.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/calendar.h"
#include "base/text.h"
#include "base/units.h"

namespace aegis {

Json to_json(const Window& window) {
  return {
      {"name", window.name}, {"schedule", window.schedule}, {"duration", window.duration.count()}};
}

std::optional<Window> parse_window(const Json& json) {
  const auto duration = as_integer(get(json, "duration"));
  const Json& schedule = get(json, "schedule");
  if (!duration || !schedule.is_array()) return std::nullopt;
  Window window{text_or(json, "name"), {}, std::chrono::seconds(*duration)};
  for (const Json& event : schedule) window.schedule.push_back(as_text(event));
  return window;
}

std::string to_string(const Window& window) {
  return fmt::format(
      "{} ({} for {})", window.name, list_words(window.schedule), format_duration(window.duration));
}

WindowState state_of(const Window& window, std::chrono::sys_seconds now) {
  WindowState state;
  for (const std::string& text : window.schedule) {
    const auto event = CalendarEvent::parse(text);
    if (!event) continue;
    const auto opened = event->last(now, window.duration - std::chrono::seconds(1));
    if (opened) {
      state.open_until = std::max(state.open_until.value_or(*opened), *opened + window.duration);
    }
    const auto next = event->next(now);
    if (next) state.opens_next = std::min(state.opens_next.value_or(*next), *next);
  }
  return state;
}

}  // namespace aegis
