#include "kinds/docker/volume.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/listed_objects.h"
#include "kinds/docker/service_state.h"
#include "kinds/docker/shape.h"
#include "kinds/docker/steps.h"
#include "kinds/docker/volume_perform.h"

namespace aegis {
namespace {

using docker::put;
using docker::text_values;

constexpr auto k_loss = Disruption::data_loss;
constexpr std::string_view k_note = "Docker cannot change a volume; a new one is empty";

constexpr std::array k_rules{
    AttributeRule{.path = "name", .disruption = k_loss, .immutable = true, .note = k_note},
    AttributeRule{.path = "driver", .disruption = k_loss, .immutable = true, .note = k_note},
    AttributeRule{.path = "driver_opts", .disruption = k_loss, .immutable = true, .note = k_note},
    AttributeRule{.path = "labels",
                  .write_only = true,
                  .note = "labels are fixed when a volume is made, and not worth its data"}};

Json wanted_volume(const Json& spec) {
  Json shape = {{"name", text_or(spec, "name")}, {"driver", text_or(spec, "driver", "local")}};
  put(shape, "driver_opts", text_values(get(spec, "driver_opts")));
  put(shape, "labels", text_values(get(spec, "labels")));
  return shape;
}

Json live_volume(const Json& item, const Json& /*spec*/) {
  Json shape = {{"name", text_or(item, "Name")}, {"driver", text_or(item, "Driver", "local")}};
  put(shape, "driver_opts", text_values(get(item, "Options")));
  put(shape, "labels", docker::declared_labels(get(item, "Labels")));
  return shape;
}

const Json& items_of(const docker::StackView& view) {
  return get(*view.volumes, "Volumes");
}

bool mounts(const Json& container, const std::string& volume) {
  const Json& mounted = get(container, "Mounts");
  return std::any_of(mounted.begin(), mounted.end(), [&](const Json& mount) {
    return text_or(mount, "Type") == "volume" && text_or(mount, "Name") == volume;
  });
}

// The containers on it: those of declared services, which are made again when it is replaced; those
// of services that are no longer declared; and others.
Json users(const Scope& scope, const docker::StackView& view, const std::string& name) {
  const docker::Stack stack = docker::read_stack(scope);
  const Json& services = get(scope.settings, "services");
  const auto is_declared = [&](const std::string& service) {
    return std::find(services.begin(), services.end(), service) != services.end();
  };
  Json found = {{"users", Json::array()}, {"orphaned", Json::array()}, {"others", Json::array()}};
  for (const Json& container : *view.containers) {
    if (!mounts(container, name)) continue;
    const Json& labels = get(container, "Labels");
    const bool ours = view.in_project(stack, labels) && view.owns(stack, labels) &&
                      text_or(labels, docker::k_oneoff_label, "False") == "False";
    if (ours && is_declared(text_or(labels, docker::k_service_label))) {
      found["users"].push_back(text_or(container, "Id"));
    } else {
      found[ours ? "orphaned" : "others"].push_back(docker::name_of(container));
    }
  }
  return found;
}

// What is orphaned is removed before the volumes that are.
std::string keeps(Action ending, const Observation& live) {
  std::vector<std::string> names;
  const auto add = [&](const char* users) {
    for (const Json& user : get(live.context, users)) names.push_back(as_text(user));
  };
  add("others");
  if (ending == Action::replace) add("orphaned");
  if (names.empty()) return {};
  return fmt::format("It is used by {}, which the manifests do not have. Remove {} first.",
                     join(names, ", "),
                     names.size() == 1 ? "it" : "them");
}

constexpr docker::ListedKind k_listed{
    "volume", docker::k_volume_label, items_of, wanted_volume, live_volume, users};

Result<std::vector<Observation>> interpret(const Batch& batch,
                                           const Replies& replies,
                                           Vault& vault) {
  return docker::interpret_listed(k_listed, batch, replies, vault);
}

Json normalize(const Resource& resource, const Observation&) {
  return wanted_volume(resource.spec);
}

void add_create(docker::StepList& steps, const docker::Stack& stack, const Resource& volume) {
  Json body = {{"Name", text_or(volume.spec, "name")},
               {"Driver", text_or(volume.spec, "driver", "local")},
               {"Labels",
                docker::object_labels(
                    stack, docker::k_volume_label, volume, wanted_volume(volume.spec), "")}};
  put(body, "DriverOpts", text_values(get(volume.spec, "driver_opts")));
  steps.add("create", "create volume " + text_or(volume.spec, "name"), {{"body", std::move(body)}});
}

// `users`: the containers to remove before it.
void add_remove(docker::StepList& steps, const std::string& name, const Json& users) {
  const std::size_t count = users.size();
  const std::string also =
      count == 0 ? "" : fmt::format(" and the container{} on it", count == 1 ? "" : "s");
  Step& step =
      steps.add("remove", "remove volume " + name + also, {{"name", name}, {"users", users}});
  step.disruption = k_loss;
  step.destroys_data = true;
}

std::vector<Step> lower(const Lowering& lowering) {
  const docker::Stack stack = docker::read_stack(lowering.scope);
  docker::StepList steps(stack, lowering.change.address, lowering.live);
  const std::string name = text_or(lowering.live.context, "name");
  switch (lowering.change.action) {
    case Action::adopt:
      docker::add_adoption(steps, stack);
      break;
    case Action::remove:
      add_remove(steps, name, Json::array());
      break;
    case Action::update:
    case Action::replace:
      add_remove(steps, name, get(lowering.live.context, "users"));
      add_create(steps, stack, *lowering.desired);
      break;
    case Action::create:
      add_create(steps, stack, *lowering.desired);
      break;
  }
  return steps.take();
}

}  // namespace

const Kind& volume_kind() {
  static const Kind k_kind{.name = "volume",
                           .scope_type = "stack",
                           .schema = "",
                           .rules = k_rules,
                           .queries = docker::listed_queries,
                           .interpret = interpret,
                           .normalize = normalize,
                           .refine = nullptr,
                           .keeps = keeps,
                           .lower = lower,
                           .perform = docker::perform_volume,
                           .takes_users = true};
  return k_kind;
}

}  // namespace aegis
