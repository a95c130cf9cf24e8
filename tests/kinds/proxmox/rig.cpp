#include "kinds/proxmox/rig.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "base/text.h"
#include "engine/observe.h"
#include "kinds/proxmox/api.h"
#include "kinds/proxmox/container.h"

namespace aegis::test {
namespace {

simulator::SimulatorOptions on_clock(simulator::SimulatorOptions options, const FakeClock& clock) {
  options.seed = 1;
  options.now = [&clock] { return clock.now(); };
  return options;
}

Observed observe_all(const Desired& desired,
                     HttpTransport& http,
                     RemoteShell& shell,
                     Vault& vault) {
  return aegis::observe(desired, {&container_kind(), 1}, http, shell, vault);
}

}  // namespace

Json container_spec(std::int64_t vmid, const Json& more) {
  Json spec{{"server", "fsn1"},
            {"vmid", vmid},
            {"template", k_image},
            {"rootfs", {{"storage", "local-zfs"}, {"size", "8GiB"}}}};
  spec.merge_patch(more);
  return spec;
}

ContainerRig::ContainerRig(simulator::SimulatorOptions options)
    : http_(on_clock(std::move(options), clock_)), effects_{http_, shell_, clock_, vault_} {
  Scope scope;
  scope.name = "server/fsn1";
  scope.settings = {{"endpoint", "proxmox/fsn1"}, {"node", "pve"}, {"root", true}};
  desired_.scopes[scope.name] = scope;
}

void ContainerRig::want(const std::string& name, const Json& spec) {
  Resource resource;
  resource.address = {"", "container", name};
  resource.scope = "server/fsn1";
  resource.spec = spec;
  desired_.resources[resource.address] = resource;
}

World ContainerRig::observe() {
  Observed observed = observe_all(desired_, http_, shell_, vault_);
  for (const Unreadable& failure : observed.failures) FAIL(failure.error.message);
  // One wave; the configurations of orphans are known to be wanted only after it.
  const auto is_orphan = [&](const auto& object) {
    return !desired_.resources.contains(object.first);
  };
  const auto& objects = observed.world.objects;
  CHECK(observed.waves == (std::any_of(objects.begin(), objects.end(), is_orphan) ? 2 : 1));
  return std::move(observed.world);
}

Error ContainerRig::observe_failure() {
  const Observed observed = observe_all(desired_, http_, shell_, vault_);
  REQUIRE(observed.failures.size() == 1);
  return observed.failures.front().error;
}

Plan ContainerRig::plan(const PlanOptions& options) {
  return make_plan(desired_, observe(), {&container_kind(), 1}, options);
}

Result<Json> ContainerRig::perform(const Step& step) {
  return container_kind().perform(step, {}, effects_);
}

Result<Done> ContainerRig::apply(const Plan& plan) {
  for (const Step& step : plan.steps) {
    const auto output = perform(step);
    if (!output) return output.error().in_context(step.title);
  }
  return Done{};
}

void ContainerRig::converge(const PlanOptions& options) {
  const Plan first = plan(options);
  for (const Change& change : first.changes) {
    INFO(change.blocked);
    REQUIRE(change.blocked.empty());
  }
  const auto applied = apply(first);
  if (!applied) FAIL(applied.error().message);
  const Plan second = plan(options);
  for (const Change& change : second.changes) {
    for (const AttributeChange& left : change.attributes) {
      UNSCOPED_INFO(left.path << ": " << left.before << " -> " << left.after);
    }
  }
  CHECK(second.changes.empty());
}

Json ContainerRig::get(const std::string& path) {
  HttpRequest request;
  request.endpoint = "proxmox/fsn1";
  request.path = "/api2/json" + path;
  request.as_root = true;
  const auto response = http_.send(request);
  REQUIRE(response);
  INFO(path << " " << response->body);
  REQUIRE(response->status == 200);
  return aegis::get(parse_json(response->body).value(), "data");
}

void ContainerRig::by_hand(const std::string& method,
                           const std::string& path,
                           const std::vector<std::pair<std::string, std::string>>& form) {
  HttpRequest request;
  request.endpoint = "proxmox/fsn1";
  request.method = method;
  request.path = "/api2/json" + path;
  request.as_root = true;
  if (method != "DELETE") {
    request.content_type = "application/x-www-form-urlencoded";
    request.body = proxmox::encode_form(form);
  }
  const auto response = http_.send(request);
  REQUIRE(response);
  INFO(method << " " << path << " " << response->body);
  REQUIRE(response->status == 200);
}

std::string ContainerRig::config(std::int64_t vmid, const std::string& key) {
  return as_text(aegis::get(get(fmt::format("/nodes/pve/lxc/{}/config", vmid)), key));
}

bool ContainerRig::is_running(std::int64_t vmid) {
  const Json status = get(fmt::format("/nodes/pve/lxc/{}/status/current", vmid));
  return text_or(status, "status") == "running";
}

std::string operations_of(const Plan& plan) {
  std::vector<std::string> names;
  for (const Step& step : plan.steps) names.push_back(step.operation);
  return join(names, ", ");
}

const AttributeChange& difference(const Plan& plan, std::string_view path) {
  for (const Change& change : plan.changes) {
    for (const AttributeChange& attribute : change.attributes) {
      if (attribute.path == path) return attribute;
    }
  }
  throw std::logic_error(fmt::format("the plan has no difference at {}", path));
}

}  // namespace aegis::test
