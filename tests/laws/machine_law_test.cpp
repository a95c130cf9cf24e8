#include <catch2/catch.hpp>

#include "kinds/proxmox/machine.h"
#include "laws/laws.h"
#include "laws/manifests.h"
#include "laws/proxmox_world.h"

using namespace aegis;
using namespace aegis::laws;

namespace {

/// A server and `machines`, in a manifest.
Wanted server_with(const std::string& machines) {
  return from_manifests({{"server.yaml", k_server_text}, {"machines.yaml", machines}});
}

/// One from a cloud image, one from an ISO image.
const Wanted k_two = server_with(R"(
machines:
  web:
    server: fsn1
    vmid: 200
    cores: 2
    memory: 1GiB
    scsihw: virtio-scsi-single
    disks:
      scsi0: { storage: local-zfs, import_from: "local:import/debian-12-generic-amd64.qcow2", size: 8GiB }
      scsi1: { storage: local-zfs, size: 4GiB }
    network: { net0: { bridge: vmbr1, ip: 10.10.10.50/24, gw: 10.10.10.1 } }
    usb: { usb0: { host: spice }, usb1: { mapping: stick } }
    cloudinit: { storage: local-zfs, user: ops, password: hunter2 }
  desk:
    server: fsn1
    vmid: 201
    bios: ovmf
    efidisk0: { storage: local-zfs, efitype: 4m }
    tpmstate0: { storage: local-zfs, version: v2.0 }
    disks:
      sata0: { storage: local-zfs, size: 8GiB }
      ide2: { cdrom: "local:iso/debian-12.9.0-amd64-netinst.iso" }
    state: stopped
)");

/// Hot and pending attributes, a grown disk, a new one, another power state.
const Wanted k_changed = server_with(R"(
machines:
  web:
    server: fsn1
    vmid: 200
    name: web.example.net
    cores: 4
    sockets: 2
    vcpus: 6
    cpu: host
    cpulimit: 3
    cpuunits: 200
    numa: true
    memory: 2GiB
    balloon: 1GiB
    ostype: l26
    machine: q35
    vga: serial0
    serial0: socket
    args: -S
    usb: { usb0: { host: "10C4:ea60", usb3: true }, usb2: { mapping: stick } }
    hostpci:
      hostpci0: { host: "0000:01:00", pcie: true, x_vga: true, rombar: false }
      hostpci1: { mapping: gpu, mdev: nvidia-47 }
    scsihw: virtio-scsi-single
    hotplug: [network, disk]
    agent: { enabled: true, fstrim_cloned_disks: true }
    disks:
      scsi0: { storage: local-zfs, import_from: "local:import/debian-12-generic-amd64.qcow2", size: 16GiB, ssd: true, discard: true }
      scsi1: { storage: local-zfs, size: 6GiB, backup: false, mbps_rd: 100 }
      virtio2: { storage: local-zfs, import_from: "local:import/debian-12-generic-amd64.qcow2", size: 1GiB }
    network:
      net0: { bridge: vmbr0, model: e1000, ip: dhcp, firewall: true }
      net1: { bridge: vmbr1, tag: 20 }
    cloudinit:
      storage: local-zfs
      user: root
      ssh_keys: [ssh-ed25519 AAAA a]
      nameserver: 9.9.9.9
      searchdomain: example.net
      upgrade: false
      type: nocloud
    boot: [scsi0, net1]
    onboot: true
    startup: { order: 1, up: 30 }
    tags: [production]
    description: the shop
  desk:
    server: fsn1
    vmid: 201
    bios: ovmf
    efidisk0: { storage: local-zfs, efitype: 4m }
    tpmstate0: { storage: local-zfs, version: v2.0 }
    disks:
      sata0: { storage: local-zfs, size: 8GiB }
      ide2: { cdrom: none }
    usb: { usb0: { host: 1-1.2 } }
    hostpci: { hostpci0: { host: "01:00.0;01:00.1" } }
    state: started
)");

/// As changed, with all that need not be said left out; disks never shrink.
const Wanted k_taken_away = server_with(R"(
machines:
  web:
    server: fsn1
    vmid: 200
    disks:
      scsi0: { storage: local-zfs, size: 16GiB }
      scsi1: { storage: local-zfs, size: 6GiB }
  desk:
    server: fsn1
    vmid: 201
    bios: ovmf
    efidisk0: { storage: local-zfs, efitype: 4m }
    tpmstate0: { storage: local-zfs, version: v2.0 }
    disks:
      sata0: { storage: local-zfs, size: 8GiB }
    state: stopped
)");

const std::string k_original = R"(
machines:
  original:
    server: fsn1
    vmid: 900
    cores: 2
    disks: { scsi0: { storage: local-zfs, size: 8GiB } }
    network: { net0: { bridge: vmbr1 } }
    cloudinit: { storage: local-zfs, user: ops }
    state: stopped
)";

const std::string k_copy = R"(
  copy:
    server: fsn1
    vmid: 202
    clone: { vmid: 900, full: true }
    memory: 1GiB
    disks: { scsi0: { storage: local-zfs, size: 10GiB } }
    network: { net0: { bridge: vmbr0, ip: dhcp } }
    cloudinit: { storage: local-zfs, password: hunter2 }
    description: a copy
)";

const Wanted k_none = server_with("machines: {}\n");

LawCase case_of(std::vector<Wanted> stages) {
  return {std::move(stages), {&machine_kind(), 1}, make_proxmox_world, {}};
}

void check_laws(const LawCase& law_case) {
  CHECK(violations_of_rest(law_case) == std::vector<std::string>{});
  CHECK(violations_of_convergence(law_case) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("machines that are made keep the laws") {
  check_laws(case_of({k_two}));
}

TEST_CASE("machines that are changed keep the laws") {
  check_laws(case_of({k_two, k_changed}));
}

TEST_CASE("machines whose attributes are taken away keep the laws") {
  check_laws(case_of({k_changed, k_taken_away}));
}

TEST_CASE("machines that are cloned keep the laws") {
  check_laws(case_of({server_with(k_original), server_with(k_original + k_copy)}));
}

TEST_CASE("machines that are removed keep the laws") {
  LawCase removal = case_of({k_two, k_none});
  removal.options.prune = true;
  check_laws(removal);
}
