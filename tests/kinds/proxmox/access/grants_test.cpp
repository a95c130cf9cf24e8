#include "kinds/proxmox/access/grants.h"

#include <catch2/catch.hpp>

namespace aegis::test {
namespace {

using namespace aegis::proxmox;

const Json k_roles =
    Json::array({{{"roleid", "PVEAuditor"}}, {{"roleid", "PVEVMUser"}}, {{"roleid", "Mine"}}});

Json entry(const std::string& path,
           const std::string& role,
           const std::string& type,
           const std::string& name,
           const Json& propagate = 1) {
  return {
      {"path", path}, {"roleid", role}, {"type", type}, {"ugid", name}, {"propagate", propagate}};
}

}  // namespace

TEST_CASE("a manifest's grants and Proxmox's list have one shape") {
  const Json spec{{"/vms/", {"PVEVMUser", "PVEAuditor"}},
                  {"/", {{"roles", {"Mine"}}, {"propagate", false}}}};
  const Json list = Json::array({entry("/vms", "PVEAuditor", "user", "ci@pve"),
                                 entry("/vms", "PVEVMUser", "user", "ci@pve", "1"),
                                 entry("/", "Mine", "user", "ci@pve", 0),
                                 entry("/", "PVEAuditor", "group", "ci@pve"),
                                 entry("/", "PVEAuditor", "user", "other@pve"),
                                 entry("/", "Gone", "user", "ci@pve")});
  const Json shape = grants_of_spec(spec);
  CHECK(shape == Json{{"/", {"Mine (not below)"}}, {"/vms", {"PVEAuditor", "PVEVMUser"}}});
  CHECK(grants_of_list(list, k_roles, Holder::user, "ci@pve") == shape);
  CHECK(grants_of_spec(Json()).empty());
}

TEST_CASE("only what differs is called for, grants before takings, like roles together") {
  const Json live = grants_of_spec({{"/", {"PVEAuditor"}}, {"/vms", {"PVEVMUser", "Mine"}}});
  const Json wanted = grants_of_spec({{"/storage", {"PVEAuditor", "Mine"}},
                                      {"/vms", {{"roles", {"Mine"}}, {"propagate", false}}}});
  const auto calls = grant_calls(wanted, live);
  REQUIRE(calls.size() == 4);
  CHECK(title_of(calls[0], Holder::user, "ci@pve") ==
        "grant Mine and PVEAuditor on /storage to user ci@pve");
  CHECK(title_of(calls[1], Holder::user, "ci@pve") == "grant Mine on /vms to user ci@pve");
  CHECK_FALSE(calls[1].propagate);
  CHECK(title_of(calls[2], Holder::user, "ci@pve") == "take PVEAuditor on / from user ci@pve");
  CHECK(title_of(calls[3], Holder::user, "ci@pve") == "take PVEVMUser on /vms from user ci@pve");
  CHECK(grant_calls(wanted, wanted).empty());
}

TEST_CASE("a call carries its holder's kind, and never both a propagation and a removal") {
  const auto given = grant_calls(grants_of_spec({{"/", {"Mine"}}}), Json());
  CHECK(form_of_grant(to_json(given.at(0)), Holder::token, "a@pve!b") ==
        Form{{"path", "/"}, {"roles", "Mine"}, {"tokens", "a@pve!b"}, {"propagate", "1"}});
  const auto taken = grant_calls(Json(), grants_of_spec({{"/", {"Mine"}}}));
  CHECK(form_of_grant(to_json(taken.at(0)), Holder::group, "ops") ==
        Form{{"path", "/"}, {"roles", "Mine"}, {"groups", "ops"}, {"delete", "1"}});
}

}  // namespace aegis::test
