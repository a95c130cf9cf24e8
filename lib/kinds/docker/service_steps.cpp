#include "kinds/docker/service_steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "kinds/docker/attachments.h"
#include "kinds/docker/limits.h"
#include "kinds/docker/peers.h"
#include "kinds/docker/service_replacement.h"
#include "kinds/docker/service_rules.h"

namespace aegis::docker {
namespace {

void lower_create(ServiceParts& parts) {
  add_image(parts);
  add_create(parts, parts.final_name);
  add_files(parts, parts.final_name);
  add_dependency_waits(parts);
  add_start(parts, parts.final_name);
  add_post_start(parts, parts.final_name);
  add_wait(parts, parts.final_name);
}

bool differs(const Change& change, std::string_view key) {
  return std::any_of(
      change.attributes.begin(), change.attributes.end(), [&](const auto& attribute) {
        return std::string_view(attribute.path).substr(0, attribute.path.find('.')) == key;
      });
}

void add_update(ServiceParts& parts) {
  Json changed = Json::array();
  for (const AttributeChange& attribute : parts.lowering.change.attributes) {
    const bool is_weight = attribute.path == "blkio_config.weight";
    if (is_limit(attribute.path) || is_weight) changed.push_back(attribute.path);
  }
  if (changed.empty()) return;
  parts.steps.add(
      "update",
      "update the limits of " + parts.name,
      {{"container", parts.id}, {"body", update_request(parts.lowering.wanted, changed)}});
}

void add_attachment(ServiceParts& parts, const Attachment& attachment) {
  // An alias cannot change on an attachment, and one to a network that is gone is still in the way.
  const bool attached = get(parts.context, "endpoints").contains(attachment.network);
  Step& step =
      parts.steps.add("attach",
                      fmt::format("attach {} to network {}", parts.service(), attachment.network),
                      {{"container", parts.id},
                       {"network", attachment.network},
                       {"attached", attached},
                       {"settings", attachment.endpoint}});
  if (attached) step.disruption = Disruption::reload;
}

// New attachments first, so that the container is never without any.
void add_network_changes(ServiceParts& parts) {
  const Json& wanted = get(parts.lowering.wanted, "networks");
  const Json& live = get(parts.lowering.live.attributes, "networks");
  for (const Attachment& attachment :
       attachments(parts.lowering.desired->spec,
                   get(parts.context, "networks"),
                   {parts.replica().service, parts.final_name, parts.stack.project})) {
    if (get(wanted, attachment.key) != get(live, attachment.key)) add_attachment(parts, attachment);
  }
  for (const auto& [key, shape] : live.items()) {
    if (!get(wanted, key).is_null()) continue;
    const std::string network = text_or(get(parts.context, "networks"), key, key);
    parts.steps
        .add("detach",
             fmt::format("detach {} from network {}", parts.service(), network),
             {{"container", parts.id}, {"network", network}})
        .disruption = Disruption::reload;
  }
}

// The containers whose network is to be joined again.
Json network_owners(const ServiceParts& parts) {
  constexpr std::string_view k_restarted = "restarted_with.";
  Json owners = Json::array();
  for (const AttributeChange& attribute : parts.lowering.change.attributes) {
    if (!attribute.path.starts_with(k_restarted)) continue;
    const std::string service = attribute.path.substr(k_restarted.size());
    owners.push_back(
        peer_names(parts.stack.project, parts.lowering.desired->spec, service).front());
  }
  return owners;
}

void add_restart(ServiceParts& parts) {
  Json after = Json::array();
  for (const Json& dependency : get(parts.context, "restart_after")) {
    after.push_back(get(dependency, "container"));
  }
  Step& step = parts.steps.add("restart",
                               "restart " + parts.name,
                               {{"container", parts.id},
                                {"after", std::move(after)},
                                {"rejoins", network_owners(parts)},
                                {"pre_stop", get(parts.lowering.desired->spec, "pre_stop")},
                                {"post_start", get(parts.lowering.desired->spec, "post_start")}});
  step.timeout = stop_timeout(parts.context);
  step.disruption = Disruption::restart_service;
  add_wait(parts, parts.name);
}

void lower_update(ServiceParts& parts) {
  const Change& change = parts.lowering.change;
  if (!parts.lowering.live.owned) add_adoption(parts.steps, parts.stack);
  add_update(parts);
  if (differs(change, "container_name")) {
    parts.steps.add("rename",
                    fmt::format("rename {} to {}", parts.name, parts.final_name),
                    {{"container", parts.id}, {"name", parts.final_name}});
    parts.name = parts.final_name;
  }
  if (differs(change, "networks")) add_network_changes(parts);
  if (differs(change, "state")) {
    // By its present name: an older Compose's may stay.
    parts.final_name = parts.name;
    if (get(parts.context, "never_ran") == true) add_files(parts, parts.final_name);
    add_dependency_waits(parts);
    add_start(parts, parts.final_name);
    add_post_start(parts, parts.final_name);
    add_wait(parts, parts.final_name);
  }
  if (differs(change, "restart_after") || differs(change, "restarted_with")) add_restart(parts);
  add_leftovers(parts);
}

void lower_removal(ServiceParts& parts) {
  if (parts.running) add_pre_stop(parts, parts.id);
  add_removal(parts, parts.id, parts.name);
  add_leftovers(parts);
}

// A run may have ended before they were put into a container, which then has never run either.
bool can_still_be_put_in(const AttributeChange& attribute, const Lowering& lowering) {
  const bool is_file =
      attribute.path.starts_with("configs.") || attribute.path.starts_with("secrets.");
  return is_file && get(lowering.live.context, "never_ran") == true;
}

bool needs_replacement(const Lowering& lowering) {
  const Change& change = lowering.change;
  if (change.action == Action::replace) return true;
  return !std::all_of(
      change.attributes.begin(), change.attributes.end(), [&](const auto& attribute) {
        return changes_in_place(attribute, lowering.wanted) ||
               can_still_be_put_in(attribute, lowering);
      });
}

bool touches_volumes(const Change& change) {
  return std::any_of(change.attributes.begin(), change.attributes.end(), [](const auto& attribute) {
    return attribute.path.starts_with("volumes");
  });
}

// In place: the container stays, and gets a new network.
bool starts_again(const Change& change) {
  return differs(change, "state") || differs(change, "restart_after") ||
         differs(change, "restarted_with");
}

// Volumes that it has from the other one are named when it is made, and are not looked up again.
bool has_volumes_from(const Json& spec, const std::string& service) {
  const Json& sources = get(spec, "volumes_from");
  return std::any_of(sources.begin(), sources.end(), [&](const Json& source) {
    return as_text(source).starts_with(service + ":");
  });
}

}  // namespace

std::vector<AttributeChange> follow_service(const Resource& service,
                                            const Observation& live,
                                            const Lowering& need) {
  const Address& other = need.change.address;
  const bool runs = get(live.context, "running") == true;
  const bool shares = joins(service.spec, live.attributes, other.name);
  const bool mounts = has_volumes_from(service.spec, other.name) && touches_volumes(need.change);
  if (other.scope != service.address.scope || !(shares || mounts)) return {};
  // One that goes with something else, its volume for instance, is made again.
  AttributeChange renewal;
  renewal.after = true;
  if (need.change.action != Action::create && !needs_replacement(need)) {
    const bool rejoins = runs && network_owner(service.spec) == other.name;
    if (!rejoins || !starts_again(need.change)) return {};
    renewal.path = "restarted_with." + other.name;
    renewal.note = "the network that it shares goes with a restart of its owner";
  } else {
    renewal.path = "renewed_with." + other.name;
    renewal.note = "what it shares with that service is made anew";
  }
  renewal.disruption = runs ? Disruption::restart_service : Disruption::none;
  return {std::move(renewal)};
}

std::vector<Step> lower_service(const Lowering& lowering) {
  ServiceParts parts(lowering);
  if (lowering.change.action == Action::remove) {
    lower_removal(parts);
  } else if (lowering.change.action == Action::create || parts.id.empty()) {
    lower_create(parts);
  } else if (needs_replacement(lowering)) {
    lower_replacement(parts);
  } else {
    lower_update(parts);
  }
  auto steps = parts.steps.take();
  if (lowering.change.action == Action::remove) {
    for (Step& step : steps) step.disruption = Disruption::restart_service;
  }
  return steps;
}

}  // namespace aegis::docker
