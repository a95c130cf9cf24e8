#include "plan/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/text.h"

namespace aegis {
namespace {

using Neighbours = std::map<Address, std::vector<Address>>;

Neighbours needs_of(const Desired& desired) {
  Neighbours needs;
  for (const auto& [address, resource] : desired.resources) needs[address] = resource.depends_on;
  return needs;
}

Neighbours reversed(const Neighbours& edges) {
  Neighbours back;
  for (const auto& [from, targets] : edges) {
    for (const Address& target : targets) back[target].push_back(from);
  }
  return back;
}

// `start` and all that can be reached from it.
std::set<Address> closure(const std::set<Address>& start, const Neighbours& edges) {
  std::set<Address> reached = start;
  std::vector<Address> open(start.begin(), start.end());
  while (!open.empty()) {
    const Address address = open.back();
    open.pop_back();
    const auto found = edges.find(address);
    if (found == edges.end()) continue;
    for (const Address& next : found->second) {
      if (reached.insert(next).second) open.push_back(next);
    }
  }
  return reached;
}

std::set<Address> covered_by(const std::vector<std::string>& patterns,
                             const std::set<Address>& addresses) {
  std::set<Address> covered;
  for (const Address& address : addresses) {
    if (is_covered(patterns, address)) covered.insert(address);
  }
  return covered;
}

void check_patterns(std::string_view flag,
                    const std::vector<std::string>& patterns,
                    const std::set<Address>& known,
                    Diagnostics& notes) {
  for (const std::string& pattern : patterns) {
    const bool used = std::any_of(known.begin(), known.end(), [&](const Address& address) {
      return covers(pattern, address);
    });
    if (used) continue;
    std::vector<std::string> names;
    for (const Address& address : known) names.push_back(to_string(address));
    const auto closest = closest_match(pattern, names);
    notes.push_back(
        {Severity::error,
         "an address names nothing",
         fmt::format("{} \"{}\" covers no resource of the manifests and no object of ours.{}",
                     flag,
                     pattern,
                     closest ? fmt::format(" Did you mean \"{}\"?", *closest) : ""),
         std::nullopt,
         std::nullopt});
  }
}

}  // namespace

std::set<Address> known_addresses(const Desired& desired, const World& world) {
  std::set<Address> known;
  for (const auto& [address, resource] : desired.resources) known.insert(address);
  for (const auto& [address, observation] : world.objects) {
    if (observation.exists && observation.owned) known.insert(address);
  }
  return known;
}

bool is_covered(const std::vector<std::string>& patterns, const Address& address) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return covers(pattern, address);
  });
}

std::set<Address> select(const Desired& desired,
                         const World& world,
                         const PlanOptions& options,
                         Diagnostics& notes) {
  const std::set<Address> known = known_addresses(desired, world);
  check_patterns("--target", options.targets, known, notes);
  check_patterns("--exclude", options.excludes, known, notes);
  check_patterns("--replace", options.replaces, known, notes);
  check_patterns("--adopt", options.adopts, known, notes);
  // A stack that is gone already may be destroyed again.
  if (known.size() > 0) check_patterns("destroy", options.destroys, known, notes);
  if (!options.destroys.empty()) return covered_by(options.destroys, known);
  const Neighbours needs = needs_of(desired);
  std::set<Address> selected =
      options.targets.empty() ? known : closure(covered_by(options.targets, known), needs);
  if (options.excludes.empty()) return selected;
  for (const Address& address : closure(covered_by(options.excludes, known), reversed(needs))) {
    selected.erase(address);
  }
  return selected;
}

Diagnostics find_cycles(const Desired& desired) {
  // Peels off what needs nothing that is left; what remains is on or behind a circle.
  std::map<Address, std::size_t> missing;
  Neighbours needed_by;
  for (const auto& [address, resource] : desired.resources) {
    missing[address];
    for (const Address& need : resource.depends_on) {
      if (!desired.resources.contains(need)) continue;
      ++missing[address];
      needed_by[need].push_back(address);
    }
  }
  std::vector<Address> open;
  for (const auto& [address, count] : missing) {
    if (count == 0) open.push_back(address);
  }
  while (!open.empty()) {
    const Address address = open.back();
    open.pop_back();
    missing.erase(address);
    for (const Address& follower : needed_by[address]) {
      if (--missing[follower] == 0) open.push_back(follower);
    }
  }
  if (missing.empty()) return {};
  std::vector<std::string> names;
  for (const auto& [address, count] : missing) names.push_back(to_string(address));
  const Resource& first = desired.resources.at(missing.begin()->first);
  return {{Severity::error,
           "resources depend on each other in a circle",
           fmt::format("None of these can come first: {}. Take one of their dependencies out.",
                       list_words(names)),
           first.where,
           std::nullopt}};
}

}  // namespace aegis
