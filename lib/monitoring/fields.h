#pragma once

#include "base/json.h"

namespace aegis::monitoring {

/// Puts the manifest's `field`, if `from` has it, into the file's `to` as `setting`.
void copy_field(const Json& from, const char* field, Json& to, const char* setting);

}  // namespace aegis::monitoring
