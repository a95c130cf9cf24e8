#include "kinds/docker/container_operations.h"

#include <fmt/format.h>

#include <initializer_list>
#include <string>

#include "base/text.h"
#include "kinds/docker/limits.h"

namespace aegis::docker {
namespace {

std::string container_path(const std::string& container, std::string_view rest = "") {
  return fmt::format("/containers/{}{}", name_in_path(container), rest);
}

// Id and name of a container; both empty when there is none.
struct Found {
  std::string id;
  std::string name;
};

Result<Found> find(const EngineClient& client, const std::string& container) {
  const auto answer = client.get(container_path(container, "/json"), {404});
  if (!answer) return answer.error();
  if (answer->status == 404) return Found{};
  std::string name = text_or(answer->body, "Name");
  if (name.starts_with('/')) name.erase(0, 1);
  return Found{text_or(answer->body, "Id"), name};
}

Result<Json> nothing_to_tell(const Result<Answer>& answer) {
  if (!answer) return answer.error();
  return Json::object();
}

Result<Json> stop(const EngineClient& client,
                  const std::string& container,
                  const Step& step,
                  std::initializer_list<int> also_fine) {
  return nothing_to_tell(
      client.post(container_path(container, "/stop"), nullptr, also_fine, step.timeout));
}

Result<Json> rename(const EngineClient& client, const std::string& id, const std::string& name) {
  return nothing_to_tell(
      client.post(container_path(id, "/rename?name=" + percent_encode(name)), nullptr));
}

// Renaming to the present name is refused, so it is looked up first.
Result<Json> ensure_name(const EngineClient& client,
                         const std::string& id,
                         const std::string& name) {
  const auto found = find(client, id);
  if (!found) return found.error();
  if (found->id.empty()) return Error{ErrorCode::not_found, "the container no longer exists"};
  return found->name == name ? Result<Json>(Json::object()) : rename(client, id, name);
}

Result<Json> set_restart(const EngineClient& client,
                         const std::string& id,
                         const std::string& policy) {
  return nothing_to_tell(
      client.post(container_path(id, "/update"), {{"RestartPolicy", restart_policy(policy)}}));
}

Result<Json> disconnect(const EngineClient& client,
                        const std::string& network,
                        const std::string& container) {
  // 404: network or container are gone; 403 and 500: it was not attached.
  return nothing_to_tell(client.post(fmt::format("/networks/{}/disconnect", name_in_path(network)),
                                     {{"Container", container}, {"Force", true}},
                                     {403, 404, 500}));
}

// The volumes that only hold files which were put in; their secrets must not stay behind. 404 and
// 409: somebody else has removed it, or uses it.
Result<Json> remove_file_volumes(const Step& step, const EngineClient& client) {
  for (const Json& volume : get(step.input, "file_volumes")) {
    const auto removed =
        client.remove("/volumes/" + name_in_path(text_or(volume, "name")), {404, 409});
    if (!removed) return removed.error();
  }
  return Json::object();
}

Result<Json> wait_for_removal(const Step& step,
                              const EngineClient& client,
                              const std::string& container,
                              const Error& under_way) {
  const TimePoint deadline = client.effects().clock.now() + step.timeout;
  while (client.effects().clock.now() < deadline) {
    const auto found = find(client, container);
    if (!found) return found.error();
    if (found->id.empty()) return Json::object();
    client.effects().clock.sleep_for(std::chrono::milliseconds{500});
  }
  return under_way;
}

}  // namespace

Result<Json> start_container(const Step& step, const EngineClient& client) {
  const std::string container = text_or(step.input, "container");
  return nothing_to_tell(
      client.post(container_path(container, "/start"), nullptr, {304}, step.timeout));
}

Result<Json> stop_container(const Step& step, const EngineClient& client) {
  return stop(client, text_or(step.input, "container"), step, {304});
}

Result<Json> start_again(const Step& step, const EngineClient& client) {
  return start_container(step, client);
}

Result<Json> stop_started(const Step& step, const EngineClient& client) {
  const auto found = find(client, text_or(step.input, "container"));
  if (!found) return found.error();
  if (found->id.empty() || found->id == text_or(step.input, "old")) return Json::object();
  return stop(client, found->id, step, {304, 404});
}

Result<Json> remove_container(const Step& step, const EngineClient& client) {
  const std::string container = text_or(step.input, "container");
  auto stopped = stop(client, container, step, {304, 404});
  if (!stopped) return stopped;
  // 409: its removal is already under way.
  const auto removed = client.remove(container_path(container), {404, 409});
  if (!removed) return removed.error();
  if (removed->status == 409) {
    auto gone =
        wait_for_removal(step, client, container, error_of(removed->status, removed->body, ""));
    if (!gone) return gone;
  }
  return remove_file_volumes(step, client);
}

Result<Json> update_container(const Step& step, const EngineClient& client) {
  const std::string container = text_or(step.input, "container");
  const auto updated = client.post(container_path(container, "/update"), get(step.input, "body"));
  if (!updated) return updated.error();
  for (const Json& warning : get(updated->body, "Warnings")) {
    client.effects().progress(as_text(warning));
  }
  return Json::object();
}

Result<Json> rename_container(const Step& step, const EngineClient& client) {
  return ensure_name(client, text_or(step.input, "container"), text_or(step.input, "name"));
}

Result<Json> park_container(const Step& step, const EngineClient& client) {
  const std::string id = text_or(step.input, "container");
  auto renamed = ensure_name(client, id, text_or(step.input, "aside"));
  if (!renamed) return renamed;
  return set_restart(client, id, "no");
}

Result<Json> unpark_container(const Step& step, const EngineClient& client) {
  const std::string id = text_or(step.input, "container");
  auto renamed = ensure_name(client, id, text_or(step.input, "name"));
  if (!renamed) return renamed;
  return set_restart(client, id, text_or(step.input, "restart", "no"));
}

Result<Json> promote_candidate(const Step& step, const EngineClient& client) {
  const std::string candidate = text_or(step.input, "candidate");
  const std::string name = text_or(step.input, "name");
  const auto found = find(client, candidate);
  if (!found) return found.error();
  if (!found->id.empty()) return rename(client, found->id, name);
  const auto promoted = find(client, name);
  if (!promoted) return promoted.error();
  if (!promoted->id.empty() && promoted->id != text_or(step.input, "old")) return Json::object();
  return Error{ErrorCode::not_found, "the new container no longer exists"};
}

Result<Json> demote_candidate(const Step& step, const EngineClient& client) {
  const auto found = find(client, text_or(step.input, "name"));
  if (!found) return found.error();
  if (found->id.empty() || found->id == text_or(step.input, "old")) return Json::object();
  return rename(client, found->id, text_or(step.input, "candidate"));
}

Result<Json> attach_container(const Step& step, const EngineClient& client) {
  const std::string container = text_or(step.input, "container");
  const std::string network = text_or(step.input, "network");
  if (get(step.input, "attached") == true) {
    auto detached = disconnect(client, network, container);
    if (!detached) return detached;
  }
  return nothing_to_tell(
      client.post(fmt::format("/networks/{}/connect", name_in_path(network)),
                  {{"Container", container}, {"EndpointConfig", get(step.input, "settings")}}));
}

Result<Json> detach_container(const Step& step, const EngineClient& client) {
  return disconnect(client, text_or(step.input, "network"), text_or(step.input, "container"));
}

}  // namespace aegis::docker
