#pragma once

#include <cstddef>
#include <span>

#include "kinds/kind.h"

namespace aegis::fake {

/// Four kinds with the habits of real ones, whose attributes are what the spec says: containers
/// (on a server), and networks, volumes and services (in a stack), in this order.
///
/// - container: `memory` is hot, `features` reboots, `features.keyctl` needs root, `unprivileged`
///   cannot change, `tags` is a set, `mac` ignores case, `password` is never read, `disk` cannot
///   shrink (refine), `rootfs` is one value.
/// - all: what has `protection` is kept.
/// - network: `driver` cannot change, nothing is lost. volume: `driver` cannot change, data is.
/// - service: `image` restarts it, and every change pulls first.
std::span<const Kind> kinds();

/// How often functions of the kinds were called since the program began.
struct Calls {
  std::size_t normalize = 0;
  std::size_t refine = 0;
  std::size_t lower = 0;
};
const Calls& calls();

}  // namespace aegis::fake
