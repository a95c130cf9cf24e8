#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/json.h"
#include "model/desired.h"

namespace aegis::docker {

/// How many tasks of a service run, of how many that there should be.
struct TaskCount {
  std::int64_t running = 0;
  std::int64_t current = 0;  ///< those of them that have the service's present spec
  std::int64_t done = 0;     ///< ended by themselves, as they may, and are not started again
  std::int64_t wanted = 0;
  std::int64_t failed = 0;  ///< tasks with the present spec that failed
  std::string error;        ///< what the last of the failed ones said

  [[nodiscard]] bool are_all_there() const { return running + done >= wanted; }
};

/// Counts the tasks in `tasks` (the engine's list, others' left out) of `service`, as the engine
/// lists it. A global service should have as many as the Swarm wants to run.
TaskCount count_tasks(const Json& service, const Json& tasks);

/// Adds a warning when not all tasks run and no update is under way.
void add_task_notes(const Json& service,
                    const Json& tasks,
                    const Resource& resource,
                    Diagnostics& notes);

}  // namespace aegis::docker
