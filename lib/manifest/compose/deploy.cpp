#include "manifest/compose/deploy.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

#include "manifest/compose/device_requests.h"
#include "manifest/compose/form.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

std::optional<Node> read_memory(const Node& value, Diagnostics& diagnostics) {
  auto text = read_text(value, diagnostics);
  return text ? read_bytes(*text, diagnostics) : std::nullopt;
}

std::optional<Node> read_limits(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 3> k_fields{{
      {"cpus", read_cpus},
      {"memory", read_memory},
      {"pids", read_limit},
  }};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_discrete_resource(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 2> k_fields{{{"kind", read_text}, {"value", read_count}}};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_generic_resource(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 1> k_fields{{{"discrete_resource_spec", read_discrete_resource}}};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_generic_resources(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_generic_resource, "a list of resources", diagnostics);
}

std::optional<Node> read_reservations(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 4> k_fields{{
      {"memory", read_memory},
      {"cpus", read_cpus},
      {"devices", read_reserved_devices},
      {"generic_resources", read_generic_resources},
  }};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_resources(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 2> k_fields{{
      {"limits", read_limits},
      {"reservations", read_reservations},
  }};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_condition(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 3> k_conditions{"none", "on-failure", "any"};
  return read_word(value, k_conditions, diagnostics);
}

std::optional<Node> read_restart_policy(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 4> k_fields{{
      {"condition", read_condition},
      {"max_attempts", read_count},
      {"delay", read_duration},
      {"window", read_duration},
  }};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_mode(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 2> k_modes{"replicated", "global"};
  return read_word(value, k_modes, diagnostics);
}

std::optional<Node> read_endpoint_mode(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 2> k_modes{"vip", "dnsrr"};
  return read_word(value, k_modes, diagnostics);
}

std::optional<Node> read_preference(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 1> k_fields{{{"spread", read_text}}};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_preferences(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_preference, "a list of preferences", diagnostics);
}

std::optional<Node> read_placement(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 3> k_fields{{{"constraints", read_texts},
                                           {"preferences", read_preferences},
                                           {"max_replicas_per_node", read_count}}};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_order(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 2> k_orders{"stop-first", "start-first"};
  return read_word(value, k_orders, diagnostics);
}

std::optional<Node> read_failure_action(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 3> k_actions{"rollback", "pause", "continue"};
  return read_word(value, k_actions, diagnostics);
}

// A rollback that fails has nothing to go back to.
std::optional<Node> read_rollback_action(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 2> k_actions{"pause", "continue"};
  return read_word(value, k_actions, diagnostics);
}

std::optional<Node> read_ratio(const Node& value, Diagnostics& diagnostics) {
  auto ratio = value.is_scalar() ? read_cpus(value, diagnostics) : std::nullopt;
  if (ratio && std::stod(ratio->text) <= 1) return ratio;
  if (ratio || !value.is_scalar()) wrong_value(diagnostics, value, "a share from 0 to 1");
  return std::nullopt;
}

std::optional<Node> read_rollout(const Node& value, Form action, Diagnostics& diagnostics) {
  const std::array<Field, 6> fields{{
      {"order", read_order},
      {"monitor", read_duration},
      {"failure_action", action},
      {"parallelism", read_count},
      {"delay", read_duration},
      {"max_failure_ratio", read_ratio},
  }};
  return read_object(value, fields, diagnostics);
}

std::optional<Node> read_update_config(const Node& value, Diagnostics& diagnostics) {
  return read_rollout(value, read_failure_action, diagnostics);
}

std::optional<Node> read_rollback_config(const Node& value, Diagnostics& diagnostics) {
  return read_rollout(value, read_rollback_action, diagnostics);
}

void note_no_effect(const Node& deploy,
                    std::string_view group,
                    std::string_view key,
                    Diagnostics& diagnostics) {
  const Node* place = group.empty() ? &deploy : deploy.find(group);
  const Node* said = place == nullptr ? nullptr : place->find(key);
  if (said == nullptr) return;
  note(diagnostics,
       said->where,
       "no effect",
       fmt::format("`{}` has no effect on one Docker engine and is ignored.", said->path));
}

// What only says something where there are several nodes, or where a cluster does the work.
void note_cluster_keys(const Node& deploy, Diagnostics& diagnostics) {
  constexpr std::pair<std::string_view, std::string_view> k_keys[] = {
      {"", "labels"},
      {"", "placement"},
      {"", "endpoint_mode"},
      {"restart_policy", "delay"},
      {"restart_policy", "window"},
      {"update_config", "max_failure_ratio"}};
  for (const auto& [group, key] : k_keys) note_no_effect(deploy, group, key, diagnostics);
  const Node* resources = deploy.find("resources");
  if (resources != nullptr) note_no_effect(*resources, "reservations", "cpus", diagnostics);
  const Node* generic =
      resources == nullptr ? nullptr : resources->find("reservations", "generic_resources");
  if (generic != nullptr) {
    error(
        diagnostics,
        generic->where,
        "not possible here",
        fmt::format("`{}` names resources that only Docker Swarm counts and hands out. Nothing is "
                    "ignored silently: remove it to go on without it.",
                    generic->path));
  }
}

void note_other_ways(const Node& deploy, Diagnostics& diagnostics) {
  const auto tell = [&](const Node* said, std::string_view what) {
    if (said == nullptr) return;
    note(diagnostics, said->where, "no effect", fmt::format("`{}`: {}", said->path, what));
  };
  const Node* mode = deploy.find("mode");
  if (mode != nullptr && mode->text == "global") {
    tell(mode, "on one Docker engine this is one container.");
  }
  const Node* action = deploy.find("update_config", "failure_action");
  if (action != nullptr && action->text != "rollback") {
    tell(action, "a container that does not work is always replaced by the old one again.");
  }
  tell(deploy.find("rollback_config"),
       "a failed replacement is undone at once, the new container first.");
}

struct Twin {
  std::string_view group;
  std::string_view key;
  std::string_view service_key;
};

constexpr std::array<Twin, 4> k_twins{{
    {"limits", "cpus", "cpus"},
    {"limits", "memory", "mem_limit"},
    {"limits", "pids", "pids_limit"},
    {"reservations", "memory", "mem_reservation"},
}};

void fold_twin(Node& service, const Node& resources, const Twin& twin, Diagnostics& diagnostics) {
  const Node* deployed = resources.find(twin.group, twin.key);
  if (deployed == nullptr) return;
  const Node* own = service.find(twin.service_key);
  if (own == nullptr) {
    set(service, std::string(twin.service_key), *deployed);
  } else if (to_json(*own) != to_json(*deployed)) {
    error(diagnostics,
          own->where,
          "contradiction",
          fmt::format("`{}` and `{}` set the same limit to different values. Keep one of them.",
                      own->path,
                      deployed->path),
          &deployed->where);
  }
}

void fold_restart_policy(Node& service, const Node& policy) {
  const Node* condition = policy.find("condition");
  const Node* attempts = policy.find("max_attempts");
  const std::string when = condition == nullptr ? "any" : condition->text;
  std::string restart = when == "none" ? "no" : when == "any" ? "always" : when;
  if (when == "on-failure" && attempts != nullptr) restart += ":" + attempts->text;
  set(service, "restart", make_text(std::move(restart), policy));
}

// Both ways to say the number of containers, as `scale`.
void fold_count(Node& service, const Node* replicas, Diagnostics& diagnostics) {
  const Node* scale = service.find("scale");
  if (scale != nullptr && replicas != nullptr && scale->text != replicas->text) {
    error(diagnostics,
          scale->where,
          "contradiction",
          fmt::format("`{}` and `{}` set different numbers of containers. Keep one of them.",
                      scale->path,
                      replicas->path),
          &replicas->where);
  }
  if (scale == nullptr && replicas != nullptr) {
    set(service, "scale", *replicas);
    scale = service.find("scale");
  }
}

void require_containers(const Node& service, Diagnostics& diagnostics) {
  const Node* scale = service.find("scale");
  if (scale == nullptr || scale->text != "0") return;
  error(diagnostics,
        scale->where,
        "no containers",
        fmt::format("`{}` is 0. Give the service a profile that is not enabled, or leave it out.",
                    scale->path));
}

}  // namespace

std::optional<Node> read_deploy(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 9> k_fields{{
      {"resources", read_resources},
      {"restart_policy", read_restart_policy},
      {"replicas", read_count},
      {"mode", read_mode},
      {"labels", read_labels},
      {"placement", read_placement},
      {"endpoint_mode", read_endpoint_mode},
      {"update_config", read_update_config},
      {"rollback_config", read_rollback_config},
  }};
  return read_object(value, k_fields, diagnostics);
}

void fold_deploy(Node& service, Diagnostics& diagnostics) {
  fold_device_requests(service);
  const Node* found = service.find("deploy");
  fold_count(service, found == nullptr ? nullptr : found->find("replicas"), diagnostics);
  require_containers(service, diagnostics);
  found = service.find("deploy");
  if (found == nullptr) return;
  const Node deploy = *found;
  erase(service, "deploy");
  note_cluster_keys(deploy, diagnostics);
  note_other_ways(deploy, diagnostics);
  if (const Node* resources = deploy.find("resources")) {
    for (const Twin& twin : k_twins) fold_twin(service, *resources, twin, diagnostics);
  }
  if (const Node* asked = deploy.find("update_config")) {
    Node update = make_mapping(*asked);
    for (const char* key : {"order", "monitor", "parallelism", "delay"}) {
      if (const Node* said = asked->find(key)) set(update, key, *said);
    }
    set(service, "update_config", std::move(update));
  }
  if (const Node* policy = deploy.find("restart_policy")) fold_restart_policy(service, *policy);
}

void unfold_deploy(Node& service, Diagnostics& diagnostics) {
  Node deploy = service.find("deploy") == nullptr ? make_mapping(service) : *service.find("deploy");
  fold_count(service, deploy.find("replicas"), diagnostics);
  if (const Node* scale = service.find("scale")) set(deploy, "replicas", *scale);
  erase(service, "scale");
  for (const Twin& twin : k_twins) {
    const Node* own = service.find(twin.service_key);
    if (own == nullptr) continue;
    Node resources =
        deploy.find("resources") == nullptr ? make_mapping(*own) : *deploy.find("resources");
    fold_twin(service, resources, twin, diagnostics);
    Node group =
        resources.find(twin.group) == nullptr ? make_mapping(*own) : *resources.find(twin.group);
    set(group, std::string(twin.key), *own);
    set(resources, std::string(twin.group), std::move(group));
    set(deploy, "resources", std::move(resources));
    erase(service, twin.service_key);
  }
  set(service, "deploy", std::move(deploy));
}

}  // namespace aegis::compose
