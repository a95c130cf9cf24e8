#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A rule that says which notifications go to which endpoints. Ours are those whose comment starts
/// with "aegisctl".
const Kind& matcher_kind();

}  // namespace aegis
