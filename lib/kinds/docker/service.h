#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A service of a stack: one container, made from its entry in the Compose file. It is replaced
/// without losing the old one before the new one is known to work.
const Kind& service_kind();

}  // namespace aegis
