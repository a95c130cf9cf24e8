#include "fake_kinds.h"

#include <array>
#include <initializer_list>

namespace aegis::fake {
namespace {

Calls counted;

constexpr std::array<AttributeRule, 9> k_container_rules{{
    {.path = "memory", .note = {}},
    {.path = "features", .disruption = Disruption::reboot_container, .note = {}},
    {.path = "features.keyctl",
     .disruption = Disruption::reboot_container,
     .door = Door::root,
     .note = {}},
    {.path = "unprivileged",
     .disruption = Disruption::data_loss,
     .immutable = true,
     .note = "owners of files are written into the root disk"},
    {.path = "tags", .compare = Compare::as_set, .note = {}},
    {.path = "mac", .compare = Compare::ignore_case, .note = {}},
    {.path = "password", .write_only = true, .note = {}},
    {.path = "rootfs", .whole = true, .note = {}},
    {.path = "net.*.ip", .disruption = Disruption::reload, .note = {}},
}};
constexpr std::array<AttributeRule, 1> k_network_rules{{
    {.path = "driver", .disruption = Disruption::recreate, .immutable = true, .note = {}},
}};
constexpr std::array<AttributeRule, 1> k_service_rules{{
    {.path = "image", .disruption = Disruption::restart_service, .note = {}},
}};

Json normalize(const Resource& resource, const Observation&) {
  ++counted.normalize;
  return resource.spec;
}

void refine(AttributeChange& attribute, const Json&, const Observation&, std::string& blocked) {
  ++counted.refine;
  if (attribute.path == "disk" && attribute.after < attribute.before) {
    blocked = "A disk cannot shrink.";
  }
}

Step step(StepId id, std::string operation, std::vector<StepId> after) {
  Step made;
  made.id = id;
  made.operation = std::move(operation);
  made.title = made.operation;
  made.after = std::move(after);
  made.input = {{"secret", "must not be saved"}};
  return made;
}

// Each operation after the one before it.
std::vector<Step> chain(std::initializer_list<const char*> operations) {
  std::vector<Step> steps;
  StepId id = 0;
  for (const char* operation : operations) {
    ++id;
    steps.push_back(step(id, operation, id == 1 ? std::vector<StepId>{} : std::vector{id - 1}));
    Step& last = steps.back();
    if (last.operation == "pull") last.prepares = true;
    if (last.operation == "stop") last.disruption = Disruption::restart_service;
    if (last.operation == "reboot") last.disruption = Disruption::reboot_container;
    if (last.operation == "wipe") last.destroys_data = true;
  }
  return steps;
}

std::vector<Step> lower_container(const Lowering& lowering) {
  ++counted.lower;
  switch (lowering.change.action) {
    case Action::create:
      return chain({"create", "start"});
    case Action::update:
      for (const AttributeChange& attribute : lowering.change.attributes) {
        if (attribute.disruption == Disruption::reboot_container) {
          return chain({"configure", "reboot"});
        }
      }
      return chain({"configure"});
    case Action::replace:
      return chain({"stop", "wipe", "create", "start"});
    case Action::adopt:
      return chain({"mark"});
    case Action::remove:
      return chain({"stop", "wipe"});
  }
  return {};
}

std::vector<Step> lower_network(const Lowering& lowering) {
  ++counted.lower;
  if (lowering.change.action == Action::replace) return chain({"remove", "create"});
  return lowering.change.action == Action::remove ? chain({"remove"}) : chain({"create"});
}

std::vector<Step> lower_volume(const Lowering& lowering) {
  ++counted.lower;
  if (lowering.change.action == Action::replace) return chain({"wipe", "create"});
  return lowering.change.action == Action::remove ? chain({"wipe"}) : chain({"create"});
}

std::vector<Step> lower_service(const Lowering& lowering) {
  ++counted.lower;
  switch (lowering.change.action) {
    case Action::create:
      return chain({"pull", "run"});
    case Action::adopt:
      return chain({"mark"});
    case Action::remove:
      return chain({"stop", "remove"});
    default:
      return chain({"pull", "stop", "run"});
  }
}

std::string keeps(Action /*ending*/, const Observation& live) {
  return get(live.attributes, "protection") == true ? "It is protected." : "";
}

Kind kind(std::string_view name,
          std::string_view scope_type,
          std::span<const AttributeRule> rules,
          std::vector<Step> (*lower)(const Lowering&)) {
  Kind made{};
  made.name = name;
  made.scope_type = scope_type;
  made.rules = rules;
  made.normalize = normalize;
  made.refine = refine;
  made.keeps = keeps;
  made.lower = lower;
  return made;
}

Kind taking_users(Kind kind) {
  kind.takes_users = true;
  return kind;
}

}  // namespace

std::span<const Kind> kinds() {
  static const std::array<Kind, 4> k_kinds{
      kind("container", "server", k_container_rules, lower_container),
      kind("network", "stack", k_network_rules, lower_network),
      taking_users(kind("volume", "stack", k_network_rules, lower_volume)),
      kind("service", "stack", k_service_rules, lower_service)};
  return k_kinds;
}

const Calls& calls() {
  return counted;
}

}  // namespace aegis::fake
