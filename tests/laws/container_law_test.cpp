#include <catch2/catch.hpp>

#include "kinds/proxmox/container.h"
#include "laws/laws.h"
#include "laws/manifests.h"
#include "laws/proxmox_world.h"

using namespace aegis;
using namespace aegis::laws;

namespace {

/// A server and `containers`, in a manifest.
Wanted server_with(const std::string& containers) {
  return from_manifests({{"server.yaml", k_server_text}, {"containers.yaml", containers}});
}

const Wanted k_two = server_with(R"(
containers:
  web:
    server: fsn1
    vmid: 103
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    cores: 2
    memory: 1GiB
    rootfs: { storage: local-zfs, size: 8GiB }
    mount_points:
      mp0: { storage: local-zfs, size: 4GiB, mp: /srv }
    features: { nesting: true }
    network: { eth0: { bridge: vmbr1, ip: 10.10.10.103/24, gw: 10.10.10.1 } }
    state: started
  db:
    server: fsn1
    vmid: 104
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    rootfs: { storage: local-zfs, size: 8GiB }
    state: stopped
)");

/// Hot and pending attributes, a grown disk, a new disk, another power state.
const Wanted k_changed = server_with(R"(
containers:
  web:
    server: fsn1
    vmid: 103
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    cores: 4
    memory: 2GiB
    rootfs: { storage: local-zfs, size: 16GiB }
    mount_points:
      mp0: { storage: local-zfs, size: 6GiB, mp: /srv }
      mp1: { storage: local-zfs, size: 1GiB, mp: /opt }
    features: { nesting: true, keyctl: true }
    network: { eth0: { bridge: vmbr0, ip: dhcp } }
    nameserver: 9.9.9.9
    devices: { dev0: { path: /dev/net/tun }, dev1: { path: /dev/fuse, mode: "0666" } }
    hookscript: local:snippets/web-hook.sh
    cmode: shell
    onboot: true
    state: started
  db:
    server: fsn1
    vmid: 104
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    rootfs: { storage: local-zfs, size: 8GiB }
    description: the database
    state: started
)");

/// As changed, with all that need not be said left out; disks never shrink.
const Wanted k_taken_away = server_with(R"(
containers:
  web:
    server: fsn1
    vmid: 103
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    rootfs: { storage: local-zfs, size: 16GiB }
    mount_points:
      mp0: { storage: local-zfs, size: 6GiB, mp: /srv }
    state: started
  db:
    server: fsn1
    vmid: 104
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    rootfs: { storage: local-zfs, size: 8GiB }
    state: stopped
)");

/// The same server with root's shell, and a container with `lines`.
Wanted with_raw_lines(const std::string& lines) {
  constexpr const char* k_reached = R"(
servers:
  fsn1:
    ssh: { host: 203.0.113.15 }
    proxmox: { node: pve, url: "https://127.0.0.1:8006", user: root@pam, password: simulator }
)";
  return from_manifests({{"server.yaml", k_reached}, {"containers.yaml", R"(
containers:
  web:
    server: fsn1
    vmid: 103
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    rootfs: { storage: local-zfs, size: 8GiB }
    lxc: )" + lines}});
}

const Wanted k_mapped = with_raw_lines(R"(
      - lxc.idmap: u 0 100000 1000
      - lxc.idmap: u 1000 1000 1
      - lxc.idmap: g 0 100000 65536
    description: mapped
)");

/// Other lines, and besides something that waits for the restart.
const Wanted k_mapped_otherwise = with_raw_lines(R"(
      - lxc.mount.entry: /dev/kvm dev/kvm none bind,optional,create=file
      - lxc.idmap: b 0 100000 65536
      - lxc.cap.drop: ""
    nameserver: 9.9.9.9
)");

const Wanted k_unmapped = with_raw_lines("[]\n");

constexpr const char* k_original = R"(
containers:
  base:
    server: fsn1
    vmid: 900
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    memory: 2GiB
    cores: 2
    rootfs: { storage: local-zfs, size: 4GiB }
    mount_points:
      mp0: { storage: local-zfs, size: 2GiB, mp: /srv }
      mp1: { storage: local-zfs, size: 1GiB, mp: /opt }
    network: { eth0: { bridge: vmbr1, ip: 10.10.10.90/24 }, eth1: { bridge: vmbr0, ip: dhcp } }
    nameserver: 9.9.9.9
    state: stopped
)";

constexpr const char* k_copy = R"(
  copy:
    server: fsn1
    vmid: 103
    clone: { vmid: 900 }
    memory: 1GiB
    rootfs: { storage: local-zfs, size: 6GiB }
    mount_points:
      mp0: { storage: local-zfs, size: 3GiB, mp: /data, backup: true }
    devices: { dev0: { path: /dev/net/tun } }
    network: { eth0: { bridge: vmbr0, ip: 10.10.10.103/24 }, eth2: { bridge: vmbr1, ip: dhcp } }
    description: a copy
    protection: true
)";

const Wanted k_none = server_with("containers: {}\n");

LawCase case_of(std::vector<Wanted> stages) {
  return {std::move(stages), {&container_kind(), 1}, make_proxmox_world, {}};
}

void check_laws(const LawCase& law_case) {
  CHECK(violations_of_rest(law_case) == std::vector<std::string>{});
  CHECK(violations_of_convergence(law_case) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("containers that are made keep the laws") {
  check_laws(case_of({k_two}));
}

TEST_CASE("containers that are changed keep the laws") {
  check_laws(case_of({k_two, k_changed}));
}

TEST_CASE("containers whose attributes are taken away keep the laws") {
  check_laws(case_of({k_changed, k_taken_away}));
}

TEST_CASE("containers that are removed keep the laws") {
  LawCase removal = case_of({k_two, k_none});
  removal.options.prune = true;
  check_laws(removal);
}

TEST_CASE("containers with raw lines keep the laws") {
  check_laws(case_of({k_mapped}));
}

TEST_CASE("raw lines that change keep the laws") {
  check_laws(case_of({k_mapped, k_mapped_otherwise}));
}

TEST_CASE("raw lines that are taken away keep the laws") {
  check_laws(case_of({k_mapped_otherwise, k_unmapped}));
}

TEST_CASE("containers that are cloned keep the laws") {
  check_laws(case_of({server_with(k_original), server_with(std::string(k_original) + k_copy)}));
}

TEST_CASE("a container and its clone that are made together keep the laws") {
  check_laws(case_of({server_with(std::string(k_original) + k_copy)}));
}
