#include "manifest/server_sections.h"

#include <catch2/catch.hpp>

#include "base/vault.h"
#include "manifest/load.h"
#include "manifest/project_folder.h"

using namespace aegis;
using namespace aegis::test;

namespace {

Manifests load_text(const std::string& text) {
  ProjectFolder folder;
  folder.write("a.yaml", text);
  Vault vault;
  return load(
      folder.path(), [](const std::string&) { return std::nullopt; }, vault);
}

std::vector<std::string> needs_of(const Manifests& manifests, const std::string& name) {
  const Address address = parse_address(name).value();
  std::vector<std::string> needs;
  for (const Address& need : manifests.desired.resources.at(address).depends_on) {
    needs.push_back(to_string(need));
  }
  return needs;
}

}  // namespace

TEST_CASE("a server knows what other servers declare, for their cluster may share it") {
  const Manifests manifests = load_text(R"(
servers:
  a:
    ssh: { host: h }
    storage: { box: { type: dir, path: /box, content: [backup] } }
  b:
    ssh: { host: i }
    proxmox: { node: second }
    storage: { nas: { type: dir, path: /nas, content: [backup] } }
)");
  const auto& scopes = manifests.desired.scopes;
  CHECK(scopes.at("server/a").settings.at("shared") ==
        Json{{"storage", {{"nas", Json::array({"second"})}}}});
  CHECK(scopes.at("server/b").settings.at("shared") ==
        Json{{"storage", {{"box", Json::array({"a"})}}}});
}

TEST_CASE("what a server's objects name comes before them, where the manifests declare it") {
  const Manifests manifests = load_text(R"(
servers:
  a:
    ssh: { host: h }
    storage:
      box: { type: dir, path: /box, content: [backup] }
    notifications:
      endpoints: { ops: { type: sendmail, mailto: [a@example.net] } }
      matchers: { all: { target: [ops, mail-to-root] } }
    jobs:
      backup: { weekly: { schedule: daily, storage: box, vmid: [103, 104] } }
      replication: { 103-0: { target: b } }
    ha:
      groups: { both: { nodes: [a, b] } }
      resources: { "ct:103": { group: both } }
containers:
  web: { server: a, vmid: 103, rootfs: { storage: box, size: 1GiB } }
)");
  for (const Diagnostic& diagnostic : manifests.diagnostics) FAIL(diagnostic.detail);
  using Names = std::vector<std::string>;
  CHECK(needs_of(manifests, "server/a/matcher/all") == Names{"server/a/endpoint/ops"});
  CHECK(needs_of(manifests, "server/a/backup-job/weekly") == Names{"server/a/storage/box"});
  CHECK(needs_of(manifests, "server/a/replication-job/103-0") == Names{"container/web"});
  CHECK(needs_of(manifests, "server/a/ha-resource/ct:103") ==
        Names{"server/a/ha-group/both", "container/web"});
  CHECK(needs_of(manifests, "container/web") == Names{"server/a/storage/box"});
}

TEST_CASE("only the sections that a manifest has are managed, empty ones too") {
  const Manifests manifests =
      load_text("servers: {a: {ssh: {host: h}, storage: {}, notifications: {matchers: {}}}}\n");
  CHECK(manifests.desired.scopes.at("server/a").settings.at("sections") ==
        Json{"notifications.matchers", "storage"});
}

TEST_CASE("the secrets of a server's objects are seals") {
  const Manifests manifests = load_text(R"(
servers:
  a:
    ssh: { host: h }
    storage:
      box: { type: cifs, server: s, share: b, password: hunter22, content: [backup] }
    notifications:
      endpoints:
        ops: { type: webhook, url: "https://x", method: post, secret: { hook: hunter22 } }
)");
  for (const Diagnostic& diagnostic : manifests.diagnostics) FAIL(diagnostic.detail);
  const auto spec = [&](const char* name) {
    return manifests.desired.resources.at(parse_address(name).value()).spec;
  };
  CHECK(is_sealed(spec("server/a/storage/box").at("password")));
  CHECK(is_sealed(spec("server/a/endpoint/ops").at("secret").at("hook")));
}

TEST_CASE("a name that Proxmox would refuse is refused with one that it would take") {
  const Manifests manifests =
      load_text("servers: {a: {ssh: {host: h}, ha: {resources: {web: {state: started}}}}}\n");
  REQUIRE(manifests.diagnostics.size() == 1);
  CHECK(manifests.diagnostics[0].detail ==
        "servers.a.ha.resources has no key `web`. Names there are like `ct:103`.");
}

TEST_CASE("a gateway that Proxmox would not keep is refused, one outside of the subnet told") {
  const auto problems = [](const std::string& interface) {
    std::vector<std::string> summaries;
    const auto manifests = load_text(
        "servers: {a: {ssh: {host: h}, interfaces: {vmbr7: {type: "
        "bridge, " +
        interface + "}}}}");
    for (const Diagnostic& found : manifests.diagnostics) summaries.push_back(found.summary);
    return summaries;
  };
  using Lines = std::vector<std::string>;
  CHECK(problems("cidr: 10.0.0.2/24, gateway: 10.0.0.1") == Lines{});
  CHECK(problems("gateway: 10.0.0.1") == Lines{"a gateway without an address"});
  CHECK(problems("cidr: 10.0.0.2/24, gateway6: 'fe80::1'") ==
        Lines{"a gateway without an address"});
  CHECK(problems("cidr: 10.0.0.2/24, gateway: 10.0.1.1") ==
        Lines{"the gateway is outside of the subnet"});
}

TEST_CASE("a server has one default gateway") {
  const Manifests manifests = load_text(R"(
servers:
  a:
    ssh: { host: h }
    interfaces:
      vmbr0: { type: bridge, cidr: 192.0.2.2/24, gateway: 192.0.2.1 }
      vmbr1: { type: bridge, cidr: 198.51.100.2/24, gateway: 198.51.100.1 }
)");
  REQUIRE(manifests.diagnostics.size() == 1);
  CHECK(manifests.diagnostics[0].summary == "two default gateways");
  CHECK(manifests.diagnostics[0].where->line == 7);
  CHECK(manifests.diagnostics[0].related->line == 6);
}

TEST_CASE("a template's file is looked for below the project, and must be there") {
  ProjectFolder folder;
  folder.write("golden.tar.zst", "x");
  folder.write("a.yaml", R"(
servers:
  a:
    ssh: { host: h }
    templates:
      golden.tar.zst: { storage: local, file: golden.tar.zst }
      other.iso: { storage: local, file: other.iso, url: "https://images.example.net/other.iso" }
)");
  Vault vault;
  const Manifests manifests = load(
      folder.path(), [](const std::string&) { return std::nullopt; }, vault);
  const Address golden = parse_address("server/a/template/golden.tar.zst").value();
  CHECK(manifests.desired.resources.at(golden).spec.at("file") ==
        (folder.path() / "golden.tar.zst").string());
  REQUIRE(manifests.diagnostics.size() == 2);
  for (const Diagnostic& mistake : manifests.diagnostics) CHECK(mistake.where->line == 7);
}
