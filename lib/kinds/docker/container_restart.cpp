#include "kinds/docker/container_restart.h"

#include <fmt/format.h>

#include "kinds/docker/container_hooks.h"
#include "kinds/docker/engine_time.h"

namespace aegis::docker {
namespace {

Result<Json> inspect(const EngineClient& client, const std::string& container) {
  const auto found = client.get(fmt::format("/containers/{}/json", name_in_path(container)), {404});
  if (!found) return found.error();
  return found->status == 404 ? Json() : found->body;
}

std::string made_at(const Json& container) {
  return text_or(container, "Created");
}

std::string started_at(const Json& container) {
  return text_or(get(container, "State"), "StartedAt");
}

// The first of those in `names` whose time is after `started` decides.
Result<bool> is_due(const EngineClient& client,
                    const Json& names,
                    std::string (*time_of)(const Json&),
                    const std::string& started) {
  const auto since = parse_engine_time(started);
  for (const Json& name : names) {
    const auto other = inspect(client, as_text(name));
    if (!other) return other.error();
    const auto then = parse_engine_time(time_of(*other));
    if (then && since && *then > *since) return true;
  }
  return false;
}

}  // namespace

Result<Json> restart_container(const Step& step, const EngineClient& client) {
  const std::string container = text_or(step.input, "container");
  const auto found = inspect(client, container);
  if (!found) return found.error();
  const Json& state = get(*found, "State");
  if (text_or(state, "Status") != "running") return Json::object();
  const std::string started = started_at(*found);
  const auto replaced = is_due(client, get(step.input, "after"), made_at, started);
  if (!replaced) return replaced.error();
  const auto left_alone = is_due(client, get(step.input, "rejoins"), started_at, started);
  if (!left_alone) return left_alone.error();
  if (!*replaced && !*left_alone) return Json::object();
  const std::string id = text_or(*found, "Id");
  const auto prepared = run_hooks(client, id, get(step.input, "pre_stop"));
  if (!prepared) return prepared.error().in_context("pre_stop");
  const auto restarted =
      client.post(fmt::format("/containers/{}/restart", id), nullptr, {}, step.timeout);
  if (!restarted) return restarted.error();
  const auto finished = run_hooks(client, id, get(step.input, "post_start"));
  if (!finished) return finished.error().in_context("post_start");
  return Json::object();
}

}  // namespace aegis::docker
