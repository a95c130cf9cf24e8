#include <catch2/catch.hpp>

#include "kinds/proxmox/rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

Json copy_spec(const Json& clone, const Json& more = Json::object()) {
  Json spec = container_spec(103, more);
  spec.erase("template");
  spec["clone"] = clone;
  return spec;
}

/// A host with the container 900, made of `more`.
class CloneRig : public ContainerRig {
 public:
  explicit CloneRig(const Json& more) {
    Json spec = container_spec(900, {{"state", "stopped"}});
    spec.merge_patch(more);
    want("base", spec);
    converge();
  }

  /// Why the copy cannot be made; fails the test when it can.
  std::string objection() {
    const Plan made = plan();
    CHECK(made.steps.empty());
    REQUIRE(made.notes.size() == 1);
    CHECK(made.notes.front().severity == Severity::error);
    return made.notes.front().summary;
  }
};

}  // namespace

TEST_CASE("a clone is as declared, with MAC addresses of its own") {
  CloneRig rig(Json{{"network", {{"eth0", {{"bridge", "vmbr1"}, {"ip", "dhcp"}}}}}, {"cores", 4}});
  const std::string mac = rig.config(900, "net0");
  rig.want(
      "copy",
      copy_spec({{"vmid", 900}},
                {{"network", {{"eth0", {{"bridge", "vmbr1"}, {"ip", "dhcp"}}}}}, {"tags", {"b"}}}));
  CHECK(operations_of(rig.plan()) == "clone, complete, resize, start");
  rig.converge();
  CHECK(rig.config(103, "net0") != mac);
  CHECK(rig.config(103, "cores").empty());
  CHECK(rig.config(103, "tags") == "aegisctl;b");
  CHECK(rig.config(103, "hostname") == "copy");
  CHECK(rig.is_running(103));
}

TEST_CASE("what Proxmox would not copy is said before anything is done") {
  SECTION("an original that is not there") {
    CloneRig rig(Json::object());
    rig.want("copy", copy_spec({{"vmid", 901}}));
    CHECK(rig.objection() == "what is to be cloned is not there");
  }
  SECTION("one that runs") {
    CloneRig rig(Json{{"state", "started"}});
    rig.want("copy", copy_spec({{"vmid", 900}}));
    CHECK(rig.objection() == "what is to be cloned runs");
  }
  SECTION("a linked copy of what is no template") {
    CloneRig rig(Json::object());
    rig.want("copy", copy_spec({{"vmid", 900}, {"full", false}}));
    CHECK(rig.objection() == "what is to be cloned is no template");
  }
  SECTION("a directory of the host") {
    CloneRig rig(Json{{"mount_points", {{"mp0", {{"volume", "/srv"}, {"mp", "/srv"}}}}}});
    rig.want("copy", copy_spec({{"vmid", 900}}));
    CHECK(rig.objection() == "what is to be cloned mounts a directory of the host");
  }
  SECTION("another privilege") {
    CloneRig rig(Json{{"unprivileged", false}});
    rig.want("copy", copy_spec({{"vmid", 900}}));
    CHECK(rig.objection() == "a copy is as privileged as its original");
  }
  SECTION("an original that is yet to be made, and will run") {
    CloneRig rig(Json::object());
    rig.want("other", container_spec(901));
    rig.want("copy", copy_spec({{"vmid", 901}}));
    rig.desired().resources.at({"", "container", "copy"}).depends_on = {{"", "container", "other"}};
    CHECK(has_note(rig.plan().notes, Severity::error, "only while it is stopped"));
  }
}

TEST_CASE("a running original is copied from its snapshot") {
  CloneRig rig(Json{{"state", "started"}});
  rig.by_hand("POST", "/nodes/pve/lxc/900/snapshot", {{"snapname", "golden"}});
  rig.clock().sleep_for(std::chrono::minutes(1));
  rig.want("copy", copy_spec({{"vmid", 900}, {"snapshot", "golden"}}));
  rig.converge();
  CHECK(rig.is_running(900));
  CHECK(rig.is_running(103));
}

TEST_CASE("a clone that is half made is waited for, and one that a cut run left is completed") {
  CloneRig rig(Json::object());
  rig.want("copy", copy_spec({{"vmid", 900}}));
  const Plan plan = rig.plan();
  simulator::Fault fault;
  fault.kind = simulator::Fault::Kind::drop_before;
  fault.method = "PUT";
  fault.path = "/lxc/103/config";
  fault.times = -1;
  rig.host().set_faults({{fault}, {}});
  CHECK_FALSE(rig.apply(plan));
  rig.host().set_faults({});
  CHECK(rig.config(103, "description").find("Being made by aegisctl") == 0);
  rig.converge();
  CHECK(rig.config(103, "description").empty());
}
