#include "kinds/docker/swarm/swarm_status.h"

#include <fmt/format.h>

#include <map>
#include <string>

#include "kinds/docker/shape.h"
#include "kinds/docker/swarm/swarm_view.h"
#include "kinds/docker/swarm/task_state.h"

namespace aegis::docker {
namespace {

std::string update_words(const std::string& state) {
  if (state == "updating") return "updating, ";
  if (state == "paused") return "update paused, ";
  if (state == "rollback_started") return "rolling back, ";
  return state == "rollback_paused" ? "rollback paused, " : "";
}

void describe(const Json& service, const Json& tasks, ServiceStatus& status) {
  const TaskCount count = count_tasks(service, tasks);
  const std::string update = text_or(get(service, "UpdateStatus"), "State");
  status.state = fmt::format(
      "{}{}/{} running", update_words(update), count.running + count.done, count.wanted);
  status.is_well = count.are_all_there() && update != "paused" && update != "rollback_paused";
  status.restarts = count.failed;
  const Json& task = get(get(service, "Spec"), "TaskTemplate");
  const Json& limits = get(get(task, "Resources"), "Limits");
  constexpr double k_nano = 1e9;
  status.memory.total = static_cast<double>(integer_or_zero(get(limits, "MemoryBytes")));
  status.cores = static_cast<double>(integer_or_zero(get(limits, "NanoCPUs"))) / k_nano;
}

}  // namespace

std::vector<Query> swarm_status_queries(const Batch& batch, const Replies& replies) {
  return swarm_queries(read_stack(batch.scope), replies);
}

Result<Done> read_swarm_status(const Batch& batch, const Replies& replies, Status& status) {
  const Stack stack = read_stack(batch.scope);
  const auto view = swarm_view(stack, replies);
  if (!view) return view.error();
  std::map<std::string, const Json*> by_name;
  if (*view) {
    for (const Json& service : *(*view)->services) {
      by_name[text_or(get(service, "Spec"), "Name")] = &service;
    }
  }
  for (const Resource* resource : batch.resources) {
    if (resource->address.kind != "swarm-service") continue;
    ServiceStatus service;
    service.address = to_string(resource->address);
    const auto found = by_name.find(stack.project + "_" + resource->address.name);
    if (found == by_name.end()) {
      service.state = "absent";
      service.is_well = false;
    } else {
      describe(*found->second, *(*view)->tasks, service);
    }
    status.services.push_back(std::move(service));
  }
  return Done{};
}

}  // namespace aegis::docker
