#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace aegis::docker {

/// A time as the engine writes it, "2026-01-31T02:30:00.123456789Z" or with an offset such as
/// "+02:00": nanoseconds since 1970. Nothing for any other text, and for the engine's "never",
/// which is the year 1.
std::optional<std::chrono::nanoseconds> parse_engine_time(std::string_view text);

}  // namespace aegis::docker
