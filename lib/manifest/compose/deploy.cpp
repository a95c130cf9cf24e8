#include "manifest/compose/deploy.h"

#include <fmt/format.h>

#include <array>

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
      {"devices", nullptr, Support::not_yet},
      {"generic_resources", nullptr, Support::not_yet},
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

void expect_one(const Node* count, Diagnostics& diagnostics) {
  if (count == nullptr || count->text == "1") return;
  error(diagnostics,
        count->where,
        "not supported yet",
        fmt::format("`{}` is {}. A service of any other number of containers than one is not "
                    "supported yet.",
                    count->path,
                    shown(*count)));
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
      {"update_config", nullptr, Support::not_yet},
      {"rollback_config", nullptr, Support::not_yet},
  }};
  return read_object(value, k_fields, diagnostics);
}

void fold_deploy(Node& service, Diagnostics& diagnostics) {
  expect_one(service.find("scale"), diagnostics);
  erase(service, "scale");
  const Node* found = service.find("deploy");
  if (found == nullptr) return;
  const Node deploy = *found;
  erase(service, "deploy");
  expect_one(deploy.find("replicas"), diagnostics);
  if (const Node* resources = deploy.find("resources")) {
    for (const Twin& twin : k_twins) fold_twin(service, *resources, twin, diagnostics);
  }
  if (const Node* policy = deploy.find("restart_policy")) fold_restart_policy(service, *policy);
}

}  // namespace aegis::compose
