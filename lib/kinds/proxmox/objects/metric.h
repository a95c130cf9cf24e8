#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A metric server: where a cluster sends its measurements. It carries no marker, so it is managed
/// where a manifest names it and never an orphan.
const Kind& metric_kind();

}  // namespace aegis
