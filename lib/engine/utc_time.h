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

}  // namespace aegis
