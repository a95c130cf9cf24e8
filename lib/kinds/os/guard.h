#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kinds/kind.h"

namespace aegis::os {

/// The effect of a write that could shut us out of the system: that somebody gets in over a new
/// connection. Until then a timer of that system itself waits to put the old file back, so that a
/// run that was shut out or killed leaves a system that can be reached.
inline constexpr std::string_view k_confirm = "confirm";

/// Around `steps`, which bring about `effects` of a write of `path`: the step that sets the timer,
/// when they write at all, and the confirmation. They stand or fall together. Nothing is added when
/// the effects hold no confirmation.
void add_guard(const Lowering& lowering,
               const std::string& path,
               const Json& effects,
               std::vector<Step>& steps);

/// True for the operations of those steps: "arm", its undo "disarm", and "confirm".
bool is_of_guard(const std::string& operation);

/// Does one of them.
Result<Json> perform_guard(const Step& step, Effects& effects);

}  // namespace aegis::os
