#include "kinds/docker/swarm/swarm_view.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/text.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/swarm/labels.h"

namespace aegis::docker {
namespace {

std::string tasks_path(const Stack& stack) {
  const Json filters = {{"label", {fmt::format("{}={}", k_namespace_label, stack.project)}}};
  return "/tasks?filters=" + percent_encode(dump_json(filters));
}

struct List {
  std::string path;
  const Json** target;
};

std::vector<List> lists_of(const Stack& stack, SwarmView& view) {
  return {{"/services", &view.services},
          {"/configs", &view.configs},
          {"/secrets", &view.secrets},
          {tasks_path(stack), &view.tasks}};
}

// Joining or making a Swarm opens ports and cannot be taken back without loss: the user's decision.
Error no_manager(const Stack& stack, const Json& swarm) {
  const std::string state = text_or(swarm, "LocalNodeState", "inactive");
  std::string what =
      "The engine is in no Swarm. Run `docker swarm init` on it (with "
      "`--advertise-addr` where it has several addresses)";
  if (state == "active") {
    what = "The engine is a worker of its Swarm, and only managers answer. Name a manager's engine";
  } else if (state == "locked") {
    what = "The engine's Swarm is locked. Run `docker swarm unlock` on it";
  } else if (state != "inactive") {
    what = fmt::format("The engine's Swarm is {}. Look at `docker info` there", state);
  }
  return Error{ErrorCode::rejected,
               fmt::format("stack {}: {}, or take `orchestrator: swarm` away.", stack.name, what)};
}

bool has_marker(const Stack& stack, const Json& configs) {
  for (const Json& config : configs) {
    const Json& spec = get(config, "Spec");
    if (text_or(spec, "Name") == stack.marker() &&
        text_or(get(spec, "Labels"), k_marked_label) == stack.project) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool SwarmView::in_namespace(const Stack& stack, const Json& labels) {
  return text_or(labels, k_namespace_label) == stack.project;
}

bool SwarmView::owns(const Stack& stack, const Json& labels) const {
  return this->stack.owns(stack, labels);
}

bool is_swarm(const Scope& scope) {
  return text_or(scope.settings, "orchestrator") == "swarm";
}

std::vector<Query> swarm_queries(const Stack& stack, const Replies& replies) {
  auto queries = stack_queries(stack, replies);
  const auto view = stack_view(stack, replies);
  // The lists of the engine and those of its Swarm are asked for together.
  const auto api = stack_api(stack, replies);
  if (!api || (view && !*view)) return queries;
  queries.push_back(engine_query(stack, *api, "/info"));
  SwarmView unread;
  for (const List& list : lists_of(stack, unread)) {
    queries.push_back(engine_query(stack, *api, list.path));
  }
  return queries;
}

Result<std::optional<SwarmView>> swarm_view(const Stack& stack, const Replies& replies) {
  auto engine = stack_view(stack, replies);
  if (!engine) return engine.error();
  if (!*engine) return std::optional<SwarmView>();
  SwarmView view;
  view.stack = **engine;
  const auto info = required_body(stack, replies, engine_query(stack, view.stack.api, "/info"));
  if (!info) return info.error();
  const Json& swarm = get(**info, "Swarm");
  if (get(swarm, "ControlAvailable") != true) return no_manager(stack, swarm);
  for (const List& list : lists_of(stack, view)) {
    const auto body = required_body(stack, replies, engine_query(stack, view.stack.api, list.path));
    if (!body) return body.error();
    *list.target = *body;
  }
  view.stack.project_label = k_namespace_label;
  view.stack.adopted = has_marker(stack, *view.configs);
  view.network_names = Json::object();
  for (const Json& network : *view.stack.networks) {
    view.network_names[text_or(network, "Id")] = text_or(network, "Name");
  }
  return std::optional<SwarmView>(std::move(view));
}

}  // namespace aegis::docker
