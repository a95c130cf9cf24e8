#include "kinds/docker/swarm/swarm_service_perform.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/digest.h"
#include "base/text.h"
#include "kinds/docker/api.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/swarm/adoption.h"
#include "kinds/docker/swarm/container_spec.h"
#include "kinds/docker/swarm/labels.h"
#include "kinds/docker/swarm/rollout.h"
#include "kinds/docker/swarm/stored_file.h"
#include "kinds/docker/swarm/stored_file_perform.h"
#include "kinds/docker/swarm/swarm_image.h"
#include "kinds/docker/swarm/swarm_view.h"

namespace aegis::docker {
namespace {

std::string service_path(const std::string& service) {
  return "/services/" + name_in_path(service);
}

void add_login(HttpRequest& request, const Step& step, const EngineClient& client) {
  if (const auto login = client.effects().vault.open(get(step.input, "login"))) {
    request.headers.emplace_back("X-Registry-Auth", base64url_encode(login->reveal()));
  }
}

// Configs and secrets are used by id, and may have been made by this very run.
Result<Done> add_ids(Json& container, const EngineClient& client) {
  for (const auto& [key, list, id_key, name_key] :
       {std::tuple{"Configs", "/configs", "ConfigID", "ConfigName"},
        std::tuple{"Secrets", "/secrets", "SecretID", "SecretName"}}) {
    if (!container.contains(key)) continue;
    const auto objects = client.get(list);
    if (!objects) return objects.error();
    for (Json& use : container[key]) {
      for (const Json& object : objects->body) {
        if (get(get(object, "Spec"), "Name") == get(use, name_key)) use[id_key] = object["ID"];
      }
      if (use.contains(id_key)) continue;
      return Error{ErrorCode::not_found,
                   fmt::format("there is no {} called {}",
                               std::string_view(list).substr(1),
                               text_or(use, name_key))};
    }
  }
  return Done{};
}

// Of a service that is made again with its network.
Result<Done> find_names(Json& container, const Step& step, const EngineClient& client) {
  const Json& files = get(step.input, "files");
  if (files.empty()) return Done{};
  const Json& labels = get(get(step.input, "body"), "Labels");
  Stack stack;
  stack.project = text_or(labels, k_namespace_label);
  stack.name = text_or(labels, k_stack_label);
  const auto configs = client.get("/configs");
  if (!configs) return configs.error();
  const auto secrets = client.get("/secrets");
  if (!secrets) return secrets.error();
  const Json services = Json::array();
  SwarmView view;
  view.services = &services;
  view.configs = &configs->body;
  view.secrets = &secrets->body;
  for (const Json& file : files) {
    const bool config = text_or(file, "section") == "configs";
    const StoredFile found = find_stored(config ? StoredAs::config : StoredAs::secret,
                                         stack,
                                         &view,
                                         text_or(file, "key"),
                                         text_or(file, "base"),
                                         get(file, "content"),
                                         client.effects().vault);
    for (Json& use : container[config ? "Configs" : "Secrets"]) {
      Json& name = use[config ? "ConfigName" : "SecretName"];
      if (name == text_or(file, "base")) name = found.name;
    }
  }
  return Done{};
}

// Without an answer of the registry the name alone has to do, as at plan time.
Result<Done> find_digest(Json& task, const Step& step, const EngineClient& client) {
  const std::string image = text_or(task["ContainerSpec"], "Image");
  if (get(step.input, "resolves") != true || image.find('@') != std::string::npos) return Done{};
  HttpRequest request = client.request("GET", "/distribution/" + name_in_path(image) + "/json");
  add_login(request, step, client);
  const auto told = client.send(request, {401, 403, 404, 500});
  if (!told) return told.error();
  const std::string digest = text_or(get(told->body, "Descriptor"), "digest");
  if (digest.empty()) return Done{};
  task["ContainerSpec"]["Image"] = pinned(image, digest);
  const Json platforms = engine_platforms(get(told->body, "Platforms"));
  if (!platforms.empty()) task["Placement"]["Platforms"] = platforms;
  return Done{};
}

Result<Json> request_body(const Step& step, const EngineClient& client) {
  Json body = sendable(client.effects().vault.reveal_all(get(step.input, "body")));
  const auto resolved = find_digest(body["TaskTemplate"], step, client);
  if (!resolved) return resolved.error();
  const auto named = find_names(body["TaskTemplate"]["ContainerSpec"], step, client);
  if (!named) return named.error();
  const auto added = add_ids(body["TaskTemplate"]["ContainerSpec"], client);
  if (!added) return added.error();
  return body;
}

Result<Answer> send(const Step& step,
                    const EngineClient& client,
                    const std::string& path,
                    const Json& body,
                    std::initializer_list<int> also_fine) {
  HttpRequest request = client.request("POST", path);
  request.timeout = step.timeout;
  request.content_type = "application/json";
  request.body = dump_json(body);
  add_login(request, step, client);
  return client.send(request, also_fine);
}

Result<Json> create(const Step& step, const EngineClient& client) {
  const auto body = request_body(step, client);
  if (!body) return body.error();
  const auto made = send(step, client, "/services/create", *body, {409});
  if (!made) return made.error();
  if (made->status != 409) return Json{{"id", text_or(made->body, "ID")}};
  const std::string name = text_or(*body, "Name");
  const auto existing = client.get(service_path(name));
  if (!existing) return existing.error();
  const Json& labels = get(get(existing->body, "Spec"), "Labels");
  // Made by a run that ended before it was told so.
  if (get(labels, k_stack_label) == get(get(*body, "Labels"), k_stack_label)) {
    return Json{{"id", text_or(existing->body, "ID")}};
  }
  return Error{ErrorCode::conflict,
               fmt::format("a service called {} exists and is not this stack's; plan again", name)};
}

// What the manifests say nothing about stays as it is: a count that only forces a restart, settings
// that no Compose file has.
void keep_unsaid(Json& body, const Json& live) {
  const auto keep = [](Json& to, const Json& from, std::string_view key) {
    if (!get(from, key).is_null()) to[std::string(key)] = get(from, key);
  };
  const Json& task = get(live, "TaskTemplate");
  keep(body["TaskTemplate"], task, "ForceUpdate");
  keep(body["TaskTemplate"], task, "Runtime");
  Json& container = body["TaskTemplate"]["ContainerSpec"];
  keep(container, get(task, "ContainerSpec"), "Isolation");
  keep(container, get(task, "ContainerSpec"), "Privileges");
}

Result<Json> update(const Step& step, const EngineClient& client) {
  auto body = request_body(step, client);
  if (!body) return body.error();
  const std::string path = service_path(text_or(step.input, "service"));
  // The Swarm itself counts up the version, too, while tasks come and go.
  constexpr int k_attempts = 5;
  for (int attempt = 1;; ++attempt) {
    const auto live = client.get(path);
    if (!live) return live.error();
    keep_unsaid(*body, get(live->body, "Spec"));
    const std::string version = as_text(get(get(live->body, "Version"), "Index"));
    // Without a login the one that the service has stays.
    const auto done =
        send(step, client, fmt::format("{}/update?version={}", path, version), *body, {});
    if (done) return Json::object();
    const bool is_late = done.error().message.find("out of sequence") != std::string::npos;
    if (!is_late || attempt == k_attempts) return done.error();
  }
}

Result<Json> remove(const Step& step, const EngineClient& client) {
  const auto removed = client.remove(service_path(text_or(step.input, "service")), {404});
  if (!removed) return removed.error();
  return Json::object();
}

// After a failure: fine when the service is again what it was.
Result<Json> settle(const Step& step, const EngineClient& client) {
  const auto live = client.get(service_path(text_or(step.input, "service")));
  if (!live) return live.error();
  const std::string state = text_or(get(live->body, "UpdateStatus"), "State");
  const bool untouched = get(get(live->body, "Version"), "Index") == get(step.input, "version");
  if (untouched || state == "rollback_completed") return Json::object();
  return Error{ErrorCode::rejected,
               fmt::format("the Swarm did not go back; the update is {}. The next plan takes it up "
                           "again, and `docker service rollback` undoes it",
                           state.empty() ? "under way" : state)};
}

}  // namespace

Result<Json> perform_swarm_service(const Step& step, const Outputs&, Effects& effects) {
  if (step.operation == "adopt") return perform_swarm_adoption(step, effects);
  const auto client = EngineClient::open(step, effects);
  if (!client) return client.error();
  if (step.operation == "create") return create(step, *client);
  if (step.operation == "update") return update(step, *client);
  if (step.operation == "wait") return wait_for_rollout(step, *client);
  if (step.operation == "settle") return settle(step, *client);
  if (step.operation == "remove") return remove(step, *client);
  if (step.operation == "clear") return remove_replaced_files(step, *client);
  return Error{ErrorCode::rejected, "a Swarm's service has no operation called " + step.operation};
}

}  // namespace aegis::docker
