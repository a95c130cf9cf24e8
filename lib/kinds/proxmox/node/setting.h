#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A part of the server that there is one of: "dns", "hosts", "time", "options", "repositories" and
/// "facts". It is managed where the manifest has it, and never removed.
const Kind& setting_kind();

}  // namespace aegis
