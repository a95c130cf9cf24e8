#include <catch2/catch.hpp>

#include "kinds/proxmox/access/access_rig.h"

namespace aegis::test {
namespace {

using Lines = std::vector<std::string>;

const Json k_audits{{"acl", {{"/", {"PVEAuditor"}}}}};

}  // namespace

TEST_CASE("roles, groups, users and their grants are made in one run, and rest") {
  AccessRig rig;
  rig.want("role", "Mine", {{"privileges", {"VM.Audit", "Sys.Audit"}}});
  rig.want("group",
           "ops",
           {{"comment", "People"}, {"acl", {{"/vms", {"Mine", "PVEVMUser"}}}}},
           {"role/Mine"});
  rig.want("user",
           "eve@pve",
           {{"firstname", "Eve"},
            {"groups", {"ops"}},
            {"acl", {{"/", {{"roles", {"Mine"}}, {"propagate", false}}}}}},
           {"group/ops", "role/Mine"});
  rig.converge();
  CHECK(rig.grants("ops") == Lines{"Mine on /vms", "PVEVMUser on /vms"});
  CHECK(rig.grants("eve@pve") == Lines{"Mine on / only"});
  CHECK(text_or(rig.user("eve@pve"), "comment") == "aegisctl");
  CHECK(text_or(rig.user("eve@pve"), "groups") == "ops");
  CHECK(text_or(rig.get("/access/groups/ops"), "comment") == "aegisctl: People");
}

TEST_CASE("what is taken out of a manifest is reset, and other grants are taken away") {
  AccessRig rig;
  rig.by_hand("POST", "/access/groups", {{"groupid", "old"}});
  rig.want("user",
           "eve@pve",
           {{"comment", "Eve"},
            {"enable", false},
            {"expire", 1900000000},
            {"email", "eve@example.org"},
            {"groups", {"old"}},
            {"acl", {{"/vms", {"PVEVMUser"}}}}});
  rig.converge();
  rig.by_hand("PUT", "/access/acl", {{"path", "/"}, {"roles", "PVEAdmin"}, {"users", "eve@pve"}});
  rig.want("user", "eve@pve", k_audits);
  const Plan plan = rig.plan();
  CHECK(titles(plan) == Lines{"change user eve@pve",
                              "grant PVEAuditor on / to user eve@pve",
                              "take PVEAdmin on / from user eve@pve",
                              "take PVEVMUser on /vms from user eve@pve"});
  rig.converge();
  const Json user = rig.user("eve@pve");
  CHECK(text_or(user, "comment") == "aegisctl");
  CHECK(text_or(user, "email").empty());
  CHECK(text_or(user, "groups").empty());
  CHECK(as_integer(get(user, "enable")) == 1);
  CHECK(rig.grants("eve@pve") == Lines{"PVEAuditor on /"});
}

TEST_CASE("only grants that differ are written when nothing else does") {
  AccessRig rig;
  rig.want("user", "eve@pve", k_audits);
  rig.converge();
  rig.want("user", "eve@pve", {{"acl", {{"/", {"PVEAuditor"}}, {"/vms", {"PVEVMUser"}}}}});
  CHECK(titles(rig.plan()) == Lines{"grant PVEVMUser on /vms to user eve@pve"});
}

TEST_CASE("what exists without our mark is adopted, with its differences, and only when asked") {
  AccessRig rig;
  rig.by_hand("POST", "/access/users", {{"userid", "eve@pve"}, {"comment", "by hand"}});
  rig.want("user", "eve@pve", {{"acl", {{"/", {"PVEAuditor"}}}}});
  const Plan waiting = rig.plan();
  CHECK(change_of(waiting, "user", "eve@pve").action == Action::adopt);
  CHECK_FALSE(waiting.has_work());
  PlanOptions options;
  options.adopts = {"server/fsn1/user/eve@pve"};
  rig.converge(options);
  CHECK(text_or(rig.user("eve@pve"), "comment") == "aegisctl");
  CHECK(rig.grants("eve@pve") == Lines{"PVEAuditor on /"});
}

TEST_CASE("what nobody declares goes with --prune, its grants with it; strangers stay") {
  AccessRig rig;
  rig.want("user", "eve@pve", k_audits);
  rig.want("group", "ops", k_audits);
  rig.converge();
  rig.by_hand("POST", "/access/users", {{"userid", "bob@pve"}});
  rig.want_nothing();
  CHECK_FALSE(rig.plan().has_work());
  PlanOptions options;
  options.prune = true;
  rig.converge(options);
  CHECK(rig.user("eve@pve").is_null());
  CHECK_FALSE(rig.user("bob@pve").is_null());
  CHECK(rig.grants("eve@pve").empty());
  CHECK(rig.grants("ops").empty());
}

TEST_CASE("root@pam can be declared, and stays with its tokens when it no longer is") {
  AccessRig rig;
  rig.want("user", "root@pam", {{"email", "root@example.org"}});
  PlanOptions options;
  options.adopts = {"server/fsn1/user/root@pam"};
  options.prune = true;
  rig.converge(options);
  CHECK(text_or(rig.user("root@pam"), "email") == "root@example.org");
  rig.want_nothing();
  CHECK(rig.plan(options).changes.empty());
}

TEST_CASE("roles and privileges that do not exist are told before anything is done") {
  AccessRig rig;
  rig.want("user", "eve@pve", {{"acl", {{"/", {"PVEAuditer"}}}}});
  rig.want("role", "Mine", {{"privileges", {"VM.Audit", "VM.Adit"}}});
  const Plan plan = rig.plan();
  CHECK_FALSE(plan.has_work());
  CHECK(change_of(plan, "user", "eve@pve").blocked.find("Did you mean PVEAuditor?") !=
        std::string::npos);
  CHECK(change_of(plan, "role", "Mine").blocked.find("Did you mean VM.Audit?") !=
        std::string::npos);
}

TEST_CASE("credentials that see only some users or grants fail to read, they do not see absence") {
  AccessRig rig;
  rig.by_hand("POST", "/access/users", {{"userid", "low@pve"}});
  const Json made = rig.by_hand("POST", "/access/users/low@pve/token/one", {{"privsep", "0"}});
  rig.http().use_token(text_or(made, "full-tokenid") + "=" + text_or(made, "value"));
  rig.want("user", "eve@pve");
  const Error user = rig.observe_failure();
  CHECK(user.code == ErrorCode::forbidden);
  CHECK(user.message.find("Sys.Audit") != std::string::npos);
  rig.want_nothing();
  rig.want("user", "low@pve");
  CHECK(rig.observe_failure().message.find("only some of the grants") != std::string::npos);
}

TEST_CASE("a manifest without these sections reads nothing of them") {
  AccessRig rig;
  rig.desired().scopes.at("server/fsn1").settings.erase("sections");
  rig.observe();
  CHECK(rig.http().log().empty());
}

TEST_CASE("a role is a set of privileges, replaced as a whole and never pruned") {
  AccessRig rig;
  rig.want("role", "Mine", {{"privileges", {"VM.Audit", "Sys.Audit"}}});
  rig.converge();
  rig.want("role", "Mine", {{"privileges", {"Sys.Audit", "VM.PowerMgmt"}}});
  rig.converge();
  CHECK(rig.get("/access/roles/Mine") == Json{{"Sys.Audit", 1}, {"VM.PowerMgmt", 1}});
  rig.want_nothing();
  PlanOptions options;
  options.prune = true;
  CHECK(rig.plan(options).changes.empty());
}

}  // namespace aegis::test
