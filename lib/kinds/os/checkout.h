#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A checkout of a git repository at a tag or a commit, addressed by its path. What somebody
/// changed in it holds every change back; one that is no longer declared stays, and is no longer
/// ours.
const Kind& checkout_kind();

}  // namespace aegis
