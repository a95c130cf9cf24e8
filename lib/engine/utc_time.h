#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "effects/clock.h"

namespace aegis {

/// "2026-01-31T02:30:00.250Z": UTC, with milliseconds.
std::string format_utc(TimePoint time);

/// The time in a text of exactly that form, or nothing.
std::optional<TimePoint> parse_utc(std::string_view text);

/// The time in what people write: "2026-01-31 02:30", with "T" for the blank, with seconds, with
/// "Z", all in UTC; or nothing.
std::optional<TimePoint> parse_moment(std::string_view text);

/// "2026-01-31T023000Z": a part of names, as copies of data have it.
std::string format_stamp(TimePoint time);

}  // namespace aegis
