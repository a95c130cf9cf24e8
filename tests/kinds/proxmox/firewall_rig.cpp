#include "kinds/proxmox/firewall_rig.h"

#include <catch2/catch.hpp>

#include "kinds/proxmox/api.h"
#include "kinds/proxmox/firewall/firewall.h"
#include "kinds/proxmox/firewall/rule.h"

namespace aegis::test {
namespace {

simulator::SimulatorOptions on_clock(const FakeClock& clock) {
  simulator::SimulatorOptions options;
  options.seed = 1;
  options.now = [&clock] { return clock.now(); };
  return options;
}

}  // namespace

FirewallRig::FirewallRig() : http_(on_clock(clock_)), effects_{http_, shell_, clock_, vault_} {
  Scope scope;
  scope.name = "server/fsn1";
  scope.settings = {{"endpoint", "proxmox/fsn1"},
                    {"node", "pve"},
                    {"root", true},
                    {"api_port", 8006},
                    {"sections", {"firewall"}}};
  desired_.scopes[scope.name] = scope;
}

void FirewallRig::want(const std::string& name, const Json& spec) {
  Resource resource;
  resource.address = {"server/fsn1", "firewall", name};
  resource.scope = "server/fsn1";
  resource.spec = spec;
  desired_.resources[resource.address] = resource;
}

Observed FirewallRig::look() {
  return observe(desired_, {&firewall_kind(), 1}, http_, shell_, vault_);
}

Plan FirewallRig::plan(const PlanOptions& options) {
  const Observed observed = look();
  for (const Unreadable& failure : observed.failures) FAIL(failure.error.message);
  return make_plan(desired_, observed.world, {&firewall_kind(), 1}, options);
}

Result<Done> FirewallRig::apply(const Plan& plan) {
  for (const Step& step : plan.steps) {
    const auto output = firewall_kind().perform(step, {}, effects_);
    if (!output) return output.error().in_context(step.title);
  }
  return Done{};
}

void FirewallRig::converge(const PlanOptions& options) {
  const Plan first = plan(options);
  for (const Change& change : first.changes) {
    INFO(change.blocked);
    REQUIRE(change.blocked.empty());
  }
  const auto applied = apply(first);
  if (!applied) FAIL(applied.error().message);
  CHECK(plan(options).changes.empty());
}

Json FirewallRig::get(const std::string& path) {
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

void FirewallRig::by_hand(const std::string& method,
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

std::vector<std::string> FirewallRig::rules(const std::string& path) {
  std::vector<std::string> texts;
  for (const Json& item : get(path)) {
    const Json rule = proxmox::rule_of_live(item);
    if (!proxmox::is_marker(rule)) texts.push_back(proxmox::rule_text(rule));
  }
  return texts;
}

}  // namespace aegis::test
