#pragma once

#include <set>

#include "base/diagnostic.h"
#include "model/desired.h"
#include "model/world.h"
#include "plan/make_plan.h"

namespace aegis {

/// Every resource that is declared, and every object of ours that is not.
std::set<Address> known_addresses(const Desired& desired, const World& world);

/// Those that the plan is about: the targets with what they need (all without targets), without the
/// excluded ones and what needs them; with `destroys`, only what these cover. A pattern that covers
/// nothing is an error, with what it may have meant.
std::set<Address> select(const Desired& desired,
                         const World& world,
                         const PlanOptions& options,
                         Diagnostics& notes);

/// True when one of `patterns` covers `address`.
bool is_covered(const std::vector<std::string>& patterns, const Address& address);

/// An error for every set of declared resources that depend on each other in a circle.
Diagnostics find_cycles(const Desired& desired);

}  // namespace aegis
