#include "kinds/proxmox/node/network_changes.h"

#include <catch2/catch.hpp>

using namespace aegis;
using namespace aegis::proxmox;

namespace {

Json bridge(const std::string& name, const std::string& cidr, const Json& more = Json::object()) {
  Json interface {
    {"iface", name}, {"type", "bridge"}, {"cidr", cidr}, {"bridge_ports", ""},
        {"bridge_stp", "off"}, {
      "bridge_fd", "0"
    }
  };
  interface.update(more);
  return interface;
}

// A change at the end of a stanza: three lines above it do not reach its first line.
const std::string k_far_from_its_name =
    "--- /etc/network/interfaces\n+++ /etc/network/interfaces.new\n@@ -12,6 +12,7 @@\n"
    " \tbridge-ports none\n \tbridge-stp off\n \tbridge-fd 0\n+\tmtu 9000\n \n auto vmbr9\n"
    " iface vmbr9 inet manual\n";

}  // namespace

TEST_CASE("a difference is told by the interfaces that it changes") {
  const auto changes = changed_stanzas(
      "--- a\n+++ b\n@@ -5,3 +5,9 @@\n iface vmbr0 inet static\n \taddress 10.0.0.1/24\n \n"
      "+auto vmbr5\n+iface vmbr5 inet manual\n+\tbridge-ports none\n");
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].interface == "vmbr5");
  CHECK(changes[0].staged == std::vector<std::string>{"bridge-ports none"});
}

TEST_CASE("a change far from its name belongs to whom it may belong to") {
  const Json changed = bridge("vmbr7", "10.7.0.1/24", {{"mtu", "9000"}});
  const Json other = bridge("vmbr8", "10.8.0.1/24");
  const Json answer{{"data", {changed, other}}, {"changes", k_far_from_its_name}};
  CHECK(pending_network(answer, {"vmbr7"}).known == std::set<std::string>{"vmbr7"});
  CHECK(pending_network(answer, {"vmbr7"}).foreign.empty());
  CHECK(pending_network(answer, {"vmbr8"}).foreign == std::set<std::string>{"?"});
}

TEST_CASE("where two interfaces may be meant and one is others', nobody is sure") {
  const Json first = bridge("vmbr7", "10.7.0.1/24", {{"mtu", "9000"}});
  const Json second = bridge("vmbr8", "10.8.0.1/24", {{"mtu", "9000"}});
  const Json answer{{"data", {first, second}}, {"changes", k_far_from_its_name}};
  CHECK(pending_network(answer, {"vmbr7"}).foreign == std::set<std::string>{"?"});
  CHECK(pending_network(answer, {"vmbr7", "vmbr8"}).foreign.empty());
}

TEST_CASE("the staged removal of one of ours is known by its marker") {
  const Json answer{{"data", Json::array()},
                    {"changes",
                     "@@ -5,6 +5,1 @@\n-auto vmbr7\n-iface vmbr7 inet manual\n-\tbridge-fd 0\n"
                     "-#aegisctl: storage\n-\n \n"}};
  const PendingNetwork pending = pending_network(answer, {});
  CHECK(pending.gone == std::set<std::string>{"vmbr7"});
  CHECK(pending.foreign.empty());
  CHECK(
      pending_network({{"data", Json::array()}, {"changes", "@@ @@\n-auto vmbr7\n"}}, {}).foreign ==
      std::set<std::string>{"vmbr7"});
}
