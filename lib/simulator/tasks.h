#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "simulator/access.h"
#include "simulator/options.h"

namespace aegis::simulator {

/// A worker of the host. Its work is a value that is carried out when the task ends, so that a
/// running task can be saved and picked up again.
struct Task {
  std::string upid;
  std::string type;  ///< "vzstart"
  std::string id;    ///< "100"
  std::string user;  ///< a user or a full token id
  std::int64_t pid = 0;
  TimePoint started;
  TimePoint ends;
  Json work;  ///< {"verb": "start", "vmid": 100, ...}
  bool running = true;
  std::string exit_status;  ///< "OK", "WARNINGS: 2" or the error's text; empty while running
  std::vector<std::string> log;
  /// Not empty: the task does no work and ends with this text.
  std::string forced_error;
  int forced_warnings = 0;  ///< > 0: the task works and ends with so many warnings
};

/// All tasks of the host, oldest first.
class Tasks {
 public:
  /// Adds a running task and gives it its UPID. References stay valid until the next `add`.
  Task& add(std::string_view node, Task task);

  [[nodiscard]] Task* find(std::string_view upid);
  [[nodiscard]] const std::vector<Task>& all() const { return tasks_; }
  [[nodiscard]] std::vector<Task>& all() { return tasks_; }

  /// The next running task that ends at `now` or before, or nothing. It is handed out once:
  /// `finish` must follow.
  [[nodiscard]] std::optional<Task> take_due(TimePoint now);
  /// The running task of the container that ends last, or null. Backups do not count: they hold the
  /// lock in the configuration, and not that of its file.
  [[nodiscard]] Task* last_of(std::string_view id);

  /// Marks a task that was taken as ended, with its log and the log's last line.
  void finish(const Task& task, std::string exit_status);

 private:
  friend Json to_json(const Tasks& tasks);
  friend Tasks tasks_from_json(const Json& json);

  std::vector<Task> tasks_;
  std::map<std::string, std::size_t, std::less<>> by_upid_;
  std::vector<std::size_t> running_;
  std::int64_t last_pid_ = 1000;
};

/// The node that the task runs on.
std::string node_of(const Task& task);

/// The items of task lists and of `status`, in Proxmox's shapes.
Json list_item(const Task& task);
Json status_of(const Task& task);

Json to_json(const Tasks& tasks);
Tasks tasks_from_json(const Json& json);

}  // namespace aegis::simulator
