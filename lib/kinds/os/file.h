#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A file of an operating system, addressed by its path without the first slash
/// ("guest/aegis/file/etc/motd"): its content, owner, group and mode. Written whole or not at all,
/// after a check that the manifest may name.
const Kind& file_kind();

}  // namespace aegis
