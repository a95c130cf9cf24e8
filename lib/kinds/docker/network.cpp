#include "kinds/docker/network.h"

#include <fmt/format.h>

#include "kinds/docker/api.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/listed_objects.h"
#include "kinds/docker/network_perform.h"
#include "kinds/docker/network_shape.h"
#include "kinds/docker/steps.h"

namespace aegis {
namespace {

constexpr auto k_restart = Disruption::restart_service;
constexpr std::string_view k_note =
    "Docker cannot change a network; its containers are detached, "
    "and attached to the new one";

constexpr auto k_rules = docker::network_rules(k_restart, k_note);

const Json& items_of(const docker::StackView& view) {
  return *view.networks;
}

constexpr docker::ListedKind k_listed{
    "network", docker::k_network_label, items_of, docker::wanted_network, docker::live_network};

// Older engines would give it IPv4 without a word.
void add_note(const Resource& network, Observation& seen) {
  constexpr docker::ApiVersion k_first{1, 48};
  const auto api = docker::parse_api_version(text_or(seen.context, "api"));
  if (get(network.spec, "enable_ipv4") != false || !api || *api >= k_first) return;
  seen.notes.push_back(
      {Severity::error,
       "Engine is too old",
       fmt::format("`enable_ipv4: false` of {} needs an engine that speaks API {} or newer, and "
                   "this one speaks {}. Remove it, or install a newer Docker.",
                   to_string(network.address),
                   to_string(k_first),
                   to_string(*api)),
       network.where,
       std::nullopt});
}

Result<std::vector<Observation>> interpret(const Batch& batch,
                                           const Replies& replies,
                                           Vault& vault) {
  auto observations = docker::interpret_listed(k_listed, batch, replies, vault);
  if (!observations) return observations;
  for (Observation& seen : *observations) {
    for (const Resource* resource : batch.resources) {
      if (resource->address == seen.address) add_note(*resource, seen);
    }
  }
  return observations;
}

Json normalize(const Resource& resource, const Observation&) {
  return docker::wanted_network(resource.spec);
}

Step& add_create(docker::StepList& steps, const docker::Stack& stack, const Resource& network) {
  return steps.add("create",
                   "create network " + text_or(network.spec, "name"),
                   {{"body", docker::network_request(stack, network)}});
}

void lower_replacement(docker::StepList& steps,
                       const docker::Stack& stack,
                       const Lowering& lowering) {
  const std::string name = text_or(lowering.live.context, "name");
  const Json network = {{"network", text_or(lowering.live.context, "id")}, {"name", name}};
  steps.add("detach_all", "detach all containers from network " + name, network).disruption =
      k_restart;
  steps.add("remove", "remove network " + name, network).disruption = k_restart;
  add_create(steps, stack, *lowering.desired);
  steps.add("attach_all",
            "attach the containers to network " + name,
            {{"network", text_or(lowering.desired->spec, "name")}});
}

std::vector<Step> lower(const Lowering& lowering) {
  const docker::Stack stack = docker::read_stack(lowering.scope);
  docker::StepList steps(stack, lowering.change.address, lowering.live);
  const std::string name = text_or(lowering.live.context, "name");
  switch (lowering.change.action) {
    case Action::create:
      add_create(steps, stack, *lowering.desired);
      break;
    case Action::remove: {
      const Json input = {{"network", text_or(lowering.live.context, "id")},
                          {"project", stack.project}};
      steps.add("remove_unused", "remove network " + name, input).disruption = k_restart;
      break;
    }
    case Action::adopt:
      docker::add_adoption(steps, stack);
      break;
    case Action::update:
    case Action::replace:
      lower_replacement(steps, stack, lowering);
      break;
  }
  auto lowered = steps.take();
  for (Step& step : lowered) {
    // What detach_all found is in the output of a step that attach_all waits for.
    if (step.operation == "attach_all") step.after.insert(step.after.begin(), lowered.front().id);
  }
  return lowered;
}

}  // namespace

const Kind& network_kind() {
  static const Kind k_kind{.name = "network",
                           .scope_type = "stack",
                           .schema = "",
                           .rules = k_rules,
                           .queries = docker::listed_queries,
                           .interpret = interpret,
                           .normalize = normalize,
                           .refine = nullptr,
                           .lower = lower,
                           .perform = docker::perform_network};
  return k_kind;
}

}  // namespace aegis
