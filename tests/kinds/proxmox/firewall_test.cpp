#include <catch2/catch.hpp>

#include "kinds/proxmox/firewall_rig.h"

namespace aegis::test {
namespace {

using Texts = std::vector<std::string>;

const Json k_management{{"management", {"192.0.2.0/24"}}};

Json enabled(Json more = Json::object()) {
  Json spec{{"enable", true}, {"ipsets", k_management}};
  spec.merge_patch(more);
  return spec;
}

const Change& only_change(const Plan& plan) {
  REQUIRE(plan.changes.size() == 1);
  return plan.changes.front();
}

const AttributeChange& attribute(const Plan& plan, const std::string& path) {
  for (const AttributeChange& one : only_change(plan).attributes) {
    if (one.path == path) return one;
  }
  FAIL("no difference at " << path);
  return only_change(plan).attributes.front();
}

}  // namespace

TEST_CASE("nothing of a firewall is read that no manifest declares") {
  FirewallRig rig;
  rig.settings()["sections"] = Json::array();
  const Observed observed = rig.look();
  CHECK(observed.world.objects.empty());
  CHECK(observed.waves == 0);
}

TEST_CASE("a firewall is read in two waves at most") {
  FirewallRig rig;
  rig.want("datacenter", enabled());
  CHECK(rig.look().waves == 1);
  rig.converge();
  CHECK(rig.look().waves == 2);
}

TEST_CASE("the rules come before the switch, and taking it off comes first") {
  FirewallRig rig;
  rig.want("datacenter", enabled({{"rules", {{{"in", "ACCEPT"}, {"macro", "ssh"}}}}}));
  const Plan on = rig.plan();
  CHECK(on.steps.back().title == "set enable of the datacenter's firewall");
  CHECK(on.steps.front().title.find("aegisctl: declared") != std::string::npos);
  rig.converge();
  rig.want("datacenter", {{"rules", Json::array()}});
  CHECK(rig.plan().steps.front().title == "set enable of the datacenter's firewall");
  rig.converge();
  CHECK(aegis::get(rig.get("/cluster/firewall/options"), "enable").is_null());
}

TEST_CASE("what would shut ourselves out is not made, and says how it could be") {
  FirewallRig rig;
  rig.want("datacenter", {{"enable", true}});
  const Plan refused = rig.plan();
  CHECK(only_change(refused).blocked.find("unreachable") != std::string::npos);
  CHECK(refused.steps.empty());
  rig.want("datacenter", enabled());
  rig.converge();
  // Rules too, once it is on.
  rig.want("node", {{"rules", {{{"in", "DROP"}, {"proto", "tcp"}}}}});
  CHECK(only_change(rig.plan()).blocked.find("comes first") != std::string::npos);
}

TEST_CASE("a level is judged with the other one as it is and as it shall be") {
  FirewallRig rig;
  const Json open{{"rules", {{{"in", "ACCEPT"}, {"proto", "tcp"}, {"dport", 8006}}}}};
  rig.want("datacenter", {{"enable", true}});
  rig.want("node", open);
  // The node's rule would help, and is not there yet.
  CHECK_FALSE(rig.plan().changes.front().blocked.empty());
  PlanOptions node_only;
  node_only.targets = {"server/fsn1/firewall/node"};
  REQUIRE(rig.apply(rig.plan(node_only)));
  rig.converge();
}

TEST_CASE("over SSH the address that we come from is asked for") {
  FirewallRig rig;
  rig.settings().erase("api_port");
  rig.settings()["ssh_port"] = 22;
  rig.shell().on("host/fsn1", "SSH_CONNECTION", "198.51.100.7 50122 203.0.113.15 22\n");
  rig.want("datacenter", enabled());
  const std::string blocked = only_change(rig.plan()).blocked;
  CHECK(blocked.find("198.51.100.7") != std::string::npos);
  rig.want("datacenter", {{"enable", true}, {"ipsets", {{"management", {"198.51.100.7"}}}}});
  rig.converge();
}

TEST_CASE("what is there without our mark waits to be adopted, and is then made so") {
  FirewallRig rig;
  rig.by_hand("POST",
              "/cluster/firewall/rules",
              {{"type", "in"}, {"action", "ACCEPT"}, {"macro", "SSH"}, {"enable", "1"}});
  rig.by_hand("POST", "/cluster/firewall/aliases", {{"name", "old"}, {"cidr", "10.0.0.1"}});
  rig.want("datacenter", {{"rules", {{{"in", "ACCEPT"}, {"macro", "HTTPS"}}}}});
  const Plan waiting = rig.plan();
  CHECK(only_change(waiting).action == Action::adopt);
  CHECK(only_change(waiting).blocked.find("--adopt") != std::string::npos);
  PlanOptions options;
  options.adopts = {"server/fsn1/firewall/datacenter"};
  rig.converge(options);
  CHECK(rig.rules("/cluster/firewall/rules") == Texts{"IN HTTPS(ACCEPT)"});
  CHECK(rig.get("/cluster/firewall/aliases").empty());
}

TEST_CASE("a difference in rules is told by their numbers") {
  FirewallRig rig;
  const Json one{{"in", "ACCEPT"}, {"macro", "HTTP"}};
  const Json two{{"in", "ACCEPT"}, {"macro", "HTTPS"}};
  const Json three{{"in", "DROP"}, {"proto", "tcp"}, {"dport", 25}};
  rig.want("datacenter", {{"rules", {one, two}}});
  rig.converge();
  rig.want("datacenter", {{"rules", {two, one, three}}});
  CHECK(attribute(rig.plan(), "rules").note == "rule 1 moved to 2; rule 3 added");
  rig.converge();
  rig.by_hand("DELETE", "/cluster/firewall/rules/0");
  CHECK(attribute(rig.plan(), "rules").note == "rule 1 added");
}

TEST_CASE("a macro that the host does not have is refused with what may be meant") {
  FirewallRig rig;
  rig.want("datacenter", {{"rules", {{{"in", "ACCEPT"}, {"macro", "HTPS"}}}}});
  CHECK(only_change(rig.plan()).blocked ==
        "The host has no firewall macro `HTPS`. Did you mean `HTTPS`?");
}

TEST_CASE("rules that somebody else changed after the plan are left alone") {
  FirewallRig rig;
  rig.want("datacenter", {{"rules", {{{"in", "ACCEPT"}, {"macro", "HTTP"}}}}});
  rig.converge();
  rig.want("datacenter", {{"rules", {{{"in", "ACCEPT"}, {"macro", "HTTPS"}}}}});
  const Plan plan = rig.plan();
  rig.by_hand("POST", "/cluster/firewall/rules", {{"type", "out"}, {"action", "DROP"}});
  const auto applied = rig.apply(plan);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().code == ErrorCode::conflict);
  CHECK(rig.rules("/cluster/firewall/rules") == Texts{"|OUT DROP", "IN HTTP(ACCEPT)"});
}

TEST_CASE("a step that was done before is not done again") {
  FirewallRig rig;
  rig.want("datacenter",
           enabled({{"aliases", {{"lan", "10.0.0.0/8"}}},
                    {"groups", {{"web", {{{"in", "ACCEPT"}, {"macro", "HTTP"}}}}}}}));
  const Plan plan = rig.plan();
  for (const Step& step : plan.steps) {
    Plan twice;
    twice.steps = {step, step};
    INFO(step.title);
    REQUIRE(rig.apply(twice));
  }
  CHECK(rig.plan().changes.empty());
  CHECK(rig.rules("/cluster/firewall/groups/web") == Texts{"IN HTTP(ACCEPT)"});
}

TEST_CASE("a level of ours that is no longer declared is an orphan, others are not") {
  FirewallRig rig;
  rig.by_hand("PUT", "/nodes/pve/firewall/options", {{"tcpflags", "1"}});
  rig.want("datacenter", enabled());
  rig.converge();
  rig.want_nothing();
  PlanOptions prune;
  prune.prune = true;
  const Plan plan = rig.plan(prune);
  CHECK(only_change(plan).address.name == "datacenter");
  REQUIRE(rig.apply(plan));
  CHECK(rig.get("/cluster/firewall/ipset").empty());
  CHECK(rig.get("/cluster/firewall/rules").empty());
  CHECK(aegis::get(rig.get("/nodes/pve/firewall/options"), "tcpflags") == 1);
}

TEST_CASE("a node's firewall that goes is left off, so that it shuts nobody out") {
  FirewallRig rig;
  rig.want("datacenter", enabled());
  rig.want("node", {{"rules", {{{"in", "ACCEPT"}, {"macro", "SSH"}}}}});
  rig.converge();
  PlanOptions destroy;
  destroy.destroys = {"server/fsn1/firewall/node"};
  REQUIRE(rig.apply(rig.plan(destroy)));
  CHECK(aegis::get(rig.get("/nodes/pve/firewall/options"), "enable") == 0);
  CHECK(rig.get("/nodes/pve/firewall/rules").empty());
}

TEST_CASE("a firewall of a container that is not made yet is planned as new") {
  FirewallRig rig;
  rig.want("container-web", {{"vmid", 777}, {"enable", true}});
  CHECK(only_change(rig.plan()).action == Action::create);
}

TEST_CASE("what these credentials may not see is an error, never absent") {
  FirewallRig rig;
  rig.want("datacenter", enabled());
  simulator::Fault fault;
  fault.path = "/cluster/firewall/rules";
  fault.status = 403;
  fault.text = "Permission check failed (/, Sys.Audit)";
  rig.http().host().set_faults({{fault}});
  const Observed observed = rig.look();
  REQUIRE(observed.failures.size() == 1);
  CHECK(observed.failures.front().error.code == ErrorCode::forbidden);
}

}  // namespace aegis::test
