#include "kinds/proxmox/node/server_rig.h"

#include <catch2/catch.hpp>

#include "engine/apply.h"
#include "support/quiet_run.h"

namespace aegis::test {

ServerRig::ServerRig(const Kind& kind, simulator::SimulatorOptions options)
    : SimulatedHost(std::move(options)),
      KindRig({&kind, 1}, http(), clock(), {{"sections", Json::array()}}),
      kind_(kind) {}

void ServerRig::want(const std::string& section, const std::string& name, const Json& spec) {
  settings()["sections"].push_back(section);
  const Address address{"server/fsn1", std::string(kind_.name), name};
  if (spec.is_null()) {
    desired().resources.erase(address);
  } else {
    declare(address, spec);
  }
}

Report ServerRig::apply(const PlanOptions& options) {
  NoJournal journal;
  NoObserver watcher;
  return aegis::apply(plan(options), {&kind_, 1}, effects(), journal, watcher, {}, {});
}

Json ServerRig::get(const std::string& path) {
  HttpRequest request;
  request.endpoint = "proxmox/fsn1";
  request.path = "/api2/json/nodes/pve" + path;
  const auto response = http().send(request);
  REQUIRE(response);
  INFO(path << " " << response->body);
  REQUIRE(response->status == 200);
  return parse_json(response->body).value();
}

const Change& only_change(const Plan& plan) {
  REQUIRE(plan.changes.size() == 1);
  return plan.changes.front();
}

}  // namespace aegis::test
