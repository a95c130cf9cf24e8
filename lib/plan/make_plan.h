#pragma once

#include <span>
#include <string>
#include <vector>

#include "kinds/kind.h"
#include "model/desired.h"
#include "model/plan.h"
#include "model/world.h"

namespace aegis {

/// What the user allowed and asked for. Patterns are those of `covers` (model/address.h).
struct PlanOptions {
  std::vector<std::string> targets;   ///< only these, and what they need
  std::vector<std::string> excludes;  ///< not these
  std::vector<std::string> replaces;  ///< replace these even where an update would do
  std::vector<std::string> adopts;    ///< take over these existing, unmarked objects
  std::vector<std::string> destroys;  ///< remove these although they are declared
  bool prune = false;                 ///< remove owned objects that nobody declares
  bool now = false;                   ///< do not wait for windows
  /// Changes that wait for one of these, and what depends on them, are held back.
  std::vector<Window> closed = {};

  bool operator==(const PlanOptions&) const = default;
};

/// Compares what is wanted with what is there. Pure and deterministic: the same values give the
/// same plan, byte for byte. Nothing else decides.
Plan make_plan(const Desired& desired,
               const World& world,
               std::span<const Kind> kinds,
               const PlanOptions& options);

}  // namespace aegis
