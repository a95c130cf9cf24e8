#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/plan.h"
#include "model/report.h"

namespace aegis {

/// Something to be done for one step of a plan. Undos come first in every order: they bring back
/// what is down.
struct Task {
  enum class Type { undo, perform };
  Type type = Type::perform;
  std::size_t index = 0;  ///< of the step in Plan::steps

  auto operator<=>(const Task&) const = default;
};

/// How a task ended.
enum class TaskEnd {
  succeeded,
  failed,
  not_begun,  ///< it was taken, but nothing was done
};

/// Which steps may run now. Pure: no thread, no clock; the caller takes tasks, does them wherever
/// it likes, and tells how they ended. A step may run when all it comes after are done and no task
/// of its lane is running. When a step fails, those that need it are skipped; its group stands or
/// falls as a whole: members not begun are skipped, those running are awaited, then all that were
/// begun and have an `undo` are undone, the last ended first, one after the other.
/// Each step costs a logarithm of the number of steps.
class Schedule {
 public:
  /// `steps` must outlive this object. Throws std::logic_error when a step comes after one that is
  /// not before it in `steps`: no plan has that.
  explicit Schedule(std::span<const Step> steps);

  /// The next task, which counts as running from now on; nothing while everything has to wait.
  std::optional<Task> take_next();

  /// Tells how a task that was taken ended.
  void end(const Task& task, TaskEnd how);

  /// No further step will be started. Groups that were begun and cannot be completed are undone, so
  /// that a stop in the middle of a replacement does not leave a service down.
  void stop();

  /// Tasks that were taken and have not ended.
  [[nodiscard]] std::size_t running() const { return running_; }

  /// What became of a step so far; `not_started` while it waits and while it runs.
  [[nodiscard]] StepStatus status(std::size_t index) const;

 private:
  enum class State { waiting, running, done, failed, skipped, rolled_back };
  struct Node {
    State state = State::waiting;
    std::size_t missing = 0;  ///< steps that it waits for
    std::vector<std::size_t> dependents;
    std::optional<std::size_t> lane;
    std::optional<std::size_t> group;
  };
  struct Lane {
    bool busy = false;
    std::set<Task> parked;
  };
  struct Group {
    std::vector<std::size_t> members;
    std::vector<std::size_t> ended;  ///< members that ran, in the order they ended; cut by undoing
    std::size_t running = 0;
    std::size_t done = 0;
    bool failed = false;
    bool undoing = false;
  };

  void connect(std::size_t index, const std::map<StepId, std::size_t>& places);
  [[nodiscard]] bool is_void(const Task& task) const;
  bool occupy_lane(const Task& task);
  void free_lane(const Task& task);
  void unpark(const Task& task);
  void end_step(std::size_t index, TaskEnd how);
  void release_dependents(std::size_t index);
  void fail(std::size_t index);
  void fail_group(std::size_t group, std::vector<std::size_t>& lost);
  void skip_dependents(std::size_t index, std::vector<std::size_t>& lost);
  void settle_group(std::size_t group);
  void undo_next(std::size_t group);

  std::span<const Step> steps_;
  std::vector<Node> nodes_;
  std::vector<Lane> lanes_;
  std::vector<Group> groups_;
  std::set<Task> ready_;
  std::size_t running_ = 0;
  bool stopped_ = false;
};

}  // namespace aegis
