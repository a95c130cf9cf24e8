#include <catch2/catch.hpp>

#include "kinds/proxmox/rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr std::int64_t k_gibibyte = std::int64_t{1} << 30;

simulator::SimulatorOptions cluster() {
  simulator::SimulatorOptions options;
  options.other_nodes = {"old"};
  options.storages.push_back({"tank", "zfspool", "images,rootdir", 1024 * k_gibibyte});
  return options;
}

// A rig whose server is the node "pve", with a guest that was made when it was "old".
template <class Rig>
struct Moving {
  explicit Moving(Json spec, simulator::SimulatorOptions options = cluster()) : rig(options) {
    rig.settings()["sections"] = {"machines"};
    rig.settings()["node"] = "old";
    rig.want("web", spec);
    rig.converge();
    rig.settings()["node"] = "pve";
  }

  /// Why the change is not made.
  std::string blocked() { return rig.plan().changes.at(0).blocked; }

  Rig rig;
};

Json running(std::int64_t vmid, Json more = Json::object()) {
  more["state"] = "started";
  return container_spec(vmid, more);
}

Json running_machine(std::int64_t vmid, Json more = Json::object()) {
  more["state"] = "started";
  return machine_spec(vmid, more);
}

}  // namespace

TEST_CASE("a container on another node of the cluster is moved, not made anew") {
  Moving<ContainerRig> moving(running(103, {{"network", {{"eth0", {{"bridge", "vmbr1"}}}}}}));
  const std::string conf = moving.rig.host().conf_file(103);
  const Plan plan = moving.rig.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].action == Action::update);
  CHECK(plan.changes[0].blocked.empty());
  CHECK(plan.changes[0].attributes.size() == 1);
  CHECK(difference(plan, "node").before == "old");
  CHECK(difference(plan, "node").after == "pve");
  CHECK(difference(plan, "node").disruption == Disruption::reboot_container);
  CHECK(operations_of(plan) == "migrate, start");
  CHECK(plan.steps[0].title == "move container 103 from node old to pve");
  CHECK(has_note(plan.notes, Severity::note, "apply the move alone with `--target container/web`"));

  moving.rig.converge();
  // The same container: its card has the same address still.
  CHECK(moving.rig.host().conf_file(103) == conf);
  CHECK(moving.rig.is_running(103));
}

TEST_CASE("a stopped container moves without a disruption") {
  Moving<ContainerRig> moving(container_spec(103, {{"state", "stopped"}}));
  CHECK(difference(moving.rig.plan(), "node").disruption == Disruption::none);
  CHECK(operations_of(moving.rig.plan()) == "migrate");
  moving.rig.converge();
  CHECK_FALSE(moving.rig.is_running(103));
}

TEST_CASE("what changes besides is set before the move, cards and new devices after it") {
  Moving<ContainerRig> moving(running(103));
  moving.rig.want("web",
                  running(103,
                          {{"memory", "1GiB"},
                           {"network", {{"eth0", {{"bridge", "vmbr1"}}}}},
                           {"mount_points",
                            {{"mp0", {{"storage", "tank"}, {"size", "1GiB"}, {"mp", "/srv"}}}}}}));
  const Plan plan = moving.rig.plan();
  CHECK(operations_of(plan) == "configure, migrate, configure, configure, start");
  CHECK(get(plan.steps[0].input, "node") == "old");
  CHECK(get(plan.steps[0].input, "set").contains("memory"));
  CHECK(get(plan.steps[2].input, "node") == "pve");
  moving.rig.converge();
}

TEST_CASE("disks go to the storage that is declared for them here") {
  Moving<ContainerRig> moving(running(103));
  moving.rig.want("web", running(103, {{"rootfs", {{"storage", "tank"}, {"size", "8GiB"}}}}));
  const Plan plan = moving.rig.plan();
  CHECK(difference(plan, "rootfs.storage").note == "the migration puts it there");
  CHECK(operations_of(plan) == "migrate, start");
  moving.rig.converge();
  CHECK(moving.rig.config(103, "rootfs").starts_with("tank:"));
}

TEST_CASE("two storages for the disks of one are told, and nothing is moved") {
  Json disk{{"storage", "local-zfs"}, {"size", "1GiB"}, {"mp", "/srv"}};
  Moving<ContainerRig> moving(running(103, {{"mount_points", {{"mp0", disk}}}}));
  disk["storage"] = "tank";
  moving.rig.want("web", running(103, {{"mount_points", {{"mp0", disk}}}}));
  CHECK(moving.blocked().find("would go to both") != std::string::npos);
}

TEST_CASE("a directory of the host keeps a container where it is, unless both nodes have it") {
  const auto with_bind = [](bool shared) {
    Json bind{{"volume", "/srv/data"}, {"mp", "/srv"}};
    if (shared) bind["shared"] = true;
    return running(103, {{"mount_points", {{"mp0", bind}}}});
  };
  Moving<ContainerRig> local(with_bind(false));
  CHECK(local.blocked().find("mp0 is /srv/data of node old") != std::string::npos);
  CHECK(local.rig.plan().steps.empty());
  Moving<ContainerRig> shared(with_bind(true));
  shared.rig.converge();
}

TEST_CASE("a storage or a bridge that the new node lacks keeps a container where it is") {
  Moving<ContainerRig> moving(running(103, {{"network", {{"eth0", {{"bridge", "vmbr1"}}}}}}));
  moving.rig.by_hand("PUT", "/storage/local-zfs", {{"nodes", "old"}});
  CHECK(moving.blocked().find("rootfs is on local-zfs, and pve has no storage local-zfs") !=
        std::string::npos);
  moving.rig.want("web",
                  running(103,
                          {{"rootfs", {{"storage", "tank"}, {"size", "8GiB"}}},
                           {"network", {{"eth0", {{"bridge", "vmbr1"}}}}}}));
  CHECK(moving.blocked().empty());
  moving.rig.by_hand("DELETE", "/nodes/pve/network/vmbr1", {});
  moving.rig.by_hand("PUT", "/nodes/pve/network", {});
  CHECK(moving.blocked() == "net0 is plugged into vmbr1, which pve does not have.");
}

TEST_CASE("a container that another server has is not taken from there") {
  Moving<ContainerRig> moving(running(103));
  moving.rig.settings()["elsewhere"] =
      Json::array({{{"kind", "container"}, {"vmid", 103}, {"node", "old"}}});
  CHECK(has_note(moving.rig.observe().objects.at({"", "container", "web"}).notes,
                 Severity::error,
                 "its vmid is that of the container 103"));
}

TEST_CASE("a container without our tag is not moved") {
  Moving<ContainerRig> moving(running(103));
  moving.rig.by_hand("PUT", "/nodes/old/lxc/103/config", {{"tags", "theirs"}});
  CHECK(has_note(moving.rig.observe().objects.at({"", "container", "web"}).notes,
                 Severity::error,
                 "`pct migrate 103 pve --restart` on old"));
}

TEST_CASE("a guest that moves to another server is nobody's orphan where it is") {
  ContainerRig rig(cluster());
  rig.want("web", running(103));
  rig.converge();
  rig.want_nothing();
  CHECK(rig.plan().changes.size() == 1);
  rig.settings()["elsewhere"] =
      Json::array({{{"kind", "container"}, {"vmid", 103}, {"node", "old"}}});
  CHECK(rig.plan().changes.empty());
  // A server of another cluster does not take it over.
  rig.settings()["elsewhere"][0]["node"] = "far";
  CHECK(rig.plan().changes.size() == 1);
}

TEST_CASE("a machine moves while it runs") {
  Moving<MachineRig> moving(running_machine(200));
  const Plan plan = moving.rig.plan();
  CHECK(difference(plan, "node").disruption == Disruption::none);
  CHECK(operations_of(plan) == "migrate");
  moving.rig.converge();
  CHECK(moving.rig.is_running(200));
}

TEST_CASE("what keeps a machine where it is is asked of the host") {
  SECTION("an image that only the old node has") {
    Moving<MachineRig> moving(running_machine(
        200, {{"disks", {{"ide2", {{"cdrom", "local:iso/debian-12.9.0-amd64-netinst.iso"}}}}}}));
    CHECK(moving.blocked().find("is in its drive, and only node old has it") != std::string::npos);
  }
  SECTION("a device of the host") {
    Moving<MachineRig> moving(running_machine(200, {{"serial0", "/dev/ttyS0"}}));
    CHECK(moving.blocked() == "It has devices of node old: serial0.");
  }
}

TEST_CASE("a move that fails brings a container back up where it was") {
  Moving<ContainerRig> moving(running(103));
  const Plan plan = moving.rig.plan();
  REQUIRE(plan.steps.at(0).undo == "start_again");
  moving.rig.by_hand("POST", "/nodes/old/lxc/103/status/stop", {});
  Step undo = plan.steps[0];
  undo.operation = undo.undo;
  CHECK(moving.rig.perform(undo));
  CHECK(moving.rig.by_hand("GET", "/nodes/old/lxc/103/status/current", {})["status"] == "running");
}

TEST_CASE("a container that was changed since the plan is not moved") {
  Moving<ContainerRig> moving(running(103));
  const Plan plan = moving.rig.plan();
  moving.rig.by_hand("PUT", "/nodes/old/lxc/103/config", {{"cores", "3"}});
  const auto moved = moving.rig.perform(plan.steps.at(0));
  REQUIRE_FALSE(moved);
  CHECK(moved.error().message.find("changed it since it was planned") != std::string::npos);
}
