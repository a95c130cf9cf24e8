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
