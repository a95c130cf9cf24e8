#include <catch2/catch.hpp>

#include "simulator/testbed.h"

namespace aegis::test {
namespace {

const std::string k_list = "/nodes/pve/network";

Json whole(Testbed& bed) {
  return body_of(bed.get(k_list));
}

Json interface_of(Testbed& bed, const std::string& name) {
  for (const Json& interface : bed.data(k_list)) {
    if (text_or(interface, "iface") == name) return interface;
  }
  return {};
}

}  // namespace

TEST_CASE("an interface is staged, shown with its difference, and in force after a reload") {
  Testbed bed;
  REQUIRE(
      bed.post(
             k_list,
             {{"iface", "vmbr5"}, {"type", "bridge"}, {"cidr", "10.98.0.1/24"}, {"autostart", "1"}})
          .status == 200);
  Json staged = interface_of(bed, "vmbr5");
  CHECK_FALSE(staged.contains("active"));
  CHECK(staged.at("address") == "10.98.0.1");
  CHECK(staged.at("netmask") == "24");
  CHECK(text_or(whole(bed), "changes").find("+iface vmbr5 inet static") != std::string::npos);
  REQUIRE(
      bed.put("/nodes/pve/network/vmbr5",
              {{"type", "bridge"}, {"cidr", "10.98.0.2/24"}, {"autostart", "1"}, {"comments", "x"}})
          .status == 200);
  CHECK(bed.exit_status(bed.put(k_list, {})) == "OK");
  CHECK(bed.data("/nodes/pve/network/vmbr5") == Json{{"active", 1},
                                                     {"address", "10.98.0.2"},
                                                     {"autostart", 1},
                                                     {"bridge_fd", "0"},
                                                     {"bridge_ports", ""},
                                                     {"bridge_stp", "off"},
                                                     {"cidr", "10.98.0.2/24"},
                                                     {"comments", "x\n"},
                                                     {"families", {"inet"}},
                                                     {"method", "static"},
                                                     {"method6", "manual"},
                                                     {"netmask", "24"},
                                                     {"priority", 4},
                                                     {"type", "bridge"}});
  CHECK_FALSE(whole(bed).contains("changes"));
}

TEST_CASE("an update without an address takes the address away, and keeps what is not about it") {
  Testbed bed;
  bed.post(k_list,
           {{"iface", "vmbr5"}, {"type", "bridge"}, {"cidr", "10.98.0.1/24"}, {"mtu", "9000"}});
  bed.put("/nodes/pve/network/vmbr5", {{"type", "bridge"}});
  const Json interface = bed.data("/nodes/pve/network/vmbr5");
  CHECK_FALSE(interface.contains("cidr"));
  CHECK(interface.at("method") == "manual");
  CHECK(interface.at("mtu") == "9000");
  bed.put("/nodes/pve/network/vmbr5", {{"type", "bridge"}, {"delete", "mtu"}});
  CHECK_FALSE(bed.data("/nodes/pve/network/vmbr5").contains("mtu"));
}

TEST_CASE("what is staged can be dropped, and a network that is in force cannot") {
  Testbed bed;
  bed.remove("/nodes/pve/network/vmbr0");
  CHECK(interface_of(bed, "vmbr0").is_null());
  CHECK(bed.remove(k_list).status == 200);
  CHECK_FALSE(interface_of(bed, "vmbr0").is_null());
  CHECK_FALSE(whole(bed).contains("changes"));
}

TEST_CASE("a container finds a bridge only after the reload") {
  Testbed bed;
  bed.make_container(100, {{"net0", "name=eth0,bridge=vmbr5"}});
  bed.post(k_list, {{"iface", "vmbr5"}, {"type", "bridge"}, {"autostart", "1"}});
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/100/status/start")) ==
        "bridge 'vmbr5' does not exist");
  bed.put(k_list, {});
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/100/status/start")) == "OK");
}

TEST_CASE("two interfaces of one name and two gateways of one family are refused") {
  Testbed bed;
  const auto again = bed.post(k_list, {{"iface", "vmbr0"}, {"type", "bridge"}});
  CHECK(complaint_of(again, "iface") == "interface already exists");
  bed.post(k_list,
           {{"iface", "vmbr5"},
            {"type", "bridge"},
            {"cidr", "10.98.0.1/24"},
            {"gateway", "10.98.0.254"}});
  const auto second = bed.post(k_list,
                               {{"iface", "vmbr6"},
                                {"type", "bridge"},
                                {"cidr", "10.97.0.1/24"},
                                {"gateway", "10.97.0.254"}});
  CHECK(complaint_of(second, "gateway") == "Default gateway already exists on interface 'vmbr5'.");
  CHECK(complaint_of(bed.put("/nodes/pve/network/vmbr9", {{"type", "bridge"}}), "iface") ==
        "interface does not exist");
}

}  // namespace aegis::test
