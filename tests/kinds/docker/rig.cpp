#include "rig.h"

#include <array>
#include <catch2/catch.hpp>
#include <utility>

#include "kinds/docker/image.h"
#include "kinds/docker/network.h"
#include "kinds/docker/replica.h"
#include "kinds/docker/service.h"
#include "kinds/docker/volume.h"
#include "model/report.h"
#include "plan/describe.h"
#include "support/fake_shell.h"
#include "support/quiet_run.h"

namespace aegis::docker {
namespace {

constexpr const char* k_scope = "stack/core";
constexpr int k_parallelism = 8;  // as many as there are connections to one engine

using test::NoJournal;
using test::NoObserver;

Json sealed(const Json& value, Vault& vault) {
  if (value.is_object() && value.contains("$secret")) {
    return vault.seal(value["$secret"].get<std::string>());
  }
  if (!value.is_structured()) return value;
  Json changed = value;
  for (Json& element : changed) element = sealed(element, vault);
  return changed;
}

Resource resource(const std::string& kind, const std::string& name, Json spec) {
  Resource made;
  made.address = {k_scope, kind, name};
  made.scope = k_scope;
  made.spec = std::move(spec);
  return made;
}

void add_needs(Resource& service) {
  for (const auto& [key, how] : get(service.spec, "networks").items()) {
    service.depends_on.push_back({k_scope, "network", key});
  }
  for (const Json& volume : get(service.spec, "volumes")) {
    if (get(volume, "type") == "volume" && volume.contains("source")) {
      service.depends_on.push_back({k_scope, "volume", volume["source"]});
    }
  }
  for (const auto& [name, how] : get(service.spec, "depends_on").items()) {
    service.depends_on.push_back({k_scope, "service", name});
  }
}

void add(Desired& desired, Resource made) {
  const Address address = made.address;
  desired.resources.emplace(address, std::move(made));
}

}  // namespace

std::span<const Kind> stack_kinds() {
  static const std::array<Kind, 3> k_kinds{network_kind(), volume_kind(), service_kind()};
  return k_kinds;
}

std::span<const Kind> image_kinds() {
  static const std::array<Kind, 1> k_kinds{image_kind()};
  return k_kinds;
}

Desired make_stack(const std::string& endpoint, const Json& parts, Vault& vault) {
  Desired desired;
  Json networks = get(parts, "networks").is_object() ? parts["networks"] : Json::object();
  Scope scope;
  scope.name = k_scope;
  scope.settings = {{"endpoint", endpoint},
                    {"project", "demo"},
                    {"working_dir", "/srv/demo"},
                    {"config_files", {"/srv/demo/compose.yaml"}},
                    {"networks", Json::object()},
                    {"volumes", Json::object()}};
  if (!get(parts, "registries").is_null()) {
    scope.settings["registries"] = sealed(parts["registries"], vault);
  }
  if (!get(parts, "guest").is_null()) scope.settings["guest"] = parts["guest"];
  for (const auto& [name, spec] : get(parts, "services").items()) {
    Resource service = resource("service", name, sealed(spec, vault));
    if (!service.spec.contains("networks") && !service.spec.contains("network_mode")) {
      service.spec["networks"]["default"] = Json::object();
    }
    for (const auto& [key, how] : get(service.spec, "networks").items()) {
      if (key == "default" && !networks.contains(key)) networks[key] = Json::object();
    }
    add_needs(service);
    scope.settings["services"].push_back(replica_of(name, service.spec).service);
    add(desired, std::move(service));
  }
  const auto add_objects = [&](const std::string& kind, const Json& specs) {
    for (const auto& [key, given] : specs.items()) {
      Json spec = given;
      if (!spec.contains("name")) spec["name"] = "demo_" + key;
      scope.settings[kind + "s"][key] = {{"name", spec["name"]}, {"external", false}};
      add(desired, resource(kind, key, std::move(spec)));
    }
  };
  add_objects("network", networks);
  add_objects("volume", get(parts, "volumes"));
  for (const auto& [key, name] : get(parts, "external_networks").items()) {
    scope.settings["networks"][key] = {{"name", name}, {"external", true}};
  }
  // What is external is no resource to depend on.
  for (auto& [address, made] : desired.resources) {
    std::erase_if(made.depends_on,
                  [&](const Address& need) { return !desired.resources.contains(need); });
  }
  desired.scopes.emplace(k_scope, std::move(scope));
  return desired;
}

Rig::Rig(HttpTransport& http, Clock& clock, std::string endpoint)
    : http_(http), clock_(clock), endpoint_(std::move(endpoint)) {}

Observed Rig::observe(const Json& parts) {
  FakeShell shell;
  return aegis::observe(make_stack(endpoint_, parts, vault), stack_kinds(), http_, shell, vault);
}

std::vector<Unreadable> Rig::failures(const Json& parts) {
  return observe(parts).failures;
}

Plan Rig::plan(const Json& parts, const PlanOptions& options) {
  const Observed observed = observe(parts);
  for (const Unreadable& failure : observed.failures) FAIL(failure.error.message);
  return make_plan(make_stack(endpoint_, parts, vault), observed.world, stack_kinds(), options);
}

Report Rig::apply(const Plan& plan) {
  return apply(plan, stack_kinds());
}

Report Rig::prune(const Plan& plan) {
  return apply(plan, image_kinds());
}

Desired Rig::upkeep(const Json& parts) {
  Desired desired = make_stack(endpoint_, parts, vault);
  Json images = Json::array();
  for (const auto& [address, made] : desired.resources) {
    if (made.spec.contains("image")) images.push_back(made.spec["image"]);
  }
  desired.scopes.at(k_scope).settings["images"] = std::move(images);
  desired.resources.clear();
  return desired;
}

Plan Rig::prune_plan(const Json& parts, std::vector<std::string>& failures) {
  FakeShell shell;
  const Desired desired = upkeep(parts);
  const Observed observed = aegis::observe(desired, image_kinds(), http_, shell, vault);
  for (const Unreadable& failure : observed.failures) failures.push_back(failure.error.message);
  return make_plan(desired, observed.world, image_kinds(), pruning());
}

Report Rig::apply(const Plan& plan, std::span<const Kind> kinds) {
  FakeShell shell;
  const Effects effects{http_, shell, clock_, vault};
  NoJournal journal;
  NoObserver observer;
  return aegis::apply(plan, kinds, effects, journal, observer, {}, {k_parallelism});
}

Plan Rig::converge(const Json& parts, const PlanOptions& options) {
  Plan made = plan(parts, options);
  const Report report = apply(made);
  for (const StepResult& result : report.results) {
    if (result.error) FAIL_CHECK("step " << result.id << ": " << result.error->message);
  }
  INFO(describe(made));
  CHECK(report.outcome == Outcome::succeeded);
  return made;
}

PlanOptions adopting(const std::string& pattern) {
  PlanOptions options;
  options.adopts = {pattern};
  return options;
}

PlanOptions pruning() {
  PlanOptions options;
  options.prune = true;
  return options;
}

std::vector<std::string> differences(const Plan& plan) {
  std::vector<std::string> lines;
  for (const Change& change : plan.changes) {
    const std::string name = change.address.kind + "/" + change.address.name;
    if (change.action != Action::update) {
      lines.push_back(name + " " + std::string(to_string(change.action)));
    }
    if (change.action == Action::create) continue;
    for (const AttributeChange& attribute : change.attributes) {
      lines.push_back(name + ": " + attribute.path);
    }
  }
  return lines;
}

std::vector<std::string> operations(const Plan& plan, const std::string& resource) {
  std::vector<std::string> names;
  for (const Step& step : plan.steps) {
    if (step.address.kind + "/" + step.address.name == resource) names.push_back(step.operation);
  }
  return names;
}

}  // namespace aegis::docker
