#include "kinds/docker/swarm/rollout.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"
#include "kinds/docker/swarm/task_state.h"

namespace aegis::docker {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_poll{250};
constexpr milliseconds k_usual_monitor{5'000};
// So many failed tasks for each that is missing are no bad luck.
constexpr std::int64_t k_failures = 3;

struct Look {
  Json service;
  TaskCount tasks;
  std::string update;   ///< UpdateStatus.State; empty when the service was never updated
  std::string message;  ///< what the Swarm says of it

  [[nodiscard]] std::string name() const { return text_or(get(service, "Spec"), "Name"); }

  [[nodiscard]] std::string counts() const {
    return fmt::format("{}: {} of {} tasks run", name(), tasks.running, tasks.wanted);
  }

  [[nodiscard]] Error failure(std::string_view what) const {
    std::string text = fmt::format("service {} {}", name(), what);
    if (!message.empty()) text += fmt::format(" ({})", message);
    if (!tasks.error.empty()) text += fmt::format("; its tasks say: {}", tasks.error);
    return Error{ErrorCode::rejected, std::move(text)};
  }
};

Result<Look> look_at(const EngineClient& client, const std::string& name) {
  const auto service = client.get("/services/" + name_in_path(name));
  if (!service) return service.error();
  const Json filters = {{"service", {text_or(service->body, "ID")}}};
  const auto tasks = client.get("/tasks?filters=" + percent_encode(dump_json(filters)));
  if (!tasks) return tasks.error();
  const Json& status = get(service->body, "UpdateStatus");
  return Look{service->body,
              count_tasks(service->body, tasks->body),
              text_or(status, "State"),
              text_or(status, "Message")};
}

// `known`: failures that were there before, of a spec that has run.
bool is_hopeless(const Look& look, std::int64_t known) {
  const bool is_done = look.update.empty() || look.update == "completed";
  const std::int64_t missing = look.tasks.wanted - look.tasks.running - look.tasks.done;
  return is_done && missing > 0 && look.tasks.failed - known >= k_failures * missing;
}

std::optional<Error> failure_of(const Look& look, std::int64_t known) {
  if (look.update == "paused") return look.failure("is half updated: the Swarm paused the update");
  if (look.update == "rollback_completed") {
    return look.failure("was rolled back by the Swarm and runs as before");
  }
  if (look.update == "rollback_paused") {
    return look.failure("could not be rolled back: the Swarm paused that");
  }
  if (!is_hopeless(look, known)) return std::nullopt;
  return look.failure(look.tasks.running == 0 ? "does not start" : "does not run in full");
}

milliseconds monitor_of(const Json& service) {
  const Json& asked = get(get(get(service, "Spec"), "UpdateConfig"), "Monitor");
  const auto nanoseconds = as_integer(asked);
  if (!nanoseconds || *nanoseconds == 0) return k_usual_monitor;
  return std::min(k_usual_monitor,
                  std::chrono::ceil<milliseconds>(std::chrono::nanoseconds(*nanoseconds)));
}

// A complete update was watched by the Swarm. Tasks of an earlier spec either need no replacement,
// or the Swarm has not begun with it.
milliseconds time_to_watch(const Look& look) {
  const bool are_current = look.tasks.current == look.tasks.running;
  if (!are_current) return k_usual_monitor;
  return look.update == "completed" ? milliseconds{0} : monitor_of(look.service);
}

bool is_settled(const Look& look) {
  if (look.update == "updating" || look.update == "rollback_started") return false;
  return look.tasks.are_all_there();
}

}  // namespace

Result<Json> wait_for_rollout(const Step& step, const EngineClient& client) {
  const std::string name = text_or(step.input, "service");
  const Clock& clock = client.effects().clock;
  const TimePoint start = clock.now();
  TimePoint settled_since = start;
  std::optional<std::int64_t> known;
  std::string told;
  while (true) {
    const auto look = look_at(client, name);
    if (!look) return look.error();
    if (!known) known = look->tasks.running > 0 ? look->tasks.failed : 0;
    if (const auto failure = failure_of(*look, *known)) return *failure;
    if (const std::string counts = look->counts(); counts != told) {
      client.effects().progress(told = counts);
    }
    if (!is_settled(*look)) {
      settled_since = clock.now() + k_poll;
    } else if (clock.now() - settled_since >= time_to_watch(*look)) {
      return Json::object();
    }
    if (clock.now() - start > step.timeout) {
      Error late = look->failure("has not come up in time");
      late.code = ErrorCode::timed_out;
      return late;
    }
    client.effects().clock.sleep_for(k_poll);
  }
}

}  // namespace aegis::docker
