#include "plan/order.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <queue>

#include "base/text.h"

namespace aegis {
namespace {

// Needs are indices in the order of the addresses until sorted() gives them positions.
struct Graph {
  std::vector<const Resource*> resources;
  std::vector<std::vector<std::size_t>> needs;
  std::vector<std::vector<std::size_t>> needed_by;
};

Diagnostic unknown_dependency(const Resource& resource, const Address& missing) {
  return {
      Severity::error,
      "Unknown dependency",
      fmt::format("{} depends on {}, which the manifests do not declare. Declare it, or take the "
                  "dependency away.",
                  to_string(resource.address),
                  to_string(missing)),
      resource.where,
      std::nullopt};
}

Graph graph_of(const Desired& desired, Diagnostics& diagnostics) {
  Graph graph;
  std::map<Address, std::size_t> indices;
  for (const auto& [address, resource] : desired.resources) {
    indices.emplace_hint(indices.end(), address, graph.resources.size());
    graph.resources.push_back(&resource);
  }
  graph.needs.resize(graph.resources.size());
  graph.needed_by.resize(graph.resources.size());
  for (std::size_t i = 0; i < graph.resources.size(); ++i) {
    for (const Address& address : graph.resources[i]->depends_on) {
      const auto found = indices.find(address);
      if (found == indices.end()) {
        diagnostics.push_back(unknown_dependency(*graph.resources[i], address));
      } else {
        graph.needs[i].push_back(found->second);
      }
    }
    auto& needs = graph.needs[i];
    std::sort(needs.begin(), needs.end());
    needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
    for (const std::size_t need : needs) graph.needed_by[need].push_back(i);
  }
  return graph;
}

// The indices, each after its needs; those that hang in a circle are missing.
std::vector<std::size_t> sorted_indices(const Graph& graph) {
  std::vector<std::size_t> waits_for(graph.resources.size());
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < graph.resources.size(); ++i) {
    waits_for[i] = graph.needs[i].size();
    if (waits_for[i] == 0) ready.push(i);
  }
  std::vector<std::size_t> sorted;
  sorted.reserve(graph.resources.size());
  while (!ready.empty()) {
    const std::size_t next = ready.top();
    ready.pop();
    sorted.push_back(next);
    for (const std::size_t user : graph.needed_by[next]) {
      if (--waits_for[user] == 0) ready.push(user);
    }
  }
  return sorted;
}

// One circle among the indices that are not in `sorted`: from any of them, going on to a need that
// is not sorted either must come back to somewhere.
Diagnostic circle(const Graph& graph, const std::vector<std::size_t>& sorted) {
  std::vector<bool> is_sorted(graph.resources.size());
  for (const std::size_t i : sorted) is_sorted[i] = true;
  const auto first_unsorted = std::find(is_sorted.begin(), is_sorted.end(), false);
  auto at = static_cast<std::size_t>(first_unsorted - is_sorted.begin());
  std::vector<std::size_t> trail;
  while (std::find(trail.begin(), trail.end(), at) == trail.end()) {
    trail.push_back(at);
    const auto& needs = graph.needs[at];
    at = *std::find_if(
        needs.begin(), needs.end(), [&](std::size_t need) { return !is_sorted[need]; });
  }
  trail.erase(trail.begin(), std::find(trail.begin(), trail.end(), at));
  std::rotate(trail.begin(), std::min_element(trail.begin(), trail.end()), trail.end());
  trail.push_back(trail.front());
  std::vector<std::string> names;
  names.reserve(trail.size());
  for (const std::size_t i : trail) names.push_back(to_string(graph.resources[i]->address));
  return {Severity::error,
          "Dependencies run in a circle",
          fmt::format("None of these can come first: {}. Take one of the dependencies away.",
                      join(names, " -> ")),
          graph.resources[trail.front()]->where,
          graph.resources[trail[trail.size() - 2]]->where};
}

}  // namespace

std::optional<Order> order_by_dependency(const Desired& desired, Diagnostics& diagnostics) {
  Diagnostics problems;
  const Graph graph = graph_of(desired, problems);
  const auto sorted = sorted_indices(graph);
  if (sorted.size() < graph.resources.size()) problems.push_back(circle(graph, sorted));
  diagnostics.insert(diagnostics.end(), problems.begin(), problems.end());
  if (!problems.empty()) return std::nullopt;

  Order order;
  std::vector<std::size_t> position_of(sorted.size());
  for (const std::size_t index : sorted) {
    position_of[index] = order.resources.size();
    order.positions.emplace(graph.resources[index]->address, order.resources.size());
    order.resources.push_back(graph.resources[index]);
  }
  order.needs.resize(sorted.size());
  order.needed_by.resize(sorted.size());
  for (const std::size_t index : sorted) {
    for (const std::size_t need : graph.needs[index]) {
      order.needs[position_of[index]].push_back(position_of[need]);
      order.needed_by[position_of[need]].push_back(position_of[index]);
    }
  }
  return order;
}

}  // namespace aegis
