#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "model/plan.h"

namespace aegis {

/// The disruption of a whole change in words: "reboots container/web", "destroys stack/a/volume/b
/// with its data"; empty for what disturbs nothing. Harmless.
std::string disturbance_of(const Change& change);

/// "This reboots container/a, restarts stack/app/service/web and recreates 12 more.": what the
/// changes that will be made disturb, worst first; empty when it is nothing. Harmless.
std::string disturbances_of(const Plan& plan);

/// An attribute's value on one line: strings as JSON writes them, a seal as [redacted], null as
/// (none); at `path`s that hold bytes (memory, swap, sizes, limits), whole KiB and more with their
/// unit. Harmless.
std::string format_value(std::string_view path, const Json& value);

/// True when a seal is in `value`, or what is written in the place of one.
bool holds_secret(const Json& value);

/// "~", "+", "-", "-/+" or "=" for an action.
std::string_view symbol_of(Action action);

/// "2 to create, 1 to change, 0 to remove", without what is held back; replacements and adoptions
/// are counted only when there are any.
std::string count_changes(const Plan& plan);

/// How many changes are held back.
std::size_t count_blocked(const Plan& plan);

}  // namespace aegis
