#pragma once

namespace aegis::monitoring {

/// The alert that always fires: when it stops arriving, the way to people is broken.
constexpr const char* k_watchdog = "Watchdog";

}  // namespace aegis::monitoring
