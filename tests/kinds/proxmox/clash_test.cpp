#include <catch2/catch.hpp>

#include "kinds/proxmox/rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

const std::string k_mac = "BC:24:11:00:00:01";

Json on_net(const Json& net) {
  Json eth0{{"bridge", "vmbr0"}};
  eth0.merge_patch(net);
  return {{"network", {{"eth0", eth0}}}};
}

Diagnostics notes_on(ContainerRig& rig, const std::string& name) {
  return rig.observe().objects.at({"", "container", name}).notes;
}

/// One that is there, with an interface of that address.
void populate(ContainerRig& rig, int vmid, const std::string& name, const std::string& address) {
  rig.host().populate(
      {.count = 1,
       .first_vmid = vmid,
       .config = {{"tags", "aegisctl"},
                  {"hostname", name},
                  {"net0", "name=eth0,bridge=vmbr0,hwaddr=" + k_mac + ",ip=" + address}}});
}

}  // namespace

TEST_CASE("an address that a guest has which is no longer declared is told") {
  ContainerRig rig;
  populate(rig, 200, "old", "10.0.0.5/24");
  rig.want("web", container_spec(103, on_net({{"ip", "10.0.0.5/16"}})));
  CHECK(has_note(notes_on(rig, "web"), Severity::warning, "10.0.0.5/16, which container/old has"));
  rig.want("web", container_spec(103, on_net({{"hwaddr", "bc:24:11:00:00:01"}})));
  CHECK(has_note(notes_on(rig, "web"), Severity::warning, "which container/old has now"));
  rig.want("web", container_spec(103, on_net({{"ip", "10.0.0.6/24"}})));
  CHECK_FALSE(has_note(notes_on(rig, "web"), Severity::warning, "container/old"));
}

TEST_CASE("a MAC address that another declared guest keeps is told") {
  ContainerRig rig;
  populate(rig, 104, "db", "10.0.0.5/24");
  rig.want("web", container_spec(103, on_net({{"hwaddr", k_mac}, {"ip", "10.0.0.5/24"}})));
  rig.want("db", container_spec(104, on_net({{"ip", "10.0.0.7/24"}})));
  const Diagnostics notes = notes_on(rig, "web");
  CHECK(has_note(notes, Severity::warning, k_mac + ", which container/db has now"));
  // Its IP address is going to be another one.
  CHECK_FALSE(has_note(notes, Severity::warning, "10.0.0.5/24"));
  // Its own address is no clash, nor is one that the other is about to give up.
  CHECK_FALSE(has_note(notes_on(rig, "db"), Severity::warning, "now"));
  rig.want("db", container_spec(104, on_net({{"hwaddr", "BC:24:11:00:00:02"}})));
  CHECK_FALSE(has_note(notes_on(rig, "web"), Severity::warning, "container/db"));
}

TEST_CASE("an MTU that the bridge does not take is told at plan time") {
  simulator::SimulatorOptions options;
  options.bridges.push_back({"vmbr9", "", 9000});
  ContainerRig rig(options);
  rig.want("web", container_spec(103, on_net({{"bridge", "vmbr9"}, {"mtu", 9000}})));
  CHECK_FALSE(has_note(notes_on(rig, "web"), Severity::error, "MTU"));
  rig.want("web", container_spec(103, on_net({{"bridge", "vmbr9"}, {"mtu", 9001}})));
  CHECK(has_note(notes_on(rig, "web"), Severity::error, "whose own is 9000"));
  rig.want("web", container_spec(103, on_net({{"mtu", 1501}})));
  CHECK(has_note(notes_on(rig, "web"), Severity::warning, "most likely 1500"));
  rig.want("web", container_spec(103, on_net({{"mtu", 1500}})));
  CHECK_FALSE(has_note(notes_on(rig, "web"), Severity::warning, "MTU"));
}
