#include <catch2/catch.hpp>

#include "manifest/project_folder.h"

namespace aegis::test {
namespace {

// A server with one container, and `access` in flow style.
std::string project(const std::string& access) {
  return "servers:\n  s:\n    ssh: {host: h}\n    access: " + access +
         "\ncontainers:\n  web: {server: s, vmid: 101, rootfs: {storage: local, size: 8GiB}}\n";
}

std::vector<std::string> problems(const std::string& access) {
  ProjectFolder folder;
  folder.write("a.yaml", project(access));
  return described(folder.load().diagnostics);
}

const Resource& at(const Manifests& manifests, const std::string& kind, const std::string& name) {
  return manifests.desired.resources.at({"server/s", kind, name});
}

bool waits_for(const Resource& resource, const std::string& kind, const std::string& name) {
  const auto& needs = resource.depends_on;
  return std::find(needs.begin(), needs.end(), Address{"server/s", kind, name}) != needs.end();
}

}  // namespace

TEST_CASE("holders wait for what they are granted and belong to, where it is declared") {
  ProjectFolder folder;
  folder.write("a.yaml", project(R"({
      roles: {Mine: {privileges: [VM.Audit]}},
      groups: {ops: {acl: {/vms: [Mine, PVEAuditor]}}},
      users: {"ci@pve": {groups: [ops, elsewhere], acl: {/: {roles: [Mine], propagate: false}}}},
      tokens: {"ci@pve!plan": {secret_file: plan.token}, "root@pam!other": {}}})"));
  const Manifests manifests = folder.load();
  INFO(details(manifests.diagnostics));
  REQUIRE(manifests.diagnostics.empty());
  CHECK(waits_for(at(manifests, "group", "ops"), "role", "Mine"));
  CHECK(at(manifests, "group", "ops").depends_on.size() == 1);
  CHECK(waits_for(at(manifests, "user", "ci@pve"), "role", "Mine"));
  CHECK(waits_for(at(manifests, "user", "ci@pve"), "group", "ops"));
  CHECK(at(manifests, "user", "ci@pve").depends_on.size() == 2);
  CHECK(waits_for(at(manifests, "token", "ci@pve!plan"), "user", "ci@pve"));
  CHECK(at(manifests, "token", "root@pam!other").depends_on.empty());
}

TEST_CASE("a token's spec tells whether the file with its secret is missing") {
  ProjectFolder folder;
  folder
      .write(
          "a.yaml",
          project(R"({tokens: {"a@pve!one": {secret_file: in/x}, "a@pve!two": {secret_file: y}}})"))
      .write("in/x", "secret");
  const Manifests manifests = folder.load();
  CHECK(at(manifests, "token", "a@pve!one").spec.at("secret_missing") == false);
  CHECK(at(manifests, "token", "a@pve!two").spec.at("secret_missing") == true);
}

TEST_CASE("a pool knows the numbers of its containers and waits for them") {
  ProjectFolder folder;
  folder.write("a.yaml", project("{pools: {prod: {containers: [web]}}}"));
  const Manifests manifests = folder.load();
  INFO(details(manifests.diagnostics));
  REQUIRE(manifests.diagnostics.empty());
  const Resource& pool = at(manifests, "pool", "prod");
  CHECK(pool.spec.at("vmids").at("web") == 101);
  CHECK(pool.depends_on == std::vector<Address>{{"", "container", "web"}});
}

TEST_CASE("names that Proxmox would refuse are mistakes of the manifest") {
  using Lines = std::vector<std::string>;
  CHECK(problems("{users: {ci: {}}}") == Lines{"a.yaml:4:22 not the name of a user"});
  CHECK(problems("{tokens: {\"ci@pve\": {}}}") == Lines{"a.yaml:4:23 not the name of a token"});
  CHECK(problems("{roles: {PVEMine: {privileges: [VM.Audit]}}}") ==
        Lines{"a.yaml:4:22 not the name of a role"});
  CHECK(problems("{groups: {\"a b\": {}}}") == Lines{"a.yaml:4:23 not the name of a group"});
  CHECK(problems("{pools: {aegisctl-lock: {}}}") == Lines{"a.yaml:4:22 the name of our lock"});
  CHECK(problems("{users: {\"ci@pve\": {acl: {/vm/101: [PVEAuditor]}}}}").size() == 1);
  CHECK(problems("{users: {\"ci@pve\": {acl: {/vms/101: []}}}}").size() == 1);
}

TEST_CASE("a name of any length is a mistake and no crash") {
  const std::string name(500'000, 'a');
  const auto found =
      problems("\n      users:\n        ? \"" + name +
               "@pve\"\n        : {}\n      groups:\n        ? \"" + name + "\"\n        : {}");
  REQUIRE(found.size() == 2);
  CHECK(found[0].ends_with("not the name of a user"));
  CHECK(found[1].ends_with("not the name of a group"));
}

TEST_CASE("a pool names declared containers of its server, each in one pool") {
  ProjectFolder folder;
  folder.write("a.yaml", project("{pools: {a: {containers: [web]}, b: {containers: [web, wob]}}}"));
  const Manifests manifests = folder.load();
  const auto lines = described(manifests.diagnostics);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find("a container in two pools") != std::string::npos);
  CHECK(lines[1].find("unknown container") != std::string::npos);
  CHECK(details(manifests.diagnostics).find("Did you mean `web`?") != std::string::npos);
}

TEST_CASE("two tokens do not share the file of their secrets") {
  ProjectFolder folder;
  folder.write(
      "a.yaml",
      project(R"({tokens: {"a@pve!one": {secret_file: f}, "a@pve!two": {secret_file: ./f}}})"));
  const Manifests manifests = folder.load();
  const auto lines = described(manifests.diagnostics);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("two secrets in one file") != std::string::npos);
}

}  // namespace aegis::test
