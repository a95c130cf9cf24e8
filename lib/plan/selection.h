#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "model/world.h"
#include "plan/make_plan.h"
#include "plan/order.h"

namespace aegis {

/// What a plan is about.
struct Selection {
  std::vector<bool> selected;               ///< by position: planned at all
  std::vector<bool> destroyed;              ///< by position: to be removed although declared
  std::vector<const Observation*> orphans;  ///< existing objects that nobody declares, and selected
};

/// Reads the patterns of `options`: targets with what they need, without the excluded and what
/// needs them; the destroyed with what needs them (that has to go first), and then, without
/// targets, nothing else. A pattern that covers nothing and is no section ("container", "stack") is
/// an error in `diagnostics`; something left out because of an exclusion that does not
/// name it is a warning.
Selection select(const Order& order,
                 const World& world,
                 std::span<const Kind> kinds,
                 const PlanOptions& options,
                 Diagnostics& diagnostics);

/// True when one of `patterns` covers `address`.
bool covered(const std::vector<std::string>& patterns, const Address& address);

/// True when one of `patterns` is the whole address, word for word.
bool named(const std::vector<std::string>& patterns, const Address& address);

}  // namespace aegis
