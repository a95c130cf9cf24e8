#include "kinds/proxmox/doctor.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "kinds/proxmox/access/access_rig.h"
#include "kinds/proxmox/needs.h"

namespace aegis::test {
namespace {

using namespace aegis::proxmox;

Server server(bool root = true) {
  Server server;
  server.name = "fsn1";
  server.proxmox.token_id = "ci@pve!one";
  if (root) server.ssh.emplace();
  return server;
}

// From now on the rig's requests are those of a new token with `role` on /.
void log_in_with(AccessRig& rig, const std::string& role) {
  rig.by_hand("POST", "/access/users", {{"userid", "ci@pve"}});
  if (!role.empty()) {
    rig.by_hand("PUT", "/access/acl", {{"path", "/"}, {"roles", role}, {"users", "ci@pve"}});
  }
  const Json made = rig.by_hand("POST", "/access/users/ci@pve/token/one", {{"privsep", "0"}});
  rig.http().use_token(text_or(made, "full-tokenid") + "=" + text_or(made, "value"));
}

void want_container(AccessRig& rig) {
  Resource web;
  web.address = {"", "container", "web"};
  web.scope = "server/fsn1";
  web.spec = {{"vmid", 103},
              {"cores", 2},
              {"rootfs", {{"storage", "local-zfs"}, {"size", "8GiB"}}},
              {"network", {{"eth0", {{"bridge", "vmbr1"}, {"tag", 7}}}}}};
  rig.desired().resources[web.address] = web;
}

std::vector<std::string> found(AccessRig& rig) {
  const Scope& scope = rig.desired().scopes.at("server/fsn1");
  const auto missing = missing_privileges(rig.desired(), scope, rig.effects());
  REQUIRE(missing);
  std::vector<std::string> lines;
  for (const Obstacle& obstacle : *missing) {
    lines.push_back(obstacle.resource + " " + obstacle.attribute + " " +
                    (obstacle.purpose == Purpose::plan ? "plan " : "apply ") + obstacle.need);
  }
  return lines;
}

bool holds(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

std::string joined_privileges(Purpose purpose) {
  std::string all;
  for (const RolePrivilege& privilege : role_privileges(purpose)) all += privilege.name + ",";
  return all;
}

}  // namespace

TEST_CASE("the doctor tells the version and both ways in") {
  AccessRig rig;
  const Scope& scope = rig.desired().scopes.at("server/fsn1");
  log_in_with(rig, "PVEAuditor");
  const ServerHealth health = examine(server(), scope, rig.effects());
  CHECK_FALSE(health.problem);
  CHECK_FALSE(health.version.empty());
  CHECK(health.login == "token ci@pve!one");
  CHECK(health.has_root);
  CHECK_FALSE(examine(server(false), scope, rig.effects()).has_root);
}

TEST_CASE("the doctor tells a login that is refused") {
  AccessRig rig;
  rig.http().use_token("ci@pve!one=wrong");
  const ServerHealth health =
      examine(server(), rig.desired().scopes.at("server/fsn1"), rig.effects());
  REQUIRE(health.problem);
  CHECK(health.problem->code == ErrorCode::unauthorized);
}

TEST_CASE("an auditor reads everything and is told what it cannot write, attribute by attribute") {
  AccessRig rig;
  log_in_with(rig, "PVEAuditor");
  want_container(rig);
  rig.want("token", "ci@pve!plan", {{"acl", {{"/vms", {"PVEAuditor"}}}}});
  rig.want("role", "Mine");
  const auto lines = found(rig);
  for (const std::string& line : lines) CHECK(line.find(" plan ") == std::string::npos);
  CHECK(holds(lines, "container/web cores apply VM.Config.CPU on /vms/103"));
  CHECK(holds(lines, "container/web rootfs apply Datastore.AllocateSpace on /storage/local-zfs"));
  CHECK(holds(lines, "container/web network apply SDN.Use on /sdn/zones/localnetwork/vmbr1/7"));
  CHECK(holds(lines, "server/fsn1/token/ci@pve!plan acl apply Permissions.Modify on /vms"));
  CHECK(holds(lines, "server/fsn1/role/Mine  apply Sys.Modify on /access"));
  CHECK_FALSE(holds(lines, "container/web memory apply VM.Config.Memory on /vms/103"));
}

TEST_CASE("credentials without any right are told that they cannot even read") {
  AccessRig rig;
  log_in_with(rig, "");
  want_container(rig);
  CHECK(holds(found(rig), "container/web  plan VM.Audit on /vms/103"));
}

TEST_CASE("root@pam lacks nothing") {
  AccessRig rig;
  want_container(rig);
  rig.want("user", "eve@pve", {{"acl", {{"/", {"PVEAuditor"}}}}});
  CHECK(found(rig).empty());
}

TEST_CASE(
    "the role for applying is enough for a manifest of access, the one for planning to plan") {
  AccessRig rig;
  const auto make = [&](const std::string& name, Purpose purpose) {
    rig.by_hand("POST", "/access/roles", {{"roleid", name}, {"privs", joined_privileges(purpose)}});
  };
  make("AegisPlan", Purpose::plan);
  make("AegisApply", Purpose::apply);
  rig.want("role", "Mine", {{"privileges", {"VM.Audit"}}});
  rig.want("group", "ops", {{"acl", {{"/vms", {"Mine"}}}}}, {"role/Mine"});
  rig.want("user", "eve@pve", {{"groups", {"ops"}}}, {"group/ops"});
  rig.want("token", "eve@pve!one", {{"secret_file", "t"}}, {"user/eve@pve"});
  rig.want("pool", "prod", {{"comment", "x"}});
  log_in_with(rig, "AegisPlan");
  const Plan plan = rig.plan();
  CHECK(plan.changes.size() == 5);
  CHECK_FALSE(rig.apply(plan));
  CHECK_FALSE(found(rig).empty());
  rig.by_hand("PUT", "/access/acl", {{"path", "/"}, {"roles", "AegisApply"}, {"users", "ci@pve"}});
  CHECK(found(rig).empty());
  rig.converge();
}

TEST_CASE("what only root may do is an obstacle where there is no way to be root") {
  AccessRig rig;
  want_container(rig);
  Change change;
  change.address = {"", "container", "web"};
  change.attributes.resize(2);
  change.attributes[0].path = "features.keyctl";
  change.attributes[0].door = Door::root;
  change.attributes[1].path = "cores";
  ServerHealth health;
  health.name = "fsn1";
  const auto obstacles = root_only({change}, rig.desired(), {health});
  REQUIRE(obstacles.size() == 1);
  CHECK(obstacles[0].attribute == "features.keyctl");
  CHECK(obstacles[0].door == Door::root);
  health.has_root = true;
  CHECK(root_only({change}, rig.desired(), {health}).empty());
}

}  // namespace aegis::test
