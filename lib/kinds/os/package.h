#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A Debian package: present, held at its version, or absent. One that is as declared before we
/// came is left alone, and never removed by us.
const Kind& package_kind();

}  // namespace aegis
