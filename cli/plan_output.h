#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "model/plan.h"
#include "terminal.h"

namespace aegis {

/// The plan as "text", "json", "markdown", "html" or "dot", ending in a line end. The text tells
/// when windows open, seen from `now`.
std::string format_plan(const Plan& plan,
                        std::string_view format,
                        const Terminal& terminal,
                        std::optional<std::chrono::sys_seconds> now = std::nullopt);

}  // namespace aegis
