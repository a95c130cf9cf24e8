#include "engine/schedule.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace aegis {
namespace {

/// The number of `name` among `numbers`, a new one when it is new; nothing for an empty name.
std::optional<std::size_t> number_of(const std::string& name,
                                     std::map<std::string, std::size_t, std::less<>>& numbers) {
  if (name.empty()) return std::nullopt;
  return numbers.emplace(name, numbers.size()).first->second;
}

}  // namespace

Schedule::Schedule(std::span<const Step> steps) : steps_(steps), nodes_(steps.size()) {
  std::map<std::string, std::size_t, std::less<>> lanes;
  std::map<std::string, std::size_t, std::less<>> groups;
  std::map<StepId, std::size_t> places;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    connect(i, places);
    places[steps[i].id] = i;
    nodes_[i].lane = number_of(steps[i].lane, lanes);
    nodes_[i].group = number_of(steps[i].group, groups);
    groups_.resize(groups.size());
    if (nodes_[i].group) groups_[*nodes_[i].group].members.push_back(i);
    if (nodes_[i].missing == 0) ready_.insert({Task::Type::perform, i});
  }
  lanes_.resize(lanes.size());
}

void Schedule::connect(std::size_t index, const std::map<StepId, std::size_t>& places) {
  const std::set<StepId> needed(steps_[index].after.begin(), steps_[index].after.end());
  for (const StepId id : needed) {
    const auto place = places.find(id);
    if (place == places.end()) {
      throw std::logic_error(
          fmt::format("step {} comes after step {}, which is not before it", steps_[index].id, id));
    }
    nodes_[place->second].dependents.push_back(index);
    ++nodes_[index].missing;
  }
}

bool Schedule::is_void(const Task& task) const {
  if (task.type == Task::Type::undo) return false;
  return stopped_ || nodes_[task.index].state != State::waiting;
}

std::optional<Task> Schedule::take_next() {
  while (!ready_.empty()) {
    const Task task = *ready_.begin();
    ready_.erase(ready_.begin());
    if (is_void(task)) {
      // It may have been called out of its lane's parking, where others still wait.
      unpark(task);
      continue;
    }
    if (!occupy_lane(task)) continue;
    ++running_;
    if (task.type == Task::Type::perform) {
      nodes_[task.index].state = State::running;
      if (const auto group = nodes_[task.index].group) ++groups_[*group].running;
    }
    return task;
  }
  return std::nullopt;
}

bool Schedule::occupy_lane(const Task& task) {
  const auto number = nodes_[task.index].lane;
  if (!number) return true;
  Lane& lane = lanes_[*number];
  if (lane.busy) {
    lane.parked.insert(task);
    return false;
  }
  lane.busy = true;
  return true;
}

void Schedule::free_lane(const Task& task) {
  if (const auto lane = nodes_[task.index].lane) lanes_[*lane].busy = false;
  unpark(task);
}

void Schedule::unpark(const Task& task) {
  const auto number = nodes_[task.index].lane;
  if (!number) return;
  Lane& lane = lanes_[*number];
  if (lane.busy || lane.parked.empty()) return;
  ready_.insert(*lane.parked.begin());
  lane.parked.erase(lane.parked.begin());
}

void Schedule::end(const Task& task, TaskEnd how) {
  --running_;
  free_lane(task);
  if (task.type == Task::Type::perform) {
    end_step(task.index, how);
    return;
  }
  State& state = nodes_[task.index].state;
  if (how == TaskEnd::succeeded && state == State::done) state = State::rolled_back;
  undo_next(*nodes_[task.index].group);
}

void Schedule::end_step(std::size_t index, TaskEnd how) {
  Node& node = nodes_[index];
  if (how == TaskEnd::not_begun) {
    node.state = State::waiting;
    ready_.insert({Task::Type::perform, index});
  } else {
    node.state = how == TaskEnd::succeeded ? State::done : State::failed;
  }
  if (node.group) {
    Group& group = groups_[*node.group];
    --group.running;
    if (how != TaskEnd::not_begun) group.ended.push_back(index);
    if (how == TaskEnd::succeeded) ++group.done;
    // A member that was running when its group fell is not performed later.
    if (how == TaskEnd::not_begun && group.failed) node.state = State::skipped;
  }
  if (node.state == State::done) release_dependents(index);
  if (node.state == State::failed || node.state == State::skipped) fail(index);
  if (node.group) settle_group(*node.group);
}

void Schedule::release_dependents(std::size_t index) {
  for (const std::size_t dependent : nodes_[index].dependents) {
    Node& node = nodes_[dependent];
    if (--node.missing == 0 && node.state == State::waiting) {
      ready_.insert({Task::Type::perform, dependent});
    }
  }
}

void Schedule::fail(std::size_t index) {
  std::vector<std::size_t> lost{index};
  while (!lost.empty()) {
    const std::size_t next = lost.back();
    lost.pop_back();
    skip_dependents(next, lost);
    if (const auto group = nodes_[next].group) fail_group(*group, lost);
  }
}

void Schedule::skip_dependents(std::size_t index, std::vector<std::size_t>& lost) {
  for (const std::size_t dependent : nodes_[index].dependents) {
    if (nodes_[dependent].state != State::waiting) continue;
    nodes_[dependent].state = State::skipped;
    lost.push_back(dependent);
  }
}

void Schedule::fail_group(std::size_t group_number, std::vector<std::size_t>& lost) {
  Group& group = groups_[group_number];
  if (group.failed) return;
  group.failed = true;
  for (const std::size_t member : group.members) {
    Node& node = nodes_[member];
    if (node.state == State::waiting) {
      node.state = State::skipped;
      lost.push_back(member);
    } else if (!steps_[member].undo.empty()) {
      // What was built on a step that is now undone must not be attempted.
      skip_dependents(member, lost);
    }
  }
  settle_group(group_number);
}

void Schedule::stop() {
  stopped_ = true;
  for (std::size_t i = 0; i < groups_.size(); ++i) settle_group(i);
}

void Schedule::settle_group(std::size_t number) {
  Group& group = groups_[number];
  if (group.running > 0 || group.undoing || group.ended.empty()) return;
  const bool cut_short = stopped_ && group.done < group.members.size();
  if (!group.failed && !cut_short) return;
  group.undoing = true;
  undo_next(number);
}

void Schedule::undo_next(std::size_t number) {
  std::vector<std::size_t>& ended = groups_[number].ended;
  while (!ended.empty()) {
    const std::size_t index = ended.back();
    ended.pop_back();
    if (steps_[index].undo.empty()) continue;
    ready_.insert({Task::Type::undo, index});
    return;
  }
}

StepStatus Schedule::status(std::size_t index) const {
  switch (nodes_[index].state) {
    case State::waiting:
    case State::running:
      return StepStatus::not_started;
    case State::done:
      return StepStatus::done;
    case State::failed:
      return StepStatus::failed;
    case State::skipped:
      return StepStatus::skipped;
    case State::rolled_back:
      return StepStatus::rolled_back;
  }
  return StepStatus::not_started;
}

}  // namespace aegis
