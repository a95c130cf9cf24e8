#include "plan/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "base/text.h"

namespace aegis {
namespace {

// Everything that a pattern could mean: addresses, and the scopes that hold several.
class Candidates {
 public:
  Candidates(const Order& order, const World& world, std::span<const Kind> kinds) {
    for (const Kind& kind : kinds) {
      sections_.emplace(kind.name);
      sections_.emplace(kind.scope_type);
    }
    for (const Resource* resource : order.resources) addresses_.insert(resource->address);
    for (const auto& [address, live] : world.objects) {
      if (live.exists) addresses_.insert(address);
    }
  }

  void check(const std::vector<std::string>& patterns,
             std::string_view flag,
             Diagnostics& diagnostics) const {
    for (const std::string& pattern : patterns) {
      if (sections_.contains(pattern)) continue;
      const bool found = std::any_of(addresses_.begin(), addresses_.end(), [&](const Address& a) {
        return covers(pattern, a);
      });
      if (!found) diagnostics.push_back(complaint(pattern, flag));
    }
  }

 private:
  [[nodiscard]] Diagnostic complaint(const std::string& pattern, std::string_view flag) const {
    std::set<std::string> names = sections_;
    for (const Address& address : addresses_) {
      names.insert(to_string(address));
      if (!address.scope.empty()) names.insert(address.scope);
    }
    const std::vector<std::string> list(names.begin(), names.end());
    const auto near = closest_match(pattern, list);
    return {Severity::error,
            "Pattern covers nothing",
            fmt::format("{} {} covers no resource. {}",
                        flag,
                        pattern,
                        near ? fmt::format("Did you mean {}?", *near)
                             : "Addresses look like container/aegis or stack/core/service/web."),
            std::nullopt,
            std::nullopt};
  }

  std::set<Address> addresses_;
  std::set<std::string> sections_;  ///< "container", "stack": may well cover nothing
};

bool has_patterns(const PlanOptions& options) {
  return !(options.targets.empty() && options.excludes.empty() && options.replaces.empty() &&
           options.adopts.empty() && options.destroys.empty());
}

std::vector<bool> destroyed_of(const Order& order, const PlanOptions& options) {
  std::vector<bool> destroyed(order.resources.size());
  if (options.destroys.empty()) return destroyed;
  for (std::size_t i = 0; i < destroyed.size(); ++i) {
    const Address& address = order.resources[i]->address;
    const bool targeted = options.targets.empty() || covered(options.targets, address);
    destroyed[i] = (targeted && covered(options.destroys, address)) ||
                   std::any_of(order.needs[i].begin(), order.needs[i].end(), [&](std::size_t need) {
                     return destroyed[need];
                   });
  }
  return destroyed;
}

std::vector<bool> targeted_of(const Order& order,
                              const PlanOptions& options,
                              const std::vector<bool>& destroyed) {
  if (options.targets.empty() && !options.destroys.empty()) return destroyed;
  if (options.targets.empty()) return std::vector<bool>(order.resources.size(), true);
  std::vector<bool> targeted = destroyed;
  for (std::size_t i = order.resources.size(); i-- > 0;) {
    if (destroyed[i]) continue;
    targeted[i] = targeted[i] || covered(options.targets, order.resources[i]->address);
    if (!targeted[i]) continue;
    for (const std::size_t need : order.needs[i]) targeted[need] = true;
  }
  return targeted;
}

// What is made needs its foundations; what is removed needs its users gone. An exclusion spreads
// accordingly.
std::vector<bool> excluded_of(const Order& order,
                              const PlanOptions& options,
                              const std::vector<bool>& destroyed) {
  std::vector<bool> excluded(order.resources.size());
  if (options.excludes.empty()) return excluded;
  for (std::size_t i = 0; i < excluded.size(); ++i) {
    excluded[i] = covered(options.excludes, order.resources[i]->address);
    for (const std::size_t need : order.needs[i]) {
      if (!destroyed[i] && excluded[need]) excluded[i] = true;
    }
  }
  for (std::size_t i = excluded.size(); i-- > 0;) {
    for (const std::size_t need : order.needs[i]) {
      if (destroyed[need] && destroyed[i] && excluded[i]) excluded[need] = true;
    }
  }
  return excluded;
}

Diagnostic left_out(const Resource& resource, bool destroyed) {
  return {Severity::warning,
          "Left out of the plan",
          fmt::format("{} is left out, because {} is excluded.",
                      to_string(resource.address),
                      destroyed ? "something that needs it" : "something that it needs"),
          resource.where,
          std::nullopt};
}

std::vector<const Observation*> orphans_of(const Order& order,
                                           const World& world,
                                           const PlanOptions& options) {
  std::vector<const Observation*> orphans;
  for (const auto& [address, live] : world.objects) {
    if (!live.exists || order.positions.contains(address)) continue;
    const auto& targets = options.targets.empty() ? options.destroys : options.targets;
    const bool targeted = targets.empty() || covered(targets, address);
    if (targeted && !covered(options.excludes, address)) orphans.push_back(&live);
  }
  return orphans;
}

}  // namespace

bool covered(const std::vector<std::string>& patterns, const Address& address) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return covers(pattern, address);
  });
}

bool named(const std::vector<std::string>& patterns, const Address& address) {
  return std::find(patterns.begin(), patterns.end(), to_string(address)) != patterns.end();
}

Selection select(const Order& order,
                 const World& world,
                 std::span<const Kind> kinds,
                 const PlanOptions& options,
                 Diagnostics& diagnostics) {
  if (has_patterns(options)) {
    const Candidates candidates(order, world, kinds);
    candidates.check(options.targets, "--target", diagnostics);
    candidates.check(options.excludes, "--exclude", diagnostics);
    candidates.check(options.replaces, "--replace", diagnostics);
    candidates.check(options.adopts, "--adopt", diagnostics);
    candidates.check(options.destroys, "destroy", diagnostics);
  }
  Selection selection;
  selection.destroyed = destroyed_of(order, options);
  selection.selected = targeted_of(order, options, selection.destroyed);
  const auto excluded = excluded_of(order, options, selection.destroyed);
  for (std::size_t i = 0; i < excluded.size(); ++i) {
    if (!excluded[i] || !selection.selected[i]) continue;
    selection.selected[i] = false;
    if (!covered(options.excludes, order.resources[i]->address)) {
      diagnostics.push_back(left_out(*order.resources[i], selection.destroyed[i]));
    }
  }
  selection.orphans = orphans_of(order, world, options);
  return selection;
}

}  // namespace aegis
