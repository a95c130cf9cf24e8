#include "kinds/proxmox/node/interface.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "kinds/proxmox/node/server_rig.h"

using namespace aegis;
using namespace aegis::test;
using simulator::Fault;

namespace {

const Json k_bridge{{"type", "bridge"}, {"cidr", "10.7.0.1/24"}};

Json interface_of(ServerRig& rig, const std::string& name) {
  const Json answer = rig.get("/network");
  for (const Json& interface : get(answer, "data")) {
    if (text_or(interface, "iface") == name) return interface;
  }
  return {};
}

bool is_pending(ServerRig& rig) {
  return rig.get("/network").contains("changes");
}

std::size_t count_of(ServerRig& rig, const std::string& request) {
  const auto log = rig.http().log();
  return static_cast<std::size_t>(std::count(log.begin(), log.end(), request));
}

void fail_at(ServerRig& rig, Fault fault) {
  rig.http().host().set_faults({{std::move(fault)}});
}

}  // namespace

TEST_CASE("interfaces are staged one by one and put in force by one reload") {
  ServerRig rig(interface_kind());
  rig.want("interfaces", "vmbr7", k_bridge);
  rig.want("interfaces", "vmbr8", {{"type", "bridge"}, {"comments", "spare"}});
  const Plan plan = rig.plan();
  REQUIRE(plan.steps.size() == 3);
  CHECK(plan.steps.back().operation == "reload");
  CHECK(plan.steps.back().after.size() == 2);
  CHECK(plan.steps.back().disruption == Disruption::reload);
  rig.converge();
  CHECK(count_of(rig, "PUT /api2/json/nodes/pve/network") == 1);
  CHECK(interface_of(rig, "vmbr7").at("comments") == "aegisctl\n");
  CHECK(interface_of(rig, "vmbr8").at("comments") == "aegisctl: spare\n");
  CHECK_FALSE(is_pending(rig));
}

TEST_CASE("a change sends the addresses again and takes away what is no longer wanted") {
  ServerRig rig(interface_kind());
  rig.want("interfaces",
           "vmbr7",
           {{"type", "bridge"},
            {"cidr", "10.7.0.1/24"},
            {"gateway", "10.7.0.254"},
            {"mtu", 9000},
            {"bridge_vlan_aware", true},
            {"bridge_vids", {"2", "100-200"}}});
  rig.converge();
  CHECK(interface_of(rig, "vmbr7").at("bridge_vids") == "100-200 2");
  rig.want("interfaces", "vmbr7", k_bridge);
  rig.converge();
  const Json interface = interface_of(rig, "vmbr7");
  CHECK(interface.at("cidr") == "10.7.0.1/24");
  for (const char* gone : {"gateway", "mtu", "bridge_vlan_aware", "bridge_vids"}) {
    INFO(gone);
    CHECK_FALSE(interface.contains(gone));
  }
}

TEST_CASE("an interface of another type is made anew") {
  ServerRig rig(interface_kind());
  rig.want("interfaces", "bond0", {{"type", "bridge"}});
  rig.converge();
  rig.want("interfaces", "bond0", {{"type", "bond"}, {"slaves", {"enp5s0"}}});
  CHECK(only_change(rig.plan()).action == Action::replace);
  rig.converge();
  CHECK(interface_of(rig, "bond0").at("type") == "bond");
}

TEST_CASE("an interface that somebody wrote a comment for waits to be adopted") {
  ServerRig rig(interface_kind());
  rig.by_hand("POST", "/network", {{"iface", "vmbr7"}, {"type", "bridge"}, {"comments", "mine"}});
  rig.by_hand("PUT", "/network");
  rig.want("interfaces", "vmbr7", {{"type", "bridge"}, {"autostart", false}});
  const Change change = only_change(rig.plan());
  CHECK(change.action == Action::adopt);
  CHECK_FALSE(change.blocked.empty());
  PlanOptions options;
  options.adopts = {"server/fsn1/interface/vmbr7"};
  rig.converge(options);
}

TEST_CASE("what is declared as it is changes nothing, and is not marked for that") {
  ServerRig rig(interface_kind());
  rig.want("interfaces", "vmbr1", {{"type", "bridge"}, {"cidr", "10.10.10.1/24"}});
  CHECK(rig.plan().changes.empty());
}

TEST_CASE("others' staged changes stop ours, with the way out") {
  ServerRig rig(interface_kind());
  rig.by_hand("PUT", "/network/vmbr1", {{"type", "bridge"}, {"cidr", "10.10.10.2/24"}});
  rig.want("interfaces", "vmbr7", k_bridge);
  const Plan plan = rig.plan();
  CHECK(plan.steps.empty());
  const std::string blocked = only_change(plan).blocked;
  CHECK(blocked.find("vmbr1") != std::string::npos);
  CHECK(blocked.find("pvesh delete /nodes/pve/network") != std::string::npos);
  rig.by_hand("DELETE", "/network");
  rig.converge();
}

TEST_CASE("what a broken run left staged is only reloaded") {
  ServerRig rig(interface_kind());
  rig.want("interfaces", "vmbr7", k_bridge);
  rig.by_hand("POST",
              "/network",
              {{"iface", "vmbr7"},
               {"type", "bridge"},
               {"cidr", "10.7.0.1/24"},
               {"autostart", "1"},
               {"comments", "aegisctl"}});
  const Plan plan = rig.plan();
  REQUIRE(plan.steps.size() == 1);
  CHECK(plan.steps.front().operation == "reload");
  rig.converge();
}

TEST_CASE("a refusal before the reload takes back all that was staged") {
  ServerRig rig(interface_kind());
  rig.want("interfaces", "vmbr7", k_bridge);
  rig.want("interfaces", "vmbr8", {{"type", "bridge"}, {"gateway", "10.8.0.1"}, {"cidr", "x"}});
  CHECK(rig.apply().outcome == Outcome::rolled_back);
  CHECK_FALSE(is_pending(rig));
  CHECK(interface_of(rig, "vmbr7").is_null());
}

TEST_CASE("a reload that fails is not called taken back when the network is in force") {
  ServerRig rig(interface_kind());
  rig.want("interfaces", "vmbr7", k_bridge);
  Fault fault;
  fault.kind = Fault::Kind::lose_answer;
  fault.method = "PUT";
  fail_at(rig, fault);
  // The answer is lost, the reload happened: looking again settles it.
  CHECK(rig.apply().outcome == Outcome::succeeded);
  CHECK(interface_of(rig, "vmbr7").at("active") == 1);
}

TEST_CASE("the interface that the server is reached at is not taken away") {
  ServerRig rig(interface_kind());
  rig.reach_at("192.0.2.10");
  rig.want("interfaces", "vmbr0", {{"type", "bridge"}, {"cidr", "192.0.2.11/24"}});
  const Plan moved = rig.plan();
  CHECK(moved.steps.empty());
  CHECK(only_change(moved).blocked.find("192.0.2.10") != std::string::npos);
  rig.want("interfaces", "vmbr0", {{"type", "bridge"}, {"cidr", "192.0.2.10/24"}, {"mtu", 9000}});
  const Plan touched = rig.plan();
  CHECK(only_change(touched).blocked.empty());
  CHECK(only_change(touched).disruption == Disruption::restart_service);
}

TEST_CASE("ours that nobody declares any more are orphans, others' are not") {
  ServerRig rig(interface_kind());
  rig.want("interfaces", "vmbr7", k_bridge);
  rig.converge();
  rig.want("interfaces", "vmbr7", nullptr);
  const Change change = only_change(rig.plan());
  CHECK(change.action == Action::remove);
  CHECK(to_string(change.address) == "server/fsn1/interface/vmbr7");
  PlanOptions options;
  options.prune = true;
  rig.converge(options);
  CHECK(interface_of(rig, "vmbr7").is_null());
  CHECK_FALSE(interface_of(rig, "vmbr1").is_null());
}

TEST_CASE("without a section nothing of the network is read") {
  ServerRig rig(interface_kind());
  rig.http().clear_log();
  CHECK(rig.plan().changes.empty());
  CHECK(rig.http().log().empty());
}
