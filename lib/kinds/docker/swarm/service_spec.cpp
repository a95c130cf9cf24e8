#include "kinds/docker/swarm/service_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/text.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/shape.h"
#include "kinds/docker/swarm/container_spec.h"
#include "kinds/docker/swarm/labels.h"

namespace aegis::docker {
namespace {

using Names = std::pair<std::string_view, std::string_view>;

constexpr double k_nano = 1e9;

Json copied(const Json& from, std::initializer_list<Names> names) {
  Json to = Json::object();
  for (const auto& [key, engine_key] : names) {
    if (!get(from, key).is_null()) to[std::string(engine_key)] = get(from, key);
  }
  return to;
}

Json amounts(const Json& asked) {
  Json made = copied(asked, {{"memory", "MemoryBytes"}, {"pids", "Pids"}});
  if (const auto cpus = as_number(get(asked, "cpus"))) {
    made["NanoCPUs"] = std::llround(*cpus * k_nano);
  }
  Json generic = Json::array();
  for (const Json& resource : get(asked, "generic_resources")) {
    const Json& discrete = get(resource, "discrete_resource_spec");
    generic.push_back({{"DiscreteResourceSpec",
                        {{"Kind", text_or(discrete, "kind")}, {"Value", get(discrete, "value")}}}});
  }
  put(made, "GenericResources", std::move(generic));
  return made;
}

// `restart` counts where the newer key is missing, as it does for `docker stack deploy`.
Json restart_policy_of(const Json& spec) {
  const Json& policy = get(get(spec, "deploy"), "restart_policy");
  if (policy.is_object()) {
    return copied(policy,
                  {{"condition", "Condition"},
                   {"delay", "Delay"},
                   {"max_attempts", "MaxAttempts"},
                   {"window", "Window"}});
  }
  const auto words = split(text_or(spec, "restart"), ':');
  if (words[0] == "always" || words[0] == "unless-stopped") return {{"Condition", "any"}};
  if (words[0] == "no") return {{"Condition", "none"}};
  if (words[0] != "on-failure") return nullptr;
  Json made = {{"Condition", "on-failure"}};
  if (words.size() > 1) made["MaxAttempts"] = integer_or_zero(Json(words[1]));
  return made;
}

Json placement_of(const Json& asked) {
  Json made =
      copied(asked, {{"constraints", "Constraints"}, {"max_replicas_per_node", "MaxReplicas"}});
  Json preferences = Json::array();
  for (const Json& preference : get(asked, "preferences")) {
    preferences.push_back({{"Spread", {{"SpreadDescriptor", text_or(preference, "spread")}}}});
  }
  put(made, "Preferences", std::move(preferences));
  return made;
}

Json attachments_of(const Stack& stack, const std::string& name, const Json& networks) {
  Json list = Json::array();
  for (const auto& [key, how] : networks.items()) {
    Json aliases = get(how, "aliases").is_array() ? get(how, "aliases") : Json::array();
    if (std::find(aliases.begin(), aliases.end(), name) == aliases.end()) aliases.push_back(name);
    Json attachment = {{"Target", stack.network_name(key)}, {"Aliases", std::move(aliases)}};
    put(attachment, "DriverOpts", text_values(get(how, "driver_opts")));
    list.push_back(std::move(attachment));
  }
  return list;
}

Json ports_of(const Json& ports) {
  Json list = Json::array();
  for (const Json& port : ports) {
    Json made = {{"Protocol", text_or(port, "protocol", "tcp")},
                 {"TargetPort", get(port, "target")},
                 {"PublishMode", text_or(port, "mode", "ingress")}};
    if (const auto published = as_integer(get(port, "published")))
      made["PublishedPort"] = *published;
    list.push_back(std::move(made));
  }
  return list;
}

Json rollout_of(const Json& asked) {
  Json made = copied(asked,
                     {{"parallelism", "Parallelism"},
                      {"delay", "Delay"},
                      {"failure_action", "FailureAction"},
                      {"monitor", "Monitor"},
                      {"max_failure_ratio", "MaxFailureRatio"},
                      {"order", "Order"}});
  if (!made.contains("Parallelism")) made["Parallelism"] = 1;
  return made;
}

Json task_template(const Stack& stack,
                   const std::string& name,
                   const Json& spec,
                   const Json& context) {
  const Json& deploy = get(spec, "deploy");
  Json task = {{"ContainerSpec", container_spec(stack, spec, context)}};
  Json resources = Json::object();
  const Json& asked = get(deploy, "resources");
  put(resources, "Limits", amounts(get(asked, "limits")));
  put(resources, "Reservations", amounts(get(asked, "reservations")));
  put(task, "Resources", std::move(resources));
  put(task, "RestartPolicy", restart_policy_of(spec));
  Json placement = placement_of(get(deploy, "placement"));
  put(placement, "Platforms", get(context, "platforms"));
  put(task, "Placement", std::move(placement));
  put(task, "Networks", attachments_of(stack, name, get(spec, "networks")));
  const Json& logging = get(spec, "logging");
  if (logging.is_object()) {
    task["LogDriver"] = {{"Name", text_or(logging, "driver")}};
    put(task["LogDriver"], "Options", get(logging, "options"));
  }
  return task;
}

}  // namespace

Json swarm_service_spec(const Stack& stack,
                        const std::string& name,
                        const Json& spec,
                        const Json& context) {
  const Json& deploy = get(spec, "deploy");
  Json labels = text_values(get(deploy, "labels"));
  labels[std::string(k_namespace_label)] = stack.project;
  labels[std::string(k_image_label)] = text_or(spec, "image");
  labels[std::string(k_stack_label)] = stack.name;
  Json made = {{"Name", stack.project + "_" + name},
               {"Labels", std::move(labels)},
               {"TaskTemplate", task_template(stack, name, spec, context)}};
  if (text_or(deploy, "mode") == "global") {
    made["Mode"]["Global"] = Json::object();
  } else {
    made["Mode"]["Replicated"]["Replicas"] = as_integer(get(deploy, "replicas")).value_or(1);
  }
  for (const auto& [key, engine_key] :
       {Names{"update_config", "UpdateConfig"}, Names{"rollback_config", "RollbackConfig"}}) {
    if (get(deploy, key).is_object()) made[std::string(engine_key)] = rollout_of(get(deploy, key));
  }
  Json endpoint = Json::object();
  put(endpoint, "Mode", text_or(deploy, "endpoint_mode"));
  put(endpoint, "Ports", ports_of(get(spec, "ports")));
  put(made, "EndpointSpec", std::move(endpoint));
  const std::string sealed = join(sealed_paths(swarm_service_shape(made, Json::object())), ",");
  if (!sealed.empty()) made["Labels"][std::string(k_sealed_label)] = sealed;
  return made;
}

}  // namespace aegis::docker
