#include <algorithm>
#include <catch2/catch.hpp>

#include "manifest/load.h"
#include "manifest/project_folder.h"
#include "support/source_folder.h"

namespace aegis::test {
namespace {

constexpr const char* k_server = R"(
servers:
  fsn1:
    ssh: { host: 203.0.113.15 }
)";

// There is one complaint about a project with one server and these sections, and it says `part`.
void check_one(const std::string& sections, const std::string& part) {
  ProjectFolder folder;
  folder.write("aegis.yaml", k_server + sections);
  const Manifests manifests = folder.load();
  REQUIRE(manifests.diagnostics.size() == 1);
  const Diagnostic& only = manifests.diagnostics.front();
  CHECK((only.summary + ": " + only.detail).find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("the example of machines is right") {
  Vault vault;
  const auto nothing = [](const std::string&) { return std::optional<std::string>(); };
  const Manifests manifests = load(source_folder() / "examples/machines", nothing, vault);
  for (const Diagnostic& diagnostic : manifests.diagnostics) {
    FAIL_CHECK(diagnostic.summary << ": " << diagnostic.detail);
  }
  const Resource& copy = manifests.desired.resources.at({"", "machine", "staging"});
  CHECK(copy.depends_on == std::vector<Address>{{"", "machine", "web"}});
}

TEST_CASE("a vmid that a container and a machine share is reported") {
  check_one(R"(
containers:
  web: { server: fsn1, vmid: 200, rootfs: { storage: local-zfs, size: 8GiB } }
machines:
  desk: { server: fsn1, vmid: 200 }
)",
            "200 is container/web's number on this server.");
}

TEST_CASE("an address that a container and a machine share is warned of") {
  check_one(R"(
containers:
  web:
    server: fsn1
    vmid: 100
    rootfs: { storage: local-zfs, size: 8GiB }
    network: { eth0: { bridge: vmbr1, ip: 10.10.10.5/24 } }
machines:
  desk:
    server: fsn1
    vmid: 200
    network: { net0: { bridge: vmbr1, ip: 10.10.10.5/24 } }
    cloudinit: { storage: local-zfs }
)",
            "an address is used twice");
}

TEST_CASE("an address that nobody would give the guest is reported") {
  check_one(R"(
machines:
  desk:
    server: fsn1
    vmid: 200
    network: { net0: { bridge: vmbr1, ip: 10.10.10.5/24 } }
)",
            "an address without cloud-init");
}

TEST_CASE("a device of the host is named, or mapped, and PCI Express has its machine type") {
  check_one(R"(
machines:
  desk: { server: fsn1, vmid: 200, usb: { usb0: { usb3: true } } }
)",
            "usb0 takes either `host` or `mapping`.");
  check_one(R"(
machines:
  desk: { server: fsn1, vmid: 200, hostpci: { hostpci0: { host: "01:00", mapping: gpu } } }
)",
            "hostpci0 takes either `host` or `mapping`.");
  check_one(R"(
machines:
  desk: { server: fsn1, vmid: 200, hostpci: { hostpci0: { mapping: gpu, pcie: true } } }
)",
            "Only `machine: q35` has PCI Express.");
}

TEST_CASE("memory that Proxmox refuses is reported") {
  check_one(R"(
machines:
  desk: { server: fsn1, vmid: 200, memory: 8MiB }
)",
            "machine/desk gets 8MiB; a machine has at least 16MiB.");
  check_one(R"(
machines:
  desk: { server: fsn1, vmid: 200, balloon: 1GiB }
)",
            "It is at most its `memory`, 512MiB.");
}

TEST_CASE("a disk has one source, and a device one use") {
  check_one(R"(
machines:
  desk: { server: fsn1, vmid: 200, disks: { scsi0: { storage: local-zfs } } }
)",
            "a disk without one source");
  check_one(R"(
machines:
  desk:
    server: fsn1
    vmid: 200
    disks: { ide2: { cdrom: none } }
    cloudinit: { storage: local-zfs }
)",
            "ide2 is the cloud-init drive");
  check_one(R"(
machines:
  desk: { server: fsn1, vmid: 200, boot: [scsi0] }
)",
            "The machine has no scsi0 to start from.");
}

TEST_CASE("an empty section of machines is managed") {
  ProjectFolder folder;
  folder.write("aegis.yaml", std::string(k_server) + "machines: {}\n");
  const Manifests manifests = folder.load();
  const Json& sections = get(manifests.desired.scopes.at("server/fsn1").settings, "sections");
  CHECK(std::find(sections.begin(), sections.end(), "machines") != sections.end());
}

}  // namespace aegis::test
