#include <catch2/catch.hpp>

#include "kinds/proxmox/rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr std::int64_t k_gibibyte = std::int64_t{1} << 30;

simulator::SimulatorOptions with_storage(const std::string& type, std::int64_t total) {
  simulator::SimulatorOptions options;
  options.storages.push_back({"small", type, "images,rootdir", total});
  return options;
}

/// What the manifests declare, as their reader tells the kinds.
Json guest(const std::string& kind, int vmid, std::int64_t memory, bool runs = true) {
  return {{"kind", kind}, {"vmid", vmid}, {"memory", memory}, {"runs", runs}};
}

Diagnostics notes_on(GuestRig& rig, const std::string& name, const std::string& kind) {
  return rig.observe().objects.at({"", kind, name}).notes;
}

Diagnostics notes_on(ContainerRig& rig, const std::string& name) {
  return notes_on(rig, name, "container");
}

Json on_small(const std::string& size) {
  return {{"rootfs", {{"storage", "small"}, {"size", size}}}};
}

}  // namespace

TEST_CASE("guests that may use more memory than the host has are told, with both values") {
  simulator::SimulatorOptions options;
  options.host_memory = 64 * k_gibibyte;
  ContainerRig rig(options);
  rig.want("web", container_spec(103, {{"memory", "40GiB"}}));
  rig.settings()["guests"] = Json::array({guest("container", 103, 40 * k_gibibyte)});
  CHECK_FALSE(has_note(notes_on(rig, "web"), Severity::warning, "of memory"));

  // One that was made by hand and runs; one that does not run.
  rig.host().populate(
      {.count = 1, .first_vmid = 200, .running = true, .config = {{"memory", "30720"}}});
  rig.host().populate({.count = 1, .first_vmid = 300, .config = {{"memory", "30720"}}});
  CHECK(
      has_note(notes_on(rig, "web"),
               Severity::warning,
               "has 64GiB of memory, and the guests that are to run on it may use 70GiB, 30GiB of "
               "it in a guest that no manifest has"));

  // What is declared counts as it is declared, not as it is.
  rig.settings()["guests"] = Json::array({guest("container", 103, 40 * k_gibibyte),
                                          guest("container", 200, k_gibibyte),
                                          guest("machine", 104, 30 * k_gibibyte, false)});
  CHECK_FALSE(has_note(notes_on(rig, "web"), Severity::warning, "of memory"));
  rig.settings()["guests"].push_back(guest("machine", 105, 30 * k_gibibyte));
  CHECK(has_note(notes_on(rig, "web"), Severity::warning, "may use 71GiB. When"));
}

TEST_CASE("a server's memory is told of once, by containers where there are some") {
  simulator::SimulatorOptions options;
  options.host_memory = k_gibibyte;
  MachineRig rig(options);
  rig.settings()["sections"] = {"machines"};
  rig.want("box", machine_spec(103));
  rig.settings()["guests"] = Json::array({guest("machine", 103, 2 * k_gibibyte)});
  CHECK(has_note(notes_on(rig, "box", "machine"), Severity::warning, "may use 2GiB"));
  rig.settings()["guests"] =
      Json::array({guest("container", 101, k_gibibyte), guest("machine", 103, 2 * k_gibibyte)});
  CHECK_FALSE(has_note(notes_on(rig, "box", "machine"), Severity::warning, "of memory"));
}

TEST_CASE("disks that are larger than what is free are told before they are made") {
  ContainerRig rig(with_storage("lvmthin", 20 * k_gibibyte));
  rig.want("web", container_spec(103, on_small("12GiB")));
  CHECK_FALSE(has_note(notes_on(rig, "web"), Severity::warning, "small"));
  rig.want("web", container_spec(103, on_small("21GiB")));
  CHECK(has_note(
      notes_on(rig, "web"), Severity::warning, "wants 21GiB more on small, where 20GiB are free"));
  // Each alone would fit.
  rig.want("web", container_spec(103, on_small("12GiB")));
  rig.want("db", container_spec(104, on_small("11GiB")));
  CHECK(has_note(notes_on(rig, "web"),
                 Severity::warning,
                 "wants 12GiB more on small, together with others 23GiB, where 20GiB are free"));
}

TEST_CASE("only what a disk grows by is looked for") {
  ContainerRig rig(with_storage("lvmthin", 20 * k_gibibyte));
  rig.want("web", container_spec(103, on_small("12GiB")));
  rig.converge();
  CHECK_FALSE(has_note(notes_on(rig, "web"), Severity::warning, "small"));
  rig.want("web", container_spec(103, on_small("18GiB")));
  CHECK_FALSE(has_note(notes_on(rig, "web"), Severity::warning, "small"));
  rig.want("web", container_spec(103, on_small("24GiB")));
  CHECK(has_note(notes_on(rig, "web"), Severity::warning, "wants 12GiB more on small"));
}

TEST_CASE("a volume that takes all of its size at once is an error where there is no room") {
  ContainerRig rig(with_storage("lvm", 20 * k_gibibyte));
  rig.want("web", container_spec(103, on_small("21GiB")));
  CHECK(has_note(notes_on(rig, "web"), Severity::error, "so it cannot be made"));
  CHECK(rig.plan().steps.empty());
  rig.want("web", container_spec(103, on_small("20GiB")));
  CHECK_FALSE(rig.plan().steps.empty());
}

TEST_CASE("disks of machines are looked at too") {
  MachineRig rig(with_storage("lvmthin", 20 * k_gibibyte));
  rig.settings()["sections"] = {"machines"};
  const Json disks = {{"scsi0", {{"storage", "small"}, {"size", "30GiB"}}}};
  rig.want("box", machine_spec(103, {{"disks", disks}}));
  CHECK(has_note(notes_on(rig, "box", "machine"), Severity::warning, "wants 30GiB more on small"));
}
