#include "manifest/compose/deploy.h"

#include <fmt/format.h>

#include <array>

#include "manifest/compose/device_requests.h"
#include "manifest/compose/form.h"
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

std::optional<Node> read_reservations(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 4> k_fields{{
      {"memory", read_memory},
      {"cpus", nullptr, Support::no_effect},
      {"devices", read_reserved_devices},
      {"generic_resources",
       nullptr,
       Support::refused,
       "names resources that only Docker Swarm counts and hands out"},
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
      {"delay", nullptr, Support::no_effect},
      {"window", nullptr, Support::no_effect},
  }};
  return read_object(value, k_fields, diagnostics);
}

// Both modes come to one container on one engine.
std::optional<Node> read_mode(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 2> k_modes{"replicated", "global"};
  const auto mode = read_word(value, k_modes, diagnostics);
  if (mode && mode->text == "global") {
    note(diagnostics,
         value.where,
         "no effect",
         fmt::format("`{}`: on one Docker engine this is one container.", value.path));
  }
  return std::nullopt;
}

std::optional<Node> read_order(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 2> k_orders{"stop-first", "start-first"};
  return read_word(value, k_orders, diagnostics);
}

// What a replacement that fails leads to is not a matter of choice here.
std::optional<Node> read_failure_action(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 3> k_actions{"rollback", "pause", "continue"};
  const auto action = read_word(value, k_actions, diagnostics);
  if (action && action->text != "rollback") {
    note(
        diagnostics,
        value.where,
        "no effect",
        fmt::format("`{}`: a container that does not work is always replaced by the old one again.",
                    value.path));
  }
  return std::nullopt;
}

std::optional<Node> read_update_config(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 6> k_fields{{
      {"order", read_order},
      {"monitor", read_duration},
      {"failure_action", read_failure_action},
      {"parallelism", read_count},
      {"delay", read_duration},
      {"max_failure_ratio", nullptr, Support::no_effect},
  }};
  const auto read = read_object(value, k_fields, diagnostics);
  if (!read) return std::nullopt;
  Node update = make_mapping(value);
  for (const char* key : {"order", "monitor", "parallelism", "delay"}) {
    if (const Node* said = read->find(key)) set(update, key, *said);
  }
  return update;
}

// Going back is starting the old container again, in the order that this takes.
std::optional<Node> read_rollback_config(const Node& value, Diagnostics& diagnostics) {
  if (!read_update_config(value, diagnostics)) return std::nullopt;
  note(diagnostics,
       value.where,
       "no effect",
       fmt::format("`{}`: a failed replacement is undone at once, the new container first.",
                   value.path));
  return std::nullopt;
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
      {"labels", nullptr, Support::no_effect},
      {"placement", nullptr, Support::no_effect},
      {"endpoint_mode", nullptr, Support::no_effect},
      {"update_config", read_update_config},
      {"rollback_config", read_rollback_config},
  }};
  return read_object(value, k_fields, diagnostics);
}

void fold_deploy(Node& service, Diagnostics& diagnostics) {
  fold_device_requests(service);
  const Node* found = service.find("deploy");
  fold_count(service, found == nullptr ? nullptr : found->find("replicas"), diagnostics);
  found = service.find("deploy");
  if (found == nullptr) return;
  const Node deploy = *found;
  erase(service, "deploy");
  if (const Node* resources = deploy.find("resources")) {
    for (const Twin& twin : k_twins) fold_twin(service, *resources, twin, diagnostics);
  }
  if (const Node* update = deploy.find("update_config")) set(service, "update_config", *update);
  if (const Node* policy = deploy.find("restart_policy")) fold_restart_policy(service, *policy);
}

}  // namespace aegis::compose
