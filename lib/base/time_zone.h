#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aegis {

/// How far the clocks of a place are from UTC, at any time: a file of the tz database (RFC 8536),
/// or UTC, which needs none.
class TimeZone {
 public:
  /// UTC.
  TimeZone() = default;

  /// The zone called `name` ("Europe/Berlin"; "UTC" always works) of the database in `folder`.
  /// `not_found` when there is no such zone, `io` when there is no database, `rejected` when the
  /// file is damaged.
  static Result<TimeZone> load(const std::string& name,
                               const std::string& folder = "/usr/share/zoneinfo");

  /// The same of a file's bytes.
  static Result<TimeZone> parse(std::string_view bytes);

  /// What is added to UTC there at that time.
  [[nodiscard]] std::chrono::seconds offset_at(std::chrono::sys_seconds time) const;

  /// When the clocks there show `local` (counted as if it were UTC). A time that they skip is taken
  /// as far after the change as it was before it, one that they show twice as the first.
  [[nodiscard]] std::chrono::sys_seconds from_local(std::chrono::sys_seconds local) const;

 private:
  struct Change {
    std::int64_t time;
    std::int32_t offset;  ///< from then on
  };
  /// "M3.5.0/2" of POSIX: when in each year, in seconds of the local time that holds before it.
  struct Rule {
    enum class Form { month_week_day, julian, day_of_year };
    Form form = Form::month_week_day;
    int month = 0;
    int week = 0;
    int day = 0;
    std::int32_t second = 0;
  };
  /// What holds after the last change.
  struct Footer {
    std::int32_t standard = 0;
    std::int32_t summer = 0;
    std::optional<Rule> begins;  ///< of summer time; nothing: there is none
    Rule ends = {};
  };
  class FooterReader;

  [[nodiscard]] std::int32_t by_footer(std::int64_t time) const;
  static std::int64_t moment_in(std::chrono::year year, const Rule& rule);

  std::vector<Change> changes_;  ///< ascending
  std::int32_t first_ = 0;       ///< before the first change
  std::optional<Footer> footer_;
};

}  // namespace aegis
