#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/diagnostic.h"
#include "model/desired.h"

namespace aegis {

/// The declared resources in the order of their dependencies. All positions are indices into
/// `resources`.
struct Order {
  std::vector<const Resource*> resources;           ///< each after everything it depends on
  std::vector<std::vector<std::size_t>> needs;      ///< of each: what it depends on
  std::vector<std::vector<std::size_t>> needed_by;  ///< of each: what depends on it
  std::map<Address, std::size_t> positions;
};

/// The order of `desired`; resources that do not depend on each other are in the order of their
/// addresses. Nothing, and an error in `diagnostics`, when a resource depends on one that is not
/// declared or when dependencies run in a circle. Linear, but for the sorting.
std::optional<Order> order_by_dependency(const Desired& desired, Diagnostics& diagnostics);

}  // namespace aegis
