#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "kinds/proxmox/rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

struct DoorCase {
  std::string what;
  Json before;
  Json after;
  bool needs_root;
};

Json features(const Json& features) {
  return {{"features", features}};
}

Json bind(const Json& more = Json::object()) {
  Json disk{{"volume", "/srv"}, {"mp", "/srv"}};
  disk.merge_patch(more);
  return {{"mount_points", {{"mp1", disk}}}};
}

const Json k_none = Json::object();
const Json k_privileged{{"unprivileged", false}};

const Json k_tunnel{{"devices", {{"dev0", {{"path", "/dev/net/tun"}}}}}};
const Json k_hook{{"hookscript", "local:snippets/a.sh"}};

Json with_cores(Json more) {
  more["cores"] = 2;
  return more;
}

Json privileged(Json more) {
  more["unprivileged"] = false;
  return more;
}

/// The table of what an API token may do and what only root@pam may, by what changes.
std::vector<DoorCase> door_cases() {
  return {
      {"nesting is set", k_none, features({{"nesting", true}}), false},
      {"keyctl is set", k_none, features({{"keyctl", true}}), true},
      {"fuse is set", k_none, features({{"fuse", true}}), true},
      {"mounts are set", k_none, features({{"mount", {"nfs", "cifs"}}}), true},
      {"nesting and keyctl are set", k_none, features({{"nesting", true}, {"keyctl", true}}), true},
      {"nesting goes", features({{"nesting", true}}), k_none, false},
      {"nesting is added to keyctl",
       features({{"keyctl", true}}),
       features({{"nesting", true}, {"keyctl", true}}),
       false},
      {"nesting goes from beside keyctl",
       features({{"nesting", true}, {"keyctl", true}}),
       features({{"keyctl", true}}),
       false},
      {"keyctl goes", features({{"keyctl", true}}), k_none, true},
      {"nesting of a privileged one",
       k_privileged,
       privileged(features({{"nesting", true}})),
       true},
      {"a bind mount is set", k_none, bind(), true},
      {"a bind mount changes", bind(), bind({{"ro", true}}), true},
      {"a bind mount goes", bind(), k_none, false},
      {"cores of one with keyctl",
       features({{"keyctl", true}}),
       {{"features", {{"keyctl", true}}}, {"cores", 2}},
       false},
      {"tags", k_none, {{"tags", {"a"}}}, false},
      {"a device is set", k_none, k_tunnel, true},
      {"a device changes",
       k_tunnel,
       {{"devices", {{"dev0", {{"path", "/dev/net/tun"}, {"mode", "0666"}}}}}},
       true},
      {"a device goes", k_tunnel, k_none, true},
      {"cores of one with a device", k_tunnel, with_cores(k_tunnel), false},
      {"a hook script is set", k_none, k_hook, true},
      {"a hook script goes", k_hook, k_none, true},
      {"cores of one with a hook script", k_hook, with_cores(k_hook), false},
      {"the console", k_none, {{"console", false}, {"cmode", "shell"}, {"tty", 1}}, false},
  };
}

Json usb(const Json& device) {
  return {{"usb", {{"usb0", device}}}};
}

Json pci(const Json& device) {
  return {{"hostpci", {{"hostpci0", device}}}};
}

const Json k_args{{"args", "-S"}};
const Json k_port{{"serial0", "/dev/ttyS0"}};
const Json k_stick = usb({{"host", "10c4:ea60"}});
const Json k_mapped = usb({{"mapping", "stick"}});
const Json k_gpu = pci({{"host", "0000:01:00"}});

/// The same of machines.
std::vector<DoorCase> machine_door_cases() {
  return {
      {"arguments are set", k_none, k_args, true},
      {"arguments go", k_args, k_none, true},
      {"cores of one with arguments", k_args, with_cores(k_args), false},
      {"a port of the host is set", k_none, k_port, true},
      {"a port of the host goes", k_port, k_none, true},
      {"a port of the host turns into a socket", k_port, {{"serial0", "socket"}}, true},
      {"a serial socket", k_none, {{"serial0", "socket"}}, false},
      {"a stick of the host is set", k_none, k_stick, true},
      {"a stick of the host goes", k_stick, k_none, true},
      {"a stick of the host turns into a mapping", k_stick, k_mapped, true},
      {"a mapped stick is set", k_none, k_mapped, false},
      {"a mapped stick changes", k_mapped, usb({{"mapping", "stick"}, {"usb3", true}}), false},
      {"a mapped stick goes", k_mapped, k_none, false},
      {"what the viewer passes on", k_none, usb({{"host", "spice"}}), false},
      {"a card of the host is set", k_none, k_gpu, true},
      {"a card of the host changes", k_gpu, pci({{"host", "0000:01:00"}, {"x_vga", true}}), true},
      {"a card of the host goes", k_gpu, k_none, true},
      {"a mapped card is set", k_none, pci({{"mapping", "gpu"}}), false},
      {"a mapped card goes", pci({{"mapping", "gpu"}}), k_none, false},
      {"cores of one with a card", k_gpu, with_cores(k_gpu), false},
  };
}

/// A token that may do everything that is not root's.
std::string administrator(GuestRig& rig) {
  return std::string(rig.host().root_token().reveal());
}

Json merged(Json spec, const Json& more) {
  spec.merge_patch(more);
  return spec;
}

/// The three ways in: root's ticket, a token beside the root way, a token alone.
enum class Way { root, both, token };

/// Brings the guest from before to after by one of the ways; the paths that are root's alone.
template <class Rig>
std::set<std::string> check_door(const DoorCase& door, const Json& spec, Way way) {
  Rig rig(with_files({"local:snippets/a.sh"}));
  rig.settings()["sections"] = {"machines"};
  rig.want("web", merged(spec, door.before));
  rig.converge();
  rig.want("web", merged(spec, door.after));
  rig.set_root(way != Way::token);
  if (way != Way::root) rig.http().use_token(administrator(rig));
  const Plan plan = rig.plan();
  REQUIRE(plan.changes.size() == 1);
  const Change& change = plan.changes.front();
  std::set<std::string> paths;
  for (const AttributeChange& attribute : change.attributes) {
    if (attribute.door == Door::root) paths.insert(attribute.path);
  }
  CHECK(paths.empty() == !door.needs_root);
  // Told at plan time, by its name: never found out while applying.
  const bool is_blocked = way == Way::token && door.needs_root;
  CHECK(change.blocked.empty() == !is_blocked);
  CHECK(plan.steps.empty() == is_blocked);
  for (const std::string& path : paths) {
    if (is_blocked) CHECK(change.blocked.find(path) != std::string::npos);
  }
  if (!is_blocked) rig.converge();
  return paths;
}

/// Every rule that says "root" has a case, and every case every way.
template <class Rig>
void check_doors(const std::vector<DoorCase>& cases, const Json& spec, const Kind& kind) {
  std::set<std::string> seen;
  for (const DoorCase& door : cases) {
    for (const Way way : {Way::root, Way::both, Way::token}) {
      INFO(door.what << ", way " << static_cast<int>(way));
      seen.merge(check_door<Rig>(door, spec, way));
    }
  }
  for (const AttributeRule& rule : kind.rules) {
    // Raw lines take a shell, and have tests of their own.
    if (rule.door != Door::root || rule.path == "lxc") continue;
    INFO(rule.path);
    CHECK(std::any_of(seen.begin(), seen.end(), [&](const std::string& path) {
      return path.starts_with(rule.path);
    }));
  }
}

}  // namespace

TEST_CASE("each change of a container goes through the door that Proxmox demands for it") {
  check_doors<ContainerRig>(door_cases(), container_spec(103), container_kind());
}

TEST_CASE("each change of a machine goes through the door that Proxmox demands for it") {
  check_doors<MachineRig>(machine_door_cases(), machine_spec(200), machine_kind());
}

TEST_CASE("a token makes containers with nesting; other features and bind mounts are root's") {
  for (const auto& [more, needs_root] :
       {std::pair{features({{"nesting", true}}), false},
        std::pair{features({{"nesting", true}, {"keyctl", true}}), true},
        std::pair{privileged(features({{"nesting", true}})), true},
        std::pair{bind(), true}}) {
    INFO(more);
    ContainerRig rig;
    rig.http().use_token(administrator(rig));
    rig.set_root(false);
    rig.want("web", container_spec(103, more));
    CHECK(rig.plan().changes.front().blocked.empty() == !needs_root);
    rig.set_root(true);
    rig.converge();
  }
}

TEST_CASE("one change of free and of root's keys is made in separate calls") {
  ContainerRig rig;
  rig.http().use_token(administrator(rig));
  rig.want("web", container_spec(103));
  rig.converge();
  rig.want("web", container_spec(103, {{"cores", 2}, {"features", {{"keyctl", true}}}}));
  const Plan plan = rig.plan();
  REQUIRE(operations_of(plan) == "configure, configure, reboot");
  CHECK(plan.steps[0].input["as_root"] == false);
  CHECK(plan.steps[1].input["as_root"] == true);
  rig.converge();
}
