#include <catch2/catch.hpp>

#include "kinds/proxmox/firewall/level.h"
#include "kinds/proxmox/firewall/lockout.h"
#include "kinds/proxmox/firewall/model.h"
#include "kinds/proxmox/firewall/network.h"

namespace aegis::proxmox {
namespace {

const WayIn k_ssh{"198.51.100.7", "203.0.113.15", {22}, {}};
const WayIn k_unknown{"", "", {22, 8006}, {}};

Json datacenter(Json spec) {
  if (!spec.contains("enable")) spec["enable"] = true;
  return firewall_of_spec(firewall_level("datacenter", "pve", 0), spec, Json::array());
}

Json node(const Json& spec) {
  return firewall_of_spec(firewall_level("node", "pve", 0), spec, Json::array());
}

Json only_rules(const std::vector<Json>& rules) {
  return {{"rules", rules}};
}

bool shuts_out(const Json& spec, const WayIn& way, const Json& node_spec = Json::object()) {
  return !lockout(datacenter(spec), node(node_spec), way).empty();
}

}  // namespace

TEST_CASE("a firewall that is off shuts nobody out") {
  CHECK_FALSE(shuts_out({{"enable", false}}, k_ssh));
  CHECK(shuts_out(Json::object(), k_ssh));
  CHECK_FALSE(shuts_out(Json::object(), k_ssh, {{"enable", false}}));
  CHECK_FALSE(shuts_out({{"policy_in", "ACCEPT"}}, k_ssh));
}

TEST_CASE("the management set lets in those that it holds, by address, network and alias") {
  const auto management = [](const Json& entries) {
    return Json{{"aliases", {{"Office", "198.51.100.0/24"}}},
                {"ipsets", {{"management", entries}}}};
  };
  CHECK_FALSE(shuts_out(management({"198.51.100.7"}), k_ssh));
  CHECK_FALSE(shuts_out(management({"198.51.0.0/16"}), k_ssh));
  CHECK_FALSE(shuts_out(management({"office"}), k_ssh));
  CHECK(shuts_out(management({"198.51.100.8"}), k_ssh));
  CHECK(shuts_out(
      management(Json::array({"office", {{"cidr", "198.51.100.7"}, {"nomatch", true}}})), k_ssh));
  CHECK(shuts_out(management({"nobody"}), k_ssh));
}

TEST_CASE("the management set is for SSH's own port and the web interface only") {
  const Json spec{{"ipsets", {{"management", {"198.51.100.7"}}}}};
  WayIn way = k_ssh;
  way.ports = {2222};
  CHECK(shuts_out(spec, way));
  way.ports = {8006};
  CHECK_FALSE(shuts_out(spec, way));
}

TEST_CASE("the first rule about us decides, the node's before the datacenter's") {
  const Json accept{{"in", "ACCEPT"}, {"proto", "tcp"}, {"dport", 22}};
  const Json drop{{"in", "DROP"}, {"proto", "tcp"}, {"dport", "1:1024"}};
  CHECK_FALSE(shuts_out(only_rules({accept, drop}), k_ssh));
  CHECK(shuts_out(only_rules({drop, accept}), k_ssh));
  CHECK(shuts_out(only_rules({accept}), k_ssh, only_rules({drop})));
  CHECK_FALSE(shuts_out(only_rules({drop}), k_ssh, only_rules({accept})));
}

TEST_CASE("a rule that blocks comes before the management set") {
  CHECK(shuts_out({{"ipsets", {{"management", {"198.51.100.7"}}}}, {"rules", {{{"in", "DROP"}}}}},
                  k_ssh));
}

TEST_CASE("rules that are off, outgoing, or about something else do not count") {
  for (const Json& rule : {Json{{"in", "ACCEPT"}, {"macro", "SSH"}, {"enable", false}},
                           Json{{"out", "ACCEPT"}, {"macro", "SSH"}},
                           Json{{"in", "ACCEPT"}, {"proto", "udp"}},
                           Json{{"in", "ACCEPT"}, {"macro", "HTTPS"}},
                           Json{{"in", "ACCEPT"}, {"proto", "tcp"}, {"dport", 2222}},
                           Json{{"in", "ACCEPT"}, {"macro", "SSH"}, {"source", "192.0.2.0/24"}},
                           Json{{"in", "ACCEPT"}, {"macro", "SSH"}, {"dest", "192.0.2.1"}}}) {
    CAPTURE(rule);
    CHECK(shuts_out(only_rules({rule}), k_ssh));
  }
  CHECK_FALSE(shuts_out(only_rules({{{"in", "ACCEPT"}, {"macro", "SSH"}}}), k_ssh));
  CHECK_FALSE(shuts_out(
      only_rules({{{"in", "ACCEPT"}, {"proto", "tcp"}, {"source", "198.51.100.1-198.51.100.9"}}}),
      k_ssh));
}

TEST_CASE("what holds for one interface may shut us out, and is not enough to let us in") {
  CHECK(shuts_out(only_rules({{{"in", "ACCEPT"}, {"macro", "SSH"}, {"iface", "vmbr0"}}}), k_ssh));
  CHECK(shuts_out(
      only_rules({{{"in", "DROP"}, {"iface", "vmbr0"}}, {{"in", "ACCEPT"}, {"macro", "SSH"}}}),
      k_ssh));
}

TEST_CASE("groups stand for their rules") {
  const Json group{{"groups", {{"admin", {{{"in", "ACCEPT"}, {"macro", "SSH"}}}}}},
                   {"rules", {{{"group", "admin"}}}}};
  CHECK_FALSE(shuts_out(group, k_ssh));
  Json missing = group;
  missing.erase("groups");
  CHECK(shuts_out(missing, k_ssh));
}

TEST_CASE("the local network and the blacklist are what they are to Proxmox") {
  WayIn way = k_ssh;
  way.local_networks = {"198.51.100.0/24"};
  CHECK_FALSE(shuts_out(Json::object(), way));
  CHECK(shuts_out({{"aliases", {{"local_network", "192.0.2.0/24"}}}}, way));
  CHECK(shuts_out({{"ipsets", {{"blacklist", {"198.51.100.7"}}}}}, way));
}

TEST_CASE("who comes from the server itself is not filtered") {
  WayIn way = k_ssh;
  way.source = "127.0.0.1";
  CHECK_FALSE(shuts_out(only_rules({{{"in", "DROP"}}}), way));
  way.source = "::1";
  CHECK_FALSE(shuts_out(Json::object(), way));
}

TEST_CASE("when our address is not known, somebody must be let in") {
  CHECK(shuts_out(Json::object(), k_unknown));
  CHECK_FALSE(shuts_out({{"ipsets", {{"management", {"192.0.2.1"}}}}}, k_unknown));
  CHECK(shuts_out({{"ipsets", {{"management", Json::array()}}}}, k_unknown));
  const Json from_somewhere{
      {"in", "ACCEPT"}, {"proto", "tcp"}, {"dport", {22, 8006}}, {"source", "192.0.2.1"}};
  CHECK_FALSE(shuts_out(only_rules({from_somewhere}), k_unknown));
  CHECK(shuts_out(only_rules({{{"in", "ACCEPT"}, {"macro", "SSH"}}}), k_unknown));
  CHECK_FALSE(shuts_out(only_rules({{{"in", "DROP"}, {"source", "192.0.2.9"}}, from_somewhere}),
                        k_unknown));
}

TEST_CASE("the refusal names port, address, reason and remedy") {
  const std::string text =
      lockout(datacenter(only_rules({{{"in", "DROP"}, {"proto", "tcp"}}})), node({}), k_ssh);
  CHECK(text.find("198.51.100.7") != std::string::npos);
  CHECK(text.find("port 22") != std::string::npos);
  CHECK(text.find("the rule \"IN DROP -p tcp\" comes first") != std::string::npos);
  CHECK(text.find("firewall.datacenter.ipsets.management") != std::string::npos);
  CHECK(lockout(datacenter(Json::object()), node({}), k_unknown).find("not known") !=
        std::string::npos);
}

TEST_CASE("networks are brought into one form and searched, of both versions") {
  CHECK(canonical_network("10.1.2.3/24") == "10.1.2.0/24");
  CHECK(canonical_network("10.1.2.3/32") == "10.1.2.3");
  CHECK(canonical_network("2001:DB8::1/64") == "2001:db8::/64");
  CHECK(canonical_network("2001:db8::1/128") == "2001:db8::1");
  CHECK(canonical_network("Office") == "office");
  CHECK(canonical_network("10.0.0.0/33") == "10.0.0.0/33");
  CHECK(is_inside("10.1.2.3", "10.1.0.0/16"));
  CHECK(is_inside("2001:db8::9", "2001:db8::/32"));
  CHECK(is_inside("10.0.0.5", "10.0.0.1-10.0.0.9"));
  CHECK_FALSE(is_inside("10.2.0.1", "10.1.0.0/16"));
  CHECK_FALSE(is_inside("10.2.0.1", "::/0"));
  CHECK_FALSE(is_inside("somebody", "10.0.0.0/8"));
  CHECK_FALSE(is_inside("10.0.0.1", "10.0.0.0/x"));
}

}  // namespace aegis::proxmox
