#include "kinds/proxmox/node/server_rig.h"

#include <catch2/catch.hpp>

#include "engine/apply.h"
#include "engine/observe.h"
#include "kinds/proxmox/api.h"
#include "support/quiet_run.h"

namespace aegis::test {
namespace {

const std::string k_base = "/api2/json/nodes/pve";

simulator::SimulatorOptions on_clock(simulator::SimulatorOptions options, const FakeClock& clock) {
  options.seed = 1;
  options.now = [&clock] { return clock.now(); };
  return options;
}

}  // namespace

ServerRig::ServerRig(const Kind& kind, simulator::SimulatorOptions options)
    : kind_(kind), http_(on_clock(std::move(options), clock_)) {
  Scope scope;
  scope.name = "server/fsn1";
  scope.settings = {
      {"endpoint", "proxmox/fsn1"}, {"node", "pve"}, {"root", true}, {"sections", Json::array()}};
  desired_.scopes[scope.name] = scope;
}

void ServerRig::want(const std::string& section, const std::string& name, const Json& spec) {
  desired_.scopes.at("server/fsn1").settings["sections"].push_back(section);
  const Address address{"server/fsn1", std::string(kind_.name), name};
  desired_.resources.erase(address);
  if (spec.is_null()) return;
  Resource resource;
  resource.address = address;
  resource.scope = "server/fsn1";
  resource.spec = spec;
  desired_.resources[address] = resource;
}

void ServerRig::reach_at(const std::string& address) {
  desired_.scopes.at("server/fsn1").settings["reached_at"] = {address};
}

Plan ServerRig::plan(const PlanOptions& options) {
  Observed observed = aegis::observe(desired_, {&kind_, 1}, http_, shell_, vault_);
  for (const Unreadable& failure : observed.failures) FAIL(failure.error.message);
  return make_plan(desired_, observed.world, {&kind_, 1}, options);
}

Report ServerRig::apply(const PlanOptions& options) {
  NoJournal journal;
  NoObserver watcher;
  return aegis::apply(
      plan(options), {&kind_, 1}, {http_, shell_, clock_, vault_}, journal, watcher, {}, {});
}

void ServerRig::converge(const PlanOptions& options) {
  const Report report = apply(options);
  for (const StepResult& result : report.results) {
    if (result.error) FAIL(result.error->message);
  }
  REQUIRE(report.outcome == Outcome::succeeded);
  for (const Change& change : plan(options).changes) {
    for (const AttributeChange& left : change.attributes) {
      UNSCOPED_INFO(left.path << ": " << left.before << " -> " << left.after);
    }
    FAIL(to_string(change.address) << " is not at rest");
  }
}

Json ServerRig::get(const std::string& path) {
  HttpRequest request;
  request.endpoint = "proxmox/fsn1";
  request.path = k_base + path;
  const auto response = http_.send(request);
  REQUIRE(response);
  INFO(path << " " << response->body);
  REQUIRE(response->status == 200);
  return parse_json(response->body).value();
}

void ServerRig::by_hand(const std::string& method,
                        const std::string& path,
                        const std::vector<std::pair<std::string, std::string>>& form) {
  HttpRequest request;
  request.endpoint = "proxmox/fsn1";
  request.method = method;
  request.path = k_base + path;
  if (method != "DELETE") {
    request.content_type = "application/x-www-form-urlencoded";
    request.body = proxmox::encode_form(form);
  }
  const auto response = http_.send(request);
  REQUIRE(response);
  INFO(method << " " << path << " " << response->body);
  REQUIRE(response->status == 200);
}

const Change& only_change(const Plan& plan) {
  REQUIRE(plan.changes.size() == 1);
  return plan.changes.front();
}

}  // namespace aegis::test
