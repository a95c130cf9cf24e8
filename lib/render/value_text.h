#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "model/plan.h"

namespace aegis {

/// The disruption of a whole change in words: "reboots container/web", "destroys stack/a/volume/b
/// and its data"; empty for what disturbs nothing.
std::string disturbance_of(const Change& change);

/// An attribute's value on one line: strings as JSON would, a seal as [redacted], null as (none);
/// at `path`s that hold bytes (memory, swap, sizes, limits), whole KiB and more with their unit.
std::string format_value(std::string_view path, const Json& value);

/// "~", "+", "-", "-/+" or "=" for an action.
std::string_view symbol_of(Action action);

}  // namespace aegis
