#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A group of an operating system. One that is as declared before we came is left alone, and never
/// removed by us.
const Kind& os_group_kind();

}  // namespace aegis
