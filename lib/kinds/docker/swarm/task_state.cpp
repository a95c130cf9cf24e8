#include "kinds/docker/swarm/task_state.h"

#include <fmt/format.h>

namespace aegis::docker {
namespace {

bool is_failed(const std::string& state) {
  return state == "failed" || state == "rejected";
}

// A task keeps the spec that it was made from, but for the runtime, which it does not tell.
bool is_current(const Json& service, const Json& task) {
  Json wanted = get(get(service, "Spec"), "TaskTemplate");
  Json made_from = get(task, "Spec");
  for (Json* spec : {&wanted, &made_from}) {
    if (spec->is_object()) spec->erase("Runtime");
  }
  return wanted == made_from;
}

bool may_end(const Json& service) {
  const Json& policy = get(get(get(service, "Spec"), "TaskTemplate"), "RestartPolicy");
  return text_or(policy, "Condition", "any") != "any";
}

void count_task(TaskCount& count, const Json& service, const Json& task, std::string& newest) {
  const Json& status = get(task, "Status");
  const std::string state = text_or(status, "State");
  const bool wanted = text_or(task, "DesiredState") == "running";
  const bool current = is_current(service, task);
  if (state == "running" && wanted) {
    ++count.running;
    if (current) ++count.current;
  }
  if (state == "complete" && current && may_end(service)) ++count.done;
  if (!is_failed(state) || !current) return;
  ++count.failed;
  const std::string time = text_or(status, "Timestamp");
  if (time < newest) return;
  newest = time;
  count.error = text_or(status, "Err", state);
}

}  // namespace

TaskCount count_tasks(const Json& service, const Json& tasks) {
  TaskCount count;
  std::string newest;
  std::int64_t asked = 0;
  for (const Json& task : tasks) {
    if (get(task, "ServiceID") != get(service, "ID")) continue;
    if (text_or(task, "DesiredState") == "running") ++asked;
    count_task(count, service, task, newest);
  }
  const Json& mode = get(get(service, "Spec"), "Mode");
  count.wanted = mode.contains("Global")
                     ? asked
                     : as_integer(get(get(mode, "Replicated"), "Replicas")).value_or(1);
  return count;
}

void add_task_notes(const Json& service,
                    const Json& tasks,
                    const Resource& resource,
                    Diagnostics& notes) {
  const TaskCount count = count_tasks(service, tasks);
  const std::string state = text_or(get(service, "UpdateStatus"), "State");
  if (count.are_all_there() || state == "updating" || state == "rollback_started") return;
  notes.push_back(
      {Severity::warning,
       "Service does not run in full",
       fmt::format("{}: {} of {} tasks run{}. `docker service ps {}` tells more.",
                   to_string(resource.address),
                   count.running,
                   count.wanted,
                   count.error.empty() ? "" : ", the last one that failed: " + count.error,
                   text_or(get(service, "Spec"), "Name")),
       resource.where,
       std::nullopt});
}

}  // namespace aegis::docker
