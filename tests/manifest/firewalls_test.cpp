#include <catch2/catch.hpp>

#include "manifest/project_folder.h"

namespace aegis::test {
namespace {

using Lines = std::vector<std::string>;

const std::string k_server = "servers:\n  s:\n    ssh: {host: h, port: 2222}\n";

std::string with_container(const std::string& firewall, const std::string& net = "firewall: true") {
  return k_server +
         "containers:\n  web:\n    server: s\n    vmid: 101\n"
         "    rootfs: {storage: local, size: 8GiB}\n"
         "    network: {eth0: {bridge: vmbr0, " +
         net + "}}\n    firewall:\n" + firewall;
}

Manifests load_text(const std::string& text) {
  ProjectFolder folder;
  folder.write("a.yaml", text);
  return folder.load();
}

Lines problems_of(const std::string& text) {
  return described(load_text(text).diagnostics);
}

}  // namespace

TEST_CASE("a container's firewall is a resource that waits for the container and the datacenter") {
  const Manifests manifests =
      load_text("servers:\n  s:\n    ssh: {host: h}\n    firewall: {datacenter: {}, node: {}}\n" +
                with_container("      enable: true\n      rules: [{in: ACCEPT, macro: SSH}]\n")
                    .substr(k_server.size()));
  REQUIRE(manifests.diagnostics.empty());
  const auto& resources = manifests.desired.resources;
  const Address datacenter{"server/s", "firewall", "datacenter"};
  const Resource& firewall = resources.at({"server/s", "firewall", "container-web"});
  CHECK(firewall.depends_on == std::vector<Address>{{"", "container", "web"}, datacenter});
  CHECK(get(firewall.spec, "vmid") == 101);
  CHECK(firewall.place_of("rules[0]").line == 13);
  CHECK_FALSE(resources.at({"", "container", "web"}).spec.contains("firewall"));
  CHECK(resources.at({"server/s", "firewall", "node"}).depends_on ==
        std::vector<Address>{datacenter});
}

TEST_CASE("the ports by which we come in are known") {
  CHECK(get(load_text(k_server).desired.scopes.at("server/s").settings, "ssh_port") == 2222);
  const Json settings =
      load_text("servers: {s: {proxmox: {url: 'https://h:8006', user: root@pam, password: x}}}\n")
          .desired.scopes.at("server/s")
          .settings;
  CHECK(get(settings, "api_port") == 8006);
  CHECK(get(settings, "ssh_port").is_null());
}

TEST_CASE("a rule has exactly one direction, and ports have a protocol") {
  CHECK(problems_of(with_container("      rules:\n        - {macro: SSH}\n")) ==
        Lines{"a.yaml:12:11 a firewall rule without one direction"});
  CHECK(problems_of(with_container("      rules:\n        - {in: ACCEPT, out: DROP}\n")) ==
        Lines{"a.yaml:12:11 a firewall rule without one direction"});
  CHECK(problems_of(with_container("      rules:\n        - {in: ACCEPT, dport: 22}\n")) ==
        Lines{"a.yaml:12:11 ports without a protocol"});
  const std::string group =
      "servers:\n  s:\n    ssh: {host: h}\n    firewall:\n      datacenter:\n        groups:\n"
      "          web:\n            rules:\n              - {comment: x}\n";
  CHECK(problems_of(group) == Lines{"a.yaml:9:17 a firewall rule without one direction"});
}

TEST_CASE("an interface in a container's firewall is one of Proxmox's devices") {
  CHECK(problems_of(with_container("      rules:\n        - {in: ACCEPT, iface: eth0}\n")) ==
        Lines{"a.yaml:12:11 no network device"});
  CHECK(problems_of(with_container("      rules:\n        - {in: ACCEPT, iface: net0}\n")).empty());
}

TEST_CASE("a firewall that acts on no interface is warned of") {
  CHECK(problems_of(with_container("      enable: true\n", "ip: dhcp")) ==
        Lines{"warning a.yaml:9:21 a firewall that does not act on an interface"});
  CHECK(problems_of(with_container("      enable: false\n", "ip: dhcp")).empty());
}

TEST_CASE("names that no firewall has are told, where all of the firewalls is known") {
  const std::string rules = "      rules: [{in: ACCEPT, source: [office, +dc/ops, 192.0.2.1]}]\n";
  CHECK(problems_of(with_container(rules)).empty());
  const auto with_datacenter = [&](const std::string& datacenter) {
    return problems_of("servers:\n  s:\n    ssh: {host: h}\n    firewall: {datacenter: {" +
                       datacenter + "}}\n" + with_container(rules).substr(k_server.size()));
  };
  CHECK(with_datacenter("").size() == 2);
  CHECK(with_datacenter("aliases: {Office: 192.0.2.7}").size() == 1);
  CHECK(with_datacenter("aliases: {Office: 192.0.2.7}, ipsets: {ops: [office]}").empty());
  CHECK(with_datacenter("aliases: {office: 192.0.2.7}, ipsets: {ops: [home]}").size() == 1);
  CHECK(with_datacenter("aliases: {office: 192.0.2.7}, ipsets: {ops: []}, rules: [{group: web}]")
            .size() == 1);
}

}  // namespace aegis::test
