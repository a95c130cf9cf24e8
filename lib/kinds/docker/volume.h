#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A volume of a stack. None of its settings can change on an existing volume, and replacing one
/// loses what is in it.
const Kind& volume_kind();

}  // namespace aegis
