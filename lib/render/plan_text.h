#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "model/plan.h"
#include "render/style.h"

namespace aegis {

/// The plan for people: what will be made, a block a change with its cause and its attributes; then
/// what is held back and why; then one line on what is disturbed and one that counts. The plan's
/// notes are not part of it (render/diagnostics_text.h), except that errors among them are referred
/// to. Ends in a line end. Nothing of a live system reaches the terminal unescaped. With `now` it
/// also tells when the windows open that changes wait for.
std::string render_text(const Plan& plan,
                        const Style& style,
                        std::optional<std::chrono::sys_seconds> now = std::nullopt);

/// What a run left for a window, a line a window: "Waiting for the window nightly, ...:
/// container/web". Empty when nothing waits.
std::string render_waiting(const Plan& plan, const Style& style, std::chrono::sys_seconds now);

}  // namespace aegis
