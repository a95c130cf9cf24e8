#include "kinds/docker/container_wait.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/units.h"
#include "kinds/docker/container_logs.h"
#include "kinds/docker/healthcheck.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/limits.h"
#include "kinds/docker/service_state.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_poll{500};
constexpr milliseconds k_stable{1'000};

enum class Condition { works, started, healthy, completed };

// Tells of one container, and how it fares.
struct Look {
  Json inspect;
  std::string status;
  std::string health;
  bool running = false;
  bool succeeded = false;  ///< ended with exit code 0
  bool probed = false;

  explicit Look(Json json) : inspect(std::move(json)) {
    const Json& state = get(inspect, "State");
    status = text_or(state, "Status");
    health = text_or(get(state, "Health"), "Status");
    running = status == "running";
    succeeded = status == "exited" && get(state, "ExitCode") == 0;
    probed = is_probed(get(get(inspect, "Config"), "Healthcheck"));
  }

  [[nodiscard]] bool may_end() const {
    const auto policy = restart_text(get(get(inspect, "HostConfig"), "RestartPolicy"));
    return policy == "no" || policy.starts_with("on-failure");
  }

  // What changes when a container ends and is started again.
  [[nodiscard]] std::string life() const {
    return as_text(get(inspect, "RestartCount")) + " " +
           text_or(get(inspect, "State"), "StartedAt");
  }
};

std::string how_it_ended(const Look& look) {
  const Json& state = get(look.inspect, "State");
  std::string words = look.health == "unhealthy" && look.running
                          ? std::string("its health check fails")
                          : fmt::format("it is {} with exit code {}",
                                        look.status,
                                        as_integer(get(state, "ExitCode")).value_or(0));
  if (get(state, "OOMKilled") == true) words += ", killed because it ran out of memory";
  if (const std::string error = text_or(state, "Error"); !error.empty()) words += ": " + error;
  return words;
}

Error failure(const Look& look, const EngineClient& client, const Json& secrets) {
  std::string message = how_it_ended(look);
  const std::string lines = last_lines(client, look.inspect, secrets);
  if (!lines.empty()) message += "; its last lines:\n" + lines;
  return {ErrorCode::rejected, message};
}

Result<Look> look_at(const EngineClient& client, const std::string& container) {
  auto found = client.get("/containers/" + name_in_path(container) + "/json");
  if (!found) return found.error();
  return Look(std::move(found->body));
}

enum class Verdict { met, failed, open };

Verdict judge_health(const Look& look) {
  if (look.health == "healthy" && look.running) return Verdict::met;
  if (look.health == "unhealthy" && look.running) return Verdict::failed;
  return look.running || look.status == "restarting" ? Verdict::open : Verdict::failed;
}

Verdict judge_completion(const Look& look) {
  if (look.succeeded) return Verdict::met;
  return look.status == "exited" || look.status == "dead" ? Verdict::failed : Verdict::open;
}

bool was_started(const Look& look) {
  return look.status != "created" && look.status != "dead";
}

// `before` is the look a while ago, when there was one.
Verdict judge(Condition condition, const Look& look, const std::optional<Look>& before) {
  switch (condition) {
    case Condition::started:
      return was_started(look) ? Verdict::met : Verdict::open;
    case Condition::completed:
      return judge_completion(look);
    case Condition::healthy:
      return look.probed ? judge_health(look) : Verdict::failed;
    case Condition::works:
      break;
  }
  if (look.succeeded && look.may_end()) return Verdict::met;
  if (look.probed) return judge_health(look);
  if (!look.running) return Verdict::failed;
  if (!before) return Verdict::open;
  return before->life() == look.life() ? Verdict::met : Verdict::failed;
}

milliseconds limit_of(Condition condition, const Look& look, milliseconds step_timeout) {
  const bool by_health =
      condition == Condition::healthy || (condition == Condition::works && look.probed);
  if (!by_health) return step_timeout;
  return std::min(step_timeout, health_deadline(get(get(look.inspect, "Config"), "Healthcheck")));
}

Result<Json> wait_for(Condition condition,
                      const std::string& container,
                      const Step& step,
                      const EngineClient& client) {
  Clock& clock = client.effects().clock;
  const Json& secrets = get(step.input, "secrets");
  const auto monitor = std::chrono::ceil<milliseconds>(
      std::chrono::nanoseconds{as_integer(get(step.input, "monitor")).value_or(0)});
  const TimePoint start = clock.now();
  std::optional<Look> before;
  while (true) {
    auto look = look_at(client, container);
    if (!look) return look.error();
    const Verdict verdict = judge(condition, *look, before);
    if (verdict == Verdict::met) return Json::object();
    if (verdict == Verdict::failed) return failure(*look, client, secrets);
    const milliseconds limit = limit_of(condition, *look, step.timeout);
    if (clock.now() - start >= limit) {
      return Error{ErrorCode::timed_out,
                   fmt::format("not ready after {}; {}",
                               format_duration(limit),
                               failure(*look, client, secrets).message)};
    }
    const bool needs_stability = condition == Condition::works && !look->probed;
    before = std::move(*look);
    clock.sleep_for(needs_stability ? std::max(k_stable, monitor) : k_poll);
  }
}

Condition condition_of(const std::string& name) {
  if (name == "service_healthy") return Condition::healthy;
  return name == "service_completed_successfully" ? Condition::completed : Condition::started;
}

// The dependency's containers that are in service, not what a replacement left behind.
Result<std::vector<std::string>> find_dependency(const Step& step, const EngineClient& client) {
  const std::string project = text_or(step.input, "project");
  const std::string service = text_or(step.input, "dependency");
  const Json filters = {{"label",
                         {fmt::format("{}={}", k_project_label, project),
                          fmt::format("{}={}", k_service_label, service),
                          fmt::format("{}=False", k_oneoff_label)}}};
  const auto list =
      client.get("/containers/json?all=1&filters=" + percent_encode(dump_json(filters)));
  if (!list) return list.error();
  std::vector<std::string> in_service;
  std::vector<std::string> passing;
  for (const Json& item : list->body) {
    (is_passing_name(name_of(item)) ? passing : in_service).push_back(text_or(item, "Id"));
  }
  if (!in_service.empty()) return in_service;
  if (passing.empty()) return Error{ErrorCode::not_found, "it has no container"};
  passing.resize(1);
  return passing;
}

Result<Json> wait_for_all(const Step& step, const EngineClient& client) {
  const auto containers = find_dependency(step, client);
  if (!containers) return containers.error();
  const Condition condition = condition_of(text_or(step.input, "condition"));
  for (const std::string& container : *containers) {
    auto met = wait_for(condition, container, step, client);
    if (!met) return met;
  }
  return Json::object();
}

}  // namespace

Result<Json> wait_until_works(const Step& step, const EngineClient& client) {
  return wait_for(Condition::works, text_or(step.input, "container"), step, client);
}

Result<Json> wait_for_dependency(const Step& step, const EngineClient& client) {
  const std::string service = text_or(step.input, "dependency");
  auto met = wait_for_all(step, client);
  if (met) return met;
  const Error error = met.error().in_context("service " + service + ", which this one depends on");
  if (get(step.input, "required") != false) return error;
  client.effects().progress(error.message + "; it is not required");
  return Json::object();
}

Result<Json> let_time_pass(const Step& step, const EngineClient& client) {
  const std::chrono::nanoseconds time{integer_or_zero(get(step.input, "nanoseconds"))};
  client.effects().clock.sleep_for(std::chrono::ceil<milliseconds>(time));
  return Json::object();
}

}  // namespace aegis::docker
