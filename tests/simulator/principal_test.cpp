#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "simulator/recorded.h"

namespace aegis::test {
namespace {

// The item of a list whose `key` is `value`; null when there is none.
Json item_of(const Json& list, std::string_view key, std::string_view value) {
  for (const Json& item : list) {
    if (text_or(item, key) == value) return item;
  }
  return nullptr;
}

Json user_of(Testbed& bed, std::string_view name) {
  return item_of(bed.data("/access/users", {{"full", "1"}}), "userid", name);
}

std::vector<std::string> grants_of(Testbed& bed, std::string_view holder) {
  std::vector<std::string> grants;
  for (const Json& entry : bed.data("/access/acl")) {
    if (text_or(entry, "ugid") != holder) continue;
    grants.push_back(fmt::format("{} {} {} {}",
                                 text_or(entry, "type"),
                                 text_or(entry, "path"),
                                 text_or(entry, "roleid"),
                                 as_bool(get(entry, "propagate")).value_or(false)));
  }
  return grants;
}

}  // namespace

TEST_CASE("a user is changed key by key, and groups are replaced or appended to") {
  Testbed bed;
  replay(bed,
         {{"POST", "/access/groups", "groupid=ops  comment=People"},
          {"POST", "/access/groups", "groupid=ci"},
          {"POST", "/access/users", "userid=eve@pve  groups=ops  comment=One  enable=0"},
          {"PUT", "/access/users/eve@pve", "firstname=Eve  lastname=Adams  email=e@x.org"}});
  Json eve = user_of(bed, "eve@pve");
  CHECK(get(eve, "groups") == "ops");
  CHECK(get(eve, "comment") == "One");
  CHECK(get(eve, "enable") == 0);
  CHECK(get(eve, "firstname") == "Eve");
  replay(bed, {{"PUT", "/access/users/eve@pve", "groups=ci  append=1  comment="}});
  eve = user_of(bed, "eve@pve");
  CHECK(get(eve, "groups") == "ci,ops");
  CHECK_FALSE(eve.contains("comment"));
  replay(bed, {{"PUT", "/access/users/eve@pve", "groups=ci  expire=1800000000  enable=1"}});
  eve = user_of(bed, "eve@pve");
  CHECK(get(eve, "groups") == "ci");
  CHECK(get(eve, "expire") == 1800000000);
  CHECK(get(item_of(bed.data("/access/groups"), "groupid", "ops"), "users") == "");
  replay(bed, {{"PUT", "/access/users/eve@pve", "groups="}});
  CHECK(get(user_of(bed, "eve@pve"), "groups") == "");
}

TEST_CASE("what cannot be done to users, groups, roles and tokens is refused in Proxmox's words") {
  Testbed bed;
  replay(bed,
         {{"POST", "/access/users", "userid=eve@pve"},
          {"POST", "/access/groups", "groupid=ops"},
          {"POST", "/access/roles", "roleid=Mine  privs=VM.Audit"}});
  replay(
      bed,
      {{"POST",
        "/access/users",
        "userid=eve@pve",
        500,
        "create user failed: user 'eve@pve' already exists"},
       {"POST",
        "/access/users",
        "userid=bob@pve  groups=none",
        500,
        "create user failed: no such group 'none'"},
       {"PUT",
        "/access/users/bob@pve",
        "enable=0",
        500,
        "update user failed: no such user ('bob@pve')"},
       {"PUT",
        "/access/users/eve@pve",
        "append=1",
        400,
        "groups| missing property - 'append' requires this property"},
       {"DELETE", "/access/users/bob@pve", "", 500, "delete user failed: no such user ('bob@pve')"},
       {"POST",
        "/access/groups",
        "groupid=ops",
        500,
        "create group failed: group 'ops' already exists"},
       {"PUT",
        "/access/groups/no",
        "comment=x",
        500,
        "update group failed: group 'no' does not exist"},
       {"GET", "/access/groups/no", "", 500, "group 'no' does not exist"},
       {"DELETE", "/access/groups/no", "", 500, "delete group failed: group 'no' does not exist"},
       {"PUT",
        "/access/roles/PVEAuditor",
        "privs=VM.Audit",
        500,
        "auto-generated role 'PVEAuditor' cannot be modified"},
       {"DELETE",
        "/access/roles/Administrator",
        "",
        500,
        "auto-generated role 'Administrator' cannot be deleted"},
       {"PUT",
        "/access/roles/No",
        "privs=VM.Audit",
        500,
        "update role failed: role 'No' does not exist"},
       {"PUT",
        "/access/roles/Mine",
        "privs=VM.Nothing",
        500,
        "update role failed: invalid privilege 'VM.Nothing'"},
       {"DELETE", "/access/roles/No", "", 500, "delete role failed: role 'No' does not exist"},
       {"PUT",
        "/access/users/eve@pve/token/none",
        "comment=x",
        500,
        "updating token info failed: no such token 'none' for user 'eve@pve'"},
       {"PUT",
        "/access/acl",
        "path=/nowhere  roles=PVEAdmin  users=eve@pve",
        400,
        "path| invalid ACL path '/nowhere'"},
       {"PUT",
        "/access/acl",
        "path=/vms  roles=None  users=eve@pve",
        500,
        "ACL update failed: role 'None' does not exist"},
       {"PUT",
        "/access/acl",
        "path=/vms  roles=PVEAdmin  users=bob@pve",
        500,
        "ACL update failed: user 'bob@pve' does not exist"},
       {"PUT",
        "/access/acl",
        "path=/vms  roles=PVEAdmin  groups=no",
        500,
        "ACL update failed: group 'no' does not exist"},
       {"PUT",
        "/access/acl",
        "path=/vms  roles=PVEAdmin  tokens=eve@pve!t1",
        500,
        "ACL update failed: no such token 't1' for user 'eve@pve'"}});
  const simulator::Response reserved = bed.post("/access/roles", {{"roleid", "pvemine"}});
  CHECK(complaint_of(reserved, "roleid") ==
        "cannot use role ID starting with the (case-insensitive) 'PVE' namespace");
  CHECK(bed.put("/access/acl", {{"path", "/vms"}, {"roles", "PVEAdmin"}}).status == 400);
}

TEST_CASE("a role's privileges are replaced, or appended to, and read back one by one") {
  Testbed bed;
  replay(
      bed,
      {{"POST", "/access/roles", "roleid=Mine  privs=VM.Audit,Sys.Audit"},
       {"PUT", "/access/roles/Mine", "privs=VM.PowerMgmt  append=1"},
       {"GET", "/access/roles/Mine", "", 200, R"({"Sys.Audit":1,"VM.Audit":1,"VM.PowerMgmt":1})"},
       {"PUT", "/access/roles/Mine", "privs=VM.Audit"},
       {"GET", "/access/roles/Mine", "", 200, R"({"VM.Audit":1})"},
       {"DELETE", "/access/roles/Mine"},
       {"GET", "/access/roles/Mine", "", 500, "role 'Mine' does not exist"}});
}

TEST_CASE("a token's expiry, comment and separation change, and its secret stays") {
  Testbed bed;
  const std::string token = bed.make_token("ci@pve", "PVEAuditor", "/");
  replay(bed,
         {{"PUT",
           "/access/users/ci@pve/token/ci",
           "comment=Planner  expire=1900000000  privsep=1",
           200,
           R"({"comment":"Planner","expire":1900000000,"privsep":1})"}});
  const Json tokens = get(user_of(bed, "ci@pve"), "tokens");
  CHECK(get(item_of(tokens, "tokenid", "ci"), "comment") == "Planner");
  bed.as(token);
  CHECK(bed.get("/version").status == 200);
}

TEST_CASE("grants go with their user, token or group, and stay with a role that is deleted") {
  Testbed bed;
  replay(bed,
         {{"POST", "/access/groups", "groupid=ops"},
          {"POST", "/access/roles", "roleid=Mine  privs=VM.Audit"},
          {"POST", "/access/users", "userid=eve@pve  groups=ops"},
          {"POST", "/access/users/eve@pve/token/t1", "", 200, ""},
          {"PUT", "/access/acl", "path=/vms  roles=PVEAuditor,Mine  users=eve@pve  groups=ops"},
          {"PUT", "/access/acl", "path=/  roles=PVEAuditor  tokens=eve@pve!t1  propagate=0"},
          {"DELETE", "/access/roles/Mine"}});
  CHECK(grants_of(bed, "ops").size() == 2);
  CHECK(grants_of(bed, "eve@pve!t1") == std::vector<std::string>{"token / PVEAuditor false"});
  replay(bed, {{"DELETE", "/access/groups/ops"}});
  CHECK(grants_of(bed, "ops").empty());
  CHECK(get(user_of(bed, "eve@pve"), "groups") == "");
  replay(bed, {{"DELETE", "/access/users/eve@pve/token/t1"}});
  CHECK(grants_of(bed, "eve@pve!t1").empty());
  CHECK(grants_of(bed, "eve@pve").size() == 2);
  replay(bed, {{"DELETE", "/access/users/eve@pve"}});
  CHECK(grants_of(bed, "eve@pve").empty());
}

TEST_CASE("a group's grants are its users', and a user's own grants on the same path win") {
  Testbed bed;
  bed.make_container(100);
  const std::string token = bed.make_token("eve@pve", "PVEAuditor", "/storage");
  replay(bed,
         {{"POST", "/access/groups", "groupid=ops"},
          {"PUT", "/access/users/eve@pve", "groups=ops"},
          {"PUT", "/access/acl", "path=/vms  roles=PVEVMAdmin  groups=ops"}});
  bed.as(token);
  CHECK(bed.put("/nodes/pve/lxc/100/config", {{"cores", "1"}}).status == 200);
  bed.as("");
  replay(bed, {{"PUT", "/access/acl", "path=/vms  roles=PVEAuditor  users=eve@pve"}});
  bed.as(token);
  CHECK(bed.put("/nodes/pve/lxc/100/config", {{"cores", "2"}}).status == 403);
}

TEST_CASE("rights over users, groups, roles and grants are asked for as Proxmox does") {
  Testbed bed;
  const std::string reader = bed.make_token("reader@pve", "PVEAuditor", "/");
  const std::string users = bed.make_token("users@pve", "PVEUserAdmin", "/access");
  const std::string guests = bed.make_token("guests@pve", "PVEVMAdmin", "/vms");
  bed.as(reader);
  CHECK(bed.data("/access/users").size() >= 4);
  CHECK(bed.data("/access/acl").size() == 3);
  replay(
      bed,
      {{"POST",
        "/access/users",
        "userid=x@pve",
        403,
        "Permission check failed (/access/realm/pve, Realm.AllocateUser)"},
       {"PUT", "/access/users/users@pve", "enable=0", 403, "Permission check failed (User.Modify)"},
       {"POST",
        "/access/groups",
        "groupid=x",
        403,
        "Permission check failed (/access/groups, Group.Allocate)"},
       {"POST", "/access/roles", "roleid=x", 403, "Permission check failed (/access, Sys.Modify)"},
       {"PUT",
        "/access/acl",
        "path=/vms  roles=PVEAdmin  users=reader@pve",
        403,
        "Permission check failed (/vms, Permissions.Modify)"}});
  bed.as(users);
  replay(bed,
         {{"POST", "/access/groups", "groupid=ops"},
          {"POST", "/access/users", "userid=x@pve  groups=ops"},
          {"DELETE", "/access/users/x@pve"}});
  bed.as(guests);
  CHECK(bed.data("/access/users").size() == 1);
  CHECK(bed.data("/access/groups").empty());
  CHECK(bed.data("/access/acl").empty());
  replay(bed, {{"PUT", "/access/acl", "path=/vms/100  roles=PVEVMUser  users=reader@pve"}});
  const simulator::Response wide = bed.put(
      "/access/acl", {{"path", "/vms/100"}, {"roles", "PVEAdmin"}, {"users", "reader@pve"}});
  CHECK(complaint_of(wide, "role") ==
        "Cannot add role 'PVEAdmin' - requires 'Permissions.Modify' or superset of privileges.");
}

TEST_CASE("members of a pool need rights over the member too") {
  Testbed bed;
  bed.make_container(100);
  replay(bed, {{"POST", "/pools", "poolid=prod"}});
  bed.as(bed.make_token("pools@pve", "PVEPoolAdmin", "/pool"));
  replay(bed,
         {{"PUT",
           "/pools/prod",
           "vms=100",
           403,
           "Permission check failed (/vms/100, Permissions.Modify|VM.Allocate)"},
          {"PUT",
           "/pools/prod",
           "storage=data",
           403,
           "Permission check failed (/storage/data, Permissions.Modify|Datastore.Allocate)"},
          {"PUT", "/pools/prod", "comment=x"}});
}

}  // namespace aegis::test
