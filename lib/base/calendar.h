#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time_zone.h"

namespace aegis {

/// True when the event's last word names a time zone, UTC among them.
bool names_zone(std::string_view event);

/// A calendar event of systemd ("Sun *-*-1..7 03:00 Europe/Berlin", "daily"), as systemd.time(7)
/// has it; fractions of seconds are left out.
class CalendarEvent {
 public:
  /// Times of an event without a zone are UTC. `rejected` when it is no event; what
  /// TimeZone::load says when its zone cannot be had.
  static Result<CalendarEvent> parse(std::string_view text);

  /// The last time at or before `time`, looking back as far as `reach`.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> last(std::chrono::sys_seconds time,
                                                             std::chrono::seconds reach) const;

  /// The first time after `time`; nothing when there is none within ten years.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> next(std::chrono::sys_seconds time) const;

 private:
  /// "4", "1..7", "*", "0/15": from `first` to `last`, each `step`.
  struct Range {
    int first = 0;
    int last = 0;
    int step = 1;
  };
  using Ranges = std::vector<Range>;
  class Parser;

  static bool holds(const Ranges& ranges, int value);
  static std::vector<int> values(const Ranges& ranges, int limit);
  [[nodiscard]] bool is_on(std::chrono::sys_days day) const;
  /// All times of that local day, ascending.
  [[nodiscard]] std::vector<std::chrono::sys_seconds> times_on(std::chrono::sys_days day) const;

  std::array<bool, 7> weekdays_{true, true, true, true, true, true, true};  ///< Monday first
  Ranges years_;
  Ranges months_;
  Ranges days_;
  bool counts_from_end_ = false;  ///< "~": the days, 1 for the last one
  Ranges hours_;
  Ranges minutes_;
  Ranges seconds_;
  TimeZone zone_;
};

}  // namespace aegis
