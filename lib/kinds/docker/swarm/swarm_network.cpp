#include "kinds/docker/swarm/swarm_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/listed_objects.h"
#include "kinds/docker/network_shape.h"
#include "kinds/docker/steps.h"
#include "kinds/docker/swarm/labels.h"
#include "kinds/docker/swarm/swarm_network_perform.h"
#include "kinds/docker/swarm/swarm_view.h"

namespace aegis {
namespace {

constexpr auto k_rules = docker::network_rules(
    Disruption::recreate,
    "Swarm cannot change a network; the services on it are removed and made again");

const Json& items_of(const docker::StackView& view) {
  return *view.networks;
}

constexpr docker::ListedKind k_listed{
    "swarm-network", docker::k_key_label, items_of, docker::wanted_network, docker::live_network};

std::vector<Query> queries(const Batch& batch, const Replies& replies) {
  if (!docker::is_swarm(batch.scope)) return {};
  return docker::swarm_queries(docker::read_stack(batch.scope), replies);
}

bool uses(const Json& service, const std::string& network) {
  const Json& attached = get(get(get(service, "Spec"), "TaskTemplate"), "Networks");
  return std::any_of(attached.begin(), attached.end(), [&](const Json& attachment) {
    return text_or(attachment, "Target") == network;
  });
}

// The services on it: the stack's own by id, others by name.
Json users(const docker::Stack& stack, const docker::SwarmView& view, const std::string& network) {
  Json found = {{"users", Json::array()}, {"others", Json::array()}};
  for (const Json& service : *view.services) {
    if (!uses(service, network)) continue;
    const Json& spec = get(service, "Spec");
    const bool ours = docker::SwarmView::in_namespace(stack, get(spec, "Labels"));
    found[ours ? "users" : "others"].push_back(ours ? get(service, "ID") : get(spec, "Name"));
  }
  return found;
}

Result<std::vector<Observation>> interpret(const Batch& batch,
                                           const Replies& replies,
                                           Vault& vault) {
  if (!docker::is_swarm(batch.scope)) return std::vector<Observation>();
  const docker::Stack stack = docker::read_stack(batch.scope);
  const auto view = docker::swarm_view(stack, replies);
  if (!view) return view.error();
  std::optional<docker::StackView> lists;
  if (*view) lists = (*view)->stack;
  auto observations = docker::interpret_view(k_listed, batch, lists, vault);
  for (Observation& seen : observations) {
    if (seen.exists) seen.context.update(users(stack, **view, text_or(seen.context, "id")));
  }
  return observations;
}

Json normalize(const Resource& resource, const Observation&) {
  return docker::wanted_network(resource.spec);
}

std::string keeps(Action, const Observation& live) {
  std::vector<std::string> names;
  for (const Json& name : get(live.context, "others")) names.push_back(as_text(name));
  if (names.empty()) return {};
  return fmt::format("The service{} {}, not of this stack, use{} it. Detach {} first.",
                     names.size() == 1 ? "" : "s",
                     list_words(names),
                     names.size() == 1 ? "s" : "",
                     names.size() == 1 ? "it" : "them");
}

// As a network of one engine, with the labels of `docker stack deploy` in place of Compose's.
Json creation(const docker::Stack& stack, const Resource& network) {
  Json body = docker::network_request(stack, network);
  Json labels = Json::object();
  for (const auto& [key, value] : body["Labels"].items()) {
    if (!key.starts_with("com.docker.compose.")) labels[key] = value;
  }
  labels[std::string(docker::k_namespace_label)] = stack.project;
  labels[std::string(docker::k_key_label)] = network.address.name;
  body["Labels"] = std::move(labels);
  return body;
}

std::vector<Step> lower(const Lowering& lowering) {
  const docker::Stack stack = docker::read_stack(lowering.scope);
  docker::StepList steps(stack, lowering.change.address, lowering.live);
  if (lowering.change.action == Action::adopt) {
    docker::add_adoption(steps, stack);
    return steps.take();
  }
  if (lowering.change.action != Action::create) {
    const std::string name = text_or(lowering.live.context, "name");
    const bool replaces = lowering.desired != nullptr && lowering.change.action != Action::remove;
    const Json users = replaces ? get(lowering.live.context, "users") : Json::array();
    Step& step = steps.add(
        "remove",
        fmt::format("remove network {}{}", name, users.empty() ? "" : " and the services on it"),
        {{"network", text_or(lowering.live.context, "id")}, {"users", users}});
    step.disruption = Disruption::recreate;
    step.timeout = std::chrono::minutes{2};
    if (!replaces) return steps.take();
  }
  steps.add("create",
            "create network " + text_or(lowering.desired->spec, "name"),
            {{"body", creation(stack, *lowering.desired)}});
  return steps.take();
}

}  // namespace

const Kind& swarm_network_kind() {
  static const Kind k_kind{.name = "swarm-network",
                           .scope_type = "stack",
                           .schema = "",
                           .rules = k_rules,
                           .queries = queries,
                           .interpret = interpret,
                           .normalize = normalize,
                           .refine = nullptr,
                           .keeps = keeps,
                           .lower = lower,
                           .perform = docker::perform_swarm_network,
                           .takes_users = true};
  return k_kind;
}

}  // namespace aegis
