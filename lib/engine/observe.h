#pragma once

#include <span>
#include <string>
#include <vector>

#include "effects/effects.h"
#include "engine/reading.h"
#include "kinds/kind.h"
#include "model/desired.h"
#include "model/world.h"

namespace aegis {

struct Observed {
  World world;
  std::vector<Unreadable> failures;  ///< when not empty, no plan may be made of `world`
  int waves = 0;                     ///< network round trips one after the other
  std::size_t queries = 0;           ///< requests in all
};

/// Pure. What the systems look like by `replies`, which hold all that `readings` ask for.
/// Adds to `observed`.
void interpret_readings(const std::vector<Reading>& readings,
                        const Desired& desired,
                        const Replies& replies,
                        Vault& vault,
                        Observed& observed);

/// Reads the live state of everything in `desired`, scope by scope and wave by wave: all queries of
/// a wave are de-duplicated and sent at once. Sends nothing but GET requests and read-only fact
/// scripts, whatever a kind may ask for.
Observed observe(const Desired& desired,
                 std::span<const Kind> kinds,
                 HttpTransport& http,
                 RemoteShell& shell,
                 Vault& vault);

}  // namespace aegis
