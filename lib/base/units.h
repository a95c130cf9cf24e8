#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aegis {

/// Bytes in "110GiB", "500G", "1.5g", "512 MiB", "1024" or "64k". All units are powers of 1024, as
/// Proxmox and Docker read them; "B" and "iB" endings are optional and case does not matter.
/// Nothing for any other text, for a negative number, for a fraction of a byte, and on overflow.
std::optional<std::int64_t> parse_size(std::string_view text);

/// The largest unit that gives a whole number: 536870912 -> "512MiB", 1000 -> "1000B".
std::string format_size(std::int64_t bytes);

/// The time in "5m", "1h30m", "1.5s", "250ms", "2d" or "1w". Units: w d h m s ms us ns.
/// Nothing for any other text, a bare number among them.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// "1h30m", "5s", "250ms", "0s": the units that parse_duration reads, largest first.
std::string format_duration(std::chrono::nanoseconds duration);

}  // namespace aegis
