#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A network of a stack. None of its settings can change on an existing network; replacing one
/// detaches its containers, makes it anew, and attaches them again as they were.
const Kind& network_kind();

}  // namespace aegis
