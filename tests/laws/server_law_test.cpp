#include <catch2/catch.hpp>

#include "kinds/proxmox/content/template.h"
#include "kinds/proxmox/node/interface.h"
#include "kinds/proxmox/node/setting.h"
#include "laws/laws.h"
#include "laws/manifests.h"
#include "laws/proxmox_world.h"

using namespace aegis;
using namespace aegis::laws;

namespace {

/// A server with `sections`, in a manifest.
Wanted server_with(const std::string& sections) {
  return from_manifests({{"server.yaml", std::string(k_server_text) + sections}});
}

const Wanted k_made = server_with(R"(
    interfaces:
      vmbr7: { type: bridge, bridge_ports: [bond0.7], cidr: 10.7.0.1/24, comments: storage }
      vmbr8: { type: bridge, cidr: 10.8.0.1/24, mtu: 9000 }
      bond0: { type: bond, slaves: [enp5s0, enp6s0], bond_mode: 802.3ad }
      bond0.7: { type: vlan }
)");

/// Values that change, that go, and an interface of another type.
const Wanted k_changed = server_with(R"(
    interfaces:
      vmbr7: { type: bridge, cidr: 10.7.0.2/24, gateway: 10.7.0.254, bridge_vlan_aware: true }
      vmbr8: { type: bridge, autostart: false }
      bond0: { type: bridge }
      bond0.7: { type: vlan, mtu: 1400 }
)");

const Wanted k_one_left = server_with("    interfaces: { vmbr8: { type: bridge } }\n");

const Wanted k_settings = server_with(R"(
    dns: { search: example.net, nameservers: [1.1.1.1, 8.8.8.8] }
    hosts: { entries: { 10.10.10.103: [aegis.lan, aegis] } }
    time: { timezone: Europe/Berlin }
    options: { keyboard: de, next-id: { lower: 200 }, tag-style: { color-map: { a: "ff0000" } } }
    repositories: { enterprise: false, no-subscription: true, test: false }
    facts: { memory: 1GiB }
)");

const Wanted k_other_settings = server_with(R"(
    dns: { search: example.org, nameservers: [9.9.9.9] }
    hosts: { entries: { 10.10.10.104: [db.lan] } }
    time: { timezone: UTC }
    options: { language: de, migration: { type: insecure, network: 10.1.0.0/24 } }
    repositories: { enterprise: true, no-subscription: false }
)");

const Wanted k_templates = server_with(R"(
    templates:
      ubuntu-22.04-standard_22.04-1_amd64.tar.zst: { storage: local }
      debian-12-standard_12.7-1_amd64.tar.zst: { storage: local }
      a.iso: { storage: local, url: "https://images.example.net/a.iso" }
)");

void check_laws(const Kind& kind, std::vector<Wanted> stages, bool prune = false) {
  LawCase law_case{std::move(stages), {&kind, 1}, make_proxmox_world, {}};
  law_case.options.prune = prune;
  CHECK(violations_of_rest(law_case) == std::vector<std::string>{});
  CHECK(violations_of_convergence(law_case) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("interfaces that are made keep the laws") {
  check_laws(interface_kind(), {k_made});
}

TEST_CASE("interfaces that are changed keep the laws") {
  check_laws(interface_kind(), {k_made, k_changed});
}

TEST_CASE("interfaces that are removed keep the laws") {
  check_laws(interface_kind(), {k_made, k_one_left}, true);
}

TEST_CASE("templates keep the laws") {
  check_laws(template_kind(), {k_templates});
}

TEST_CASE("settings keep the laws") {
  check_laws(setting_kind(), {k_settings});
  check_laws(setting_kind(), {k_settings, k_other_settings});
}
