#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A set of privileges with a name. It carries no marker, so it is managed where a manifest names
/// it and never an orphan.
const Kind& role_kind();

}  // namespace aegis
