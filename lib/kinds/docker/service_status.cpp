#include "kinds/docker/service_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "kinds/docker/engine_time.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/replica.h"
#include "kinds/docker/service_state.h"
#include "kinds/docker/stack.h"
#include "kinds/docker/stack_view.h"
#include "kinds/docker/swarm/swarm_status.h"
#include "kinds/docker/swarm/swarm_view.h"

namespace aegis::docker {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

// One that was started again this often, and has not yet stayed up for so long, is in a loop.
constexpr std::int64_t k_loop_restarts = 3;
constexpr std::chrono::minutes k_loop_time{5};

/// What is asked of a stack's engine beyond its lists.
struct Engine {
  const Stack& stack;
  ApiVersion api;

  [[nodiscard]] Query images() const { return engine_query(stack, api, "/images/json"); }
  [[nodiscard]] Query inspect(const std::string& id) const {
    return engine_query(stack, api, fmt::format("/containers/{}/json", id));
  }
  [[nodiscard]] Query stats(const std::string& id) const {
    return engine_query(
        stack, api, fmt::format("/containers/{}/stats?stream=false&one-shot=true", id));
  }
};

std::vector<const Json*> project_containers(const Stack& stack, const StackView& view) {
  std::vector<const Json*> items;
  for (const Json& item : *view.containers) {
    if (view.in_project(stack, get(item, "Labels"))) items.push_back(&item);
  }
  return items;
}

std::string container_of(const Resource& service,
                         const Stack& stack,
                         const std::vector<const Json*>& items) {
  const Replica replica = replica_of(service.address.name, service.spec);
  std::vector<const Json*> own;
  for (const Json* item : items) {
    if (text_or(get(*item, "Labels"), k_service_label) == replica.service) own.push_back(item);
  }
  const std::string name = stack.container_name(service.address.name, service.spec);
  return find_containers(own, stack, replica, name).current;
}

bool ends_by_itself(const Json& inspect) {
  const std::string policy = text_or(get(get(inspect, "HostConfig"), "RestartPolicy"), "Name");
  return policy != "always" && policy != "unless-stopped";
}

std::string state_text(const Json& inspect) {
  const Json& state = get(inspect, "State");
  std::string status = text_or(state, "Status");
  if (status == "running") {
    const std::string health = text_or(get(state, "Health"), "Status");
    return health.empty() || health == "none" ? status : health;
  }
  if (status != "exited" && status != "dead") return status;
  const std::int64_t code = as_integer(get(state, "ExitCode")).value_or(0);
  if (code == 0 && ends_by_itself(inspect)) return "done";
  if (get(state, "OOMKilled") == true) return "out of memory";
  return fmt::format("{} ({})", status, code);
}

bool is_looping(const ServiceStatus& service) {
  return service.restarts >= k_loop_restarts && service.uptime && *service.uptime < k_loop_time;
}

std::optional<seconds> since(const std::optional<nanoseconds>& then, TimePoint now) {
  if (!then) return std::nullopt;
  const auto age = std::chrono::duration_cast<seconds>(now.time_since_epoch() - *then);
  return std::max(age, seconds(0));
}

// Without the pages of files, which the kernel gives away when it wants them back; as docker stats.
double used_memory(const Json& stats) {
  const Json& memory = get(stats, "memory_stats");
  const Json& detail = get(memory, "stats");
  const Json& cached = detail.contains("inactive_file") ? get(detail, "inactive_file")
                                                        : get(detail, "total_inactive_file");
  const double usage = as_number(get(memory, "usage")).value_or(0);
  return std::max(usage - as_number(cached).value_or(0), 0.0);
}

// One look tells no present load, but how much was used in all.
std::optional<double> busy_cores(const Json& stats, const std::optional<seconds>& uptime) {
  const auto used = as_number(get(get(get(stats, "cpu_stats"), "cpu_usage"), "total_usage"));
  if (!used || !uptime || uptime->count() == 0) return std::nullopt;
  constexpr double k_nano = 1e9;
  return *used / k_nano / static_cast<double>(uptime->count());
}

std::map<std::string, nanoseconds> image_times(const Json& images) {
  std::map<std::string, nanoseconds> times;
  for (const Json& image : images) {
    const auto created = as_integer(get(image, "Created"));
    if (created) times[text_or(image, "Id")] = seconds(*created);
  }
  return times;
}

void describe(const Json& inspect, TimePoint now, ServiceStatus& service) {
  const Json& limits = get(inspect, "HostConfig");
  service.state = state_text(inspect);
  service.restarts = as_integer(get(inspect, "RestartCount")).value_or(0);
  if (get(get(inspect, "State"), "Running") == true) {
    service.uptime = since(parse_engine_time(text_or(get(inspect, "State"), "StartedAt")), now);
  }
  service.memory.total = as_number(get(limits, "Memory")).value_or(0);
  constexpr double k_nano = 1e9;
  service.cores = as_number(get(limits, "NanoCpus")).value_or(0) / k_nano;
  if (is_looping(service)) service.state = "restarting";
  service.is_well = service.state == "running" || service.state == "healthy" ||
                    service.state == "starting" || service.state == "done";
}

}  // namespace

std::vector<Query> service_status_queries(const Batch& batch, const Replies& replies) {
  if (is_swarm(batch.scope)) return swarm_status_queries(batch, replies);
  const Stack stack = read_stack(batch.scope);
  auto queries = stack_queries(stack, replies);
  const auto view = stack_view(stack, replies);
  if (!view || !*view) return queries;
  const Engine engine{stack, (*view)->api};
  queries.push_back(engine.images());
  for (const Json* item : project_containers(stack, **view)) {
    const std::string id = text_or(*item, "Id");
    queries.push_back(engine.inspect(id));
    if (text_or(*item, "State") == "running") queries.push_back(engine.stats(id));
  }
  return queries;
}

Result<Done> read_service_status(const Batch& batch,
                                 const Replies& replies,
                                 TimePoint now,
                                 Status& status) {
  if (is_swarm(batch.scope)) return read_swarm_status(batch, replies, status);
  const Stack stack = read_stack(batch.scope);
  const auto view = stack_view(stack, replies);
  if (!view) return view.error();
  std::optional<Engine> engine;
  if (*view) engine.emplace(Engine{stack, (*view)->api});
  const auto items = *view ? project_containers(stack, **view) : std::vector<const Json*>();
  const auto images = engine ? image_times(body_of(replies, engine->images()))
                             : std::map<std::string, nanoseconds>();
  for (const Resource* resource : batch.resources) {
    if (resource->address.kind != "service") continue;
    ServiceStatus service;
    service.address = to_string(resource->address);
    const std::string id = container_of(*resource, stack, items);
    const Json& inspect = id.empty() ? Json() : body_of(replies, engine->inspect(id));
    if (inspect.is_null()) {
      service.state = "absent";
      service.is_well = false;
    } else {
      describe(inspect, now, service);
      const Json& stats = body_of(replies, engine->stats(id));
      service.memory.used = used_memory(stats);
      service.busy_cores = busy_cores(stats, service.uptime);
      const auto made = images.find(text_or(inspect, "Image"));
      if (made != images.end()) service.image_age = since(made->second, now);
    }
    status.services.push_back(std::move(service));
  }
  return Done{};
}

}  // namespace aegis::docker
