#include "kinds/docker/volume.h"

#include <fmt/format.h>

#include <array>

#include "kinds/docker/labels.h"
#include "kinds/docker/listed_objects.h"
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

constexpr docker::ListedKind k_listed{
    "volume", docker::k_volume_label, items_of, wanted_volume, live_volume};

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

void add_remove(docker::StepList& steps, const std::string& name) {
  Step& step = steps.add("remove", "remove volume " + name, {{"name", name}});
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
      add_remove(steps, name);
      break;
    case Action::update:
    case Action::replace:
      add_remove(steps, name);
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
                           .lower = lower,
                           .perform = docker::perform_volume};
  return k_kind;
}

}  // namespace aegis
