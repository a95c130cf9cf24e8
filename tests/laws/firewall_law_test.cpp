#include <array>
#include <catch2/catch.hpp>

#include "engine/apply.h"
#include "engine/observe.h"
#include "kinds/proxmox/container.h"
#include "kinds/proxmox/firewall/firewall.h"
#include "kinds/proxmox/machine.h"
#include "laws/laws.h"
#include "laws/manifests.h"
#include "laws/proxmox_world.h"
#include "support/quiet_run.h"

using namespace aegis;
using namespace aegis::laws;

namespace {

// A server whose `firewall` is the text, and one container.
Wanted server_with(const std::string& firewall, const std::string& of_container = "") {
  return from_manifests(
      {{"server.yaml", std::string(k_server_text) + firewall}, {"containers.yaml", R"(
containers:
  web:
    server: fsn1
    vmid: 103
    template: "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
    rootfs: { storage: local-zfs, size: 8GiB }
    network: { eth0: { bridge: vmbr1, ip: dhcp, firewall: true } }
    state: stopped
)" + of_container}});
}

const std::string k_full_server = R"(
    firewall:
      datacenter:
        enable: true
        policy_out: REJECT
        log_ratelimit: { rate: 10/minute }
        aliases: { office: 198.51.100.0/24, Home: { cidr: 198.51.100.7, comment: home } }
        ipsets:
          management: [office, { cidr: 203.0.113.9, comment: ops }]
          guests: { comment: ours, entries: [10.10.10.0/24, { cidr: 10.10.10.1, nomatch: true }] }
        groups:
          web: [{ in: ACCEPT, macro: http }, { in: ACCEPT, macro: HTTPS, comment: tls }]
        rules:
          - { in: ACCEPT, macro: ping }
          - { in: ACCEPT, proto: tcp, dport: 9100, source: +guests }
          - { group: web }
          - { in: DROP, proto: tcp, dport: [23, 25], log: info }
      node:
        log_level_in: info
        nf_conntrack_max: 300000
        rules:
          - { in: ACCEPT, proto: udp, dport: 51820 }
          - { out: DROP, proto: tcp, dport: 25, enable: false }
)";

const std::string k_changed_server = R"(
    firewall:
      datacenter:
        enable: true
        policy_in: REJECT
        aliases: { office: { cidr: 198.51.100.0/25, comment: smaller }, lab: 192.0.2.0/24 }
        ipsets:
          management: [office, 203.0.113.10]
          guests: { comment: theirs, entries: [10.10.10.0/24, 10.10.10.1, lab] }
        groups:
          web: { comment: open, rules: [{ in: ACCEPT, macro: HTTPS, comment: tls }] }
          mail: [{ in: ACCEPT, macro: SMTP }]
        rules:
          - { in: DROP, proto: tcp, dport: [23, 25], log: warning }
          - { in: ACCEPT, proto: tcp, dport: 9100, source: +guests }
          - { in: ACCEPT, proto: tcp, dport: 9101, source: lab }
          - { group: mail }
          - { in: ACCEPT, macro: ping }
          - { in: REJECT, proto: udp }
      node:
        enable: false
        tcpflags: true
        rules:
          - { out: DROP, proto: tcp, dport: 25 }
          - { in: ACCEPT, proto: udp, dport: 51820, comment: wireguard }
)";

// What guards is taken down, level by level; the sections stay.
const std::string k_bare_server = R"(
    firewall:
      datacenter: {}
      node: {}
)";

const std::string k_full_container = R"(
    firewall:
      enable: true
      dhcp: false
      policy_out: DROP
      log_level_in: warning
      aliases: { proxy: 10.10.10.2 }
      ipsets: { ipfilter-net0: [10.10.10.103] }
      rules:
        - { in: ACCEPT, macro: HTTPS }
        - { in: ACCEPT, proto: tcp, dport: 80, source: proxy, iface: net0 }
        - { out: ACCEPT, proto: tcp, dport: "1024:65535" }
)";

const std::string k_changed_container = R"(
    firewall:
      enable: true
      macfilter: false
      rules:
        - { in: ACCEPT, proto: tcp, dport: 80 }
        - { in: ACCEPT, macro: HTTPS }
)";

const std::array k_kinds{container_kind(), firewall_kind()};

LawCase case_of(std::vector<Wanted> stages) {
  return {std::move(stages), k_kinds, make_proxmox_world, {}};
}

void check_laws(const LawCase& law_case) {
  CHECK(violations_of_rest(law_case) == std::vector<std::string>{});
  CHECK(violations_of_convergence(law_case) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("firewalls that are made keep the laws") {
  check_laws(case_of({server_with(k_full_server, k_full_container)}));
}

TEST_CASE("firewalls that are changed keep the laws") {
  check_laws(case_of({server_with(k_full_server, k_full_container),
                      server_with(k_changed_server, k_changed_container)}));
}

TEST_CASE("firewalls that are changed back keep the laws") {
  check_laws(case_of({server_with(k_changed_server, k_changed_container),
                      server_with(k_full_server, k_full_container)}));
}

TEST_CASE("firewalls whose content is taken away keep the laws") {
  check_laws(case_of({server_with(k_full_server, k_full_container),
                      server_with(k_bare_server, "\n    firewall: {}\n")}));
}

TEST_CASE("firewalls that are no longer declared keep the laws when they are removed") {
  LawCase removal = case_of({server_with(k_full_server), server_with("\n    firewall: {}\n")});
  removal.options.prune = true;
  check_laws(removal);
}

TEST_CASE("firewalls of virtual machines keep the laws") {
  const std::array<Kind, 2> kinds{machine_kind(), firewall_kind()};
  const auto box = [](const std::string& firewall) {
    return from_manifests({{"server.yaml", k_server_text}, {"machines.yaml", R"(
machines:
  box:
    server: fsn1
    vmid: 200
    memory: 1GiB
    disks: { scsi0: { storage: local-zfs, size: 4GiB } }
    network: { net0: { bridge: vmbr1, firewall: true } }
    state: stopped
)" + firewall}});
  };
  const Wanted full = box(R"(
    firewall:
      enable: true
      policy_out: REJECT
      ipfilter: true
      aliases: { office: 198.51.100.0/24 }
      ipsets: { ipfilter-net0: [10.10.10.20], ops: [office] }
      rules: [{ in: ACCEPT, macro: SSH, source: +ops, iface: net0 }, { in: DROP }]
)");
  const Wanted changed = box(R"(
    firewall:
      enable: true
      dhcp: false
      rules: [{ in: DROP, proto: udp }, { in: ACCEPT, macro: SSH }]
)");
  const Wanted bare = box("    firewall: {}\n");
  for (const std::vector<Wanted>& stages :
       {std::vector{full}, std::vector{full, changed}, std::vector{full, bare}}) {
    check_laws({stages, kinds, make_proxmox_world, {}});
  }
}

TEST_CASE("a container that is replaced has its firewall again") {
  const auto web = [](const char* unprivileged) {
    return server_with("", std::string("    unprivileged: ") + unprivileged + k_full_container);
  };
  const auto world = make_proxmox_world();
  const auto plan_of = [&](const Wanted& wanted, const PlanOptions& options) {
    Vault vault;
    const Desired desired = wanted(vault);
    const Observed observed = observe(desired, k_kinds, world->http(), world->shell(), vault);
    REQUIRE(observed.failures.empty());
    return make_plan(desired, observed.world, k_kinds, options);
  };
  const auto apply_plan = [&](const Plan& plan) {
    Vault vault;
    test::NoJournal journal;
    test::NoObserver watcher;
    const Effects effects{world->http(), world->shell(), world->clock(), vault};
    const Report report = apply(plan, k_kinds, effects, journal, watcher, {}, {});
    REQUIRE(report.outcome == Outcome::succeeded);
  };
  apply_plan(plan_of(web("true"), {}));
  const Json before = world->essence()["firewalls"];
  PlanOptions replace;
  replace.replaces = {"container/web"};
  apply_plan(plan_of(web("false"), replace));
  CHECK(world->essence()["firewalls"] == before);
  CHECK(plan_of(web("false"), {}).changes.empty());
}
