#include "plan/step_graph.h"

#include <algorithm>
#include <map>
#include <queue>
#include <set>

namespace aegis {
namespace {

using Place = std::size_t;

struct Graph {
  std::vector<Step> steps;
  std::vector<std::set<Place>> before;  ///< the steps that each comes after
};

bool disturbs(const Step& step) {
  return step.destroys_data || step.disruption >= Disruption::restart_service;
}

// Where the steps of one change stand in the graph, and which of them begin and end it.
struct Range {
  std::vector<Place> first;
  std::vector<Place> last;
};

Range add_change(const LoweredChange& change, Graph& graph) {
  const Place start = graph.steps.size();
  std::vector<bool> has_follower(change.steps.size(), false);
  Range range;
  for (std::size_t i = 0; i < change.steps.size(); ++i) {
    std::set<Place> before;
    for (const StepId id : change.steps[i].after) {
      before.insert(start + static_cast<Place>(id) - 1);
      has_follower[static_cast<std::size_t>(id) - 1] = true;
    }
    if (before.empty()) range.first.push_back(start + i);
    graph.steps.push_back(change.steps[i]);
    graph.before.push_back(std::move(before));
  }
  for (std::size_t i = 0; i < change.steps.size(); ++i) {
    if (!has_follower[i]) range.last.push_back(start + i);
  }
  return range;
}

void connect_changes(const std::vector<LoweredChange>& changes,
                     const std::vector<Range>& ranges,
                     Graph& graph) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    for (const std::size_t other : changes[i].after) {
      for (const Place first : ranges[i].first) {
        graph.before[first].insert(ranges[other].last.begin(), ranges[other].last.end());
      }
    }
  }
}

std::set<Place> ancestors_of(const Graph& graph, Place place) {
  std::set<Place> seen;
  std::vector<Place> open{place};
  while (!open.empty()) {
    const Place next = open.back();
    open.pop_back();
    for (const Place before : graph.before[next]) {
      if (seen.insert(before).second) open.push_back(before);
    }
  }
  return seen;
}

// One at a time, looking at the graph as it has become: otherwise two could wait for each other.
void prepare_first(Graph& graph) {
  std::vector<Place> disturbing;
  for (Place place = 0; place < graph.steps.size(); ++place) {
    if (disturbs(graph.steps[place])) disturbing.push_back(place);
  }
  if (disturbing.empty()) return;
  for (Place place = 0; place < graph.steps.size(); ++place) {
    if (!graph.steps[place].prepares) continue;
    const std::set<Place> needed = ancestors_of(graph, place);
    for (const Place other : disturbing) {
      if (other != place && !needed.contains(other)) graph.before[other].insert(place);
    }
  }
}

std::vector<Step> numbered(Graph& graph) {
  std::vector<std::size_t> missing(graph.steps.size());
  std::vector<std::vector<Place>> followers(graph.steps.size());
  std::priority_queue<Place, std::vector<Place>, std::greater<>> ready;
  for (Place place = 0; place < graph.steps.size(); ++place) {
    missing[place] = graph.before[place].size();
    for (const Place before : graph.before[place]) followers[before].push_back(place);
    if (missing[place] == 0) ready.push(place);
  }
  std::vector<StepId> ids(graph.steps.size());
  std::vector<Step> ordered;
  ordered.reserve(graph.steps.size());
  while (!ready.empty()) {
    const Place place = ready.top();
    ready.pop();
    ids[place] = static_cast<StepId>(ordered.size()) + 1;
    Step& step = ordered.emplace_back(std::move(graph.steps[place]));
    step.id = ids[place];
    step.after.clear();
    for (const Place before : graph.before[place]) step.after.push_back(ids[before]);
    std::sort(step.after.begin(), step.after.end());
    for (const Place follower : followers[place]) {
      if (--missing[follower] == 0) ready.push(follower);
    }
  }
  return ordered;
}

}  // namespace

std::vector<Step> order_steps(const std::vector<LoweredChange>& changes) {
  Graph graph;
  std::vector<Range> ranges;
  for (const LoweredChange& change : changes) ranges.push_back(add_change(change, graph));
  connect_changes(changes, ranges, graph);
  prepare_first(graph);
  return numbered(graph);
}

}  // namespace aegis
