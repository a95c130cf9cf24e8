#include <catch2/catch.hpp>

#include "kinds/proxmox/container.h"
#include "kinds/proxmox/machine.h"
#include "laws/laws.h"
#include "laws/manifests.h"
#include "laws/proxmox_world.h"

using namespace aegis;
using namespace aegis::laws;

namespace {

const char* const k_cluster = R"(
servers:
  fsn1:
    proxmox: { node: pve, url: "https://127.0.0.1:8006", user: root@pam, password: simulator }
  fsn2:
    proxmox: { node: fsn2, url: "https://127.0.0.1:8006", user: root@pam, password: simulator }
)";

/// Two servers that are nodes of one cluster, and guests on them.
Wanted cluster_with(const std::string& guests) {
  return from_manifests({{"servers.yaml", k_cluster}, {"guests.yaml", guests}});
}

std::string container_on(const std::string& server,
                         const std::string& state,
                         const std::string& more = {}) {
  return R"(
containers:
  web:
    vmid: 103
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    rootfs: { storage: local-zfs, size: 8GiB }
    mount_points:
      mp0: { storage: local-zfs, size: 4GiB, mp: /srv }
    server: )" +
         server + "\n    state: " + state + "\n" + more;
}

std::string machine_on(const std::string& server,
                       const std::string& state,
                       const std::string& more = {}) {
  return R"(
machines:
  win:
    vmid: 200
    disks: { scsi0: { storage: local-zfs, size: 8GiB } }
    cloudinit: { storage: local-zfs, user: admin }
    server: )" +
         server + "\n    state: " + state + "\n" + more;
}

const std::string k_changed_container = R"(
    memory: 1GiB
    nameserver: 9.9.9.9
    network: { eth0: { bridge: vmbr1, ip: 10.10.10.103/24 } }
    hostname: moved
)";

const std::string k_changed_machine = R"(
    memory: 1GiB
    network: { net0: { model: virtio, bridge: vmbr1 } }
    name: moved
)";

void check_move(const std::string& before, const std::string& after) {
  const LawCase law_case{{cluster_with(before), cluster_with(after)}, {}, make_proxmox_world, {}};
  for (const Kind* kind : {&container_kind(), &machine_kind()}) {
    const bool is_container = before.find("containers:") != std::string::npos;
    if ((kind == &container_kind()) != is_container) continue;
    LawCase of_kind = law_case;
    of_kind.kinds = {kind, 1};
    CHECK(violations_of_rest(of_kind) == std::vector<std::string>{});
    CHECK(violations_of_convergence(of_kind) == std::vector<std::string>{});
  }
}

}  // namespace

TEST_CASE("a container that moves to another node keeps the laws") {
  const std::string state = GENERATE("started", "stopped");
  check_move(container_on("fsn1", state), container_on("fsn2", state));
}

TEST_CASE("a container that moves and changes keeps the laws") {
  check_move(container_on("fsn1", "started"), container_on("fsn2", "started", k_changed_container));
}

TEST_CASE("a container that moves and is stopped or started keeps the laws") {
  check_move(container_on("fsn1", "started"), container_on("fsn2", "stopped"));
  check_move(container_on("fsn1", "stopped"), container_on("fsn2", "started"));
}

TEST_CASE("a machine that moves to another node keeps the laws") {
  const std::string state = GENERATE("started", "stopped");
  check_move(machine_on("fsn1", state), machine_on("fsn2", state));
}

TEST_CASE("a machine that moves and changes keeps the laws") {
  check_move(machine_on("fsn1", "started"), machine_on("fsn2", "started", k_changed_machine));
}
