#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A directory of an operating system, addressed by its path without the first slash
/// ("guest/aegis/directory/home/agent"): its owner, group and mode. What is in it is not managed.
/// Removing one removes it when it is empty, and leaves it otherwise.
const Kind& directory_kind();

}  // namespace aegis
