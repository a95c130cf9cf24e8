#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A unit of systemd, addressed by its name ("host/fsn1/unit/nightly.timer"): whether it is
/// enabled, started and masked, and its file in /etc/systemd/system when the manifest says what is
/// in it. What the manifest does not say of a unit stays as it is. One whose file is not ours is
/// never removed.
const Kind& unit_kind();

}  // namespace aegis
