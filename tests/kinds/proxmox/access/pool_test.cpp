#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <set>

#include "kinds/proxmox/access/access_rig.h"

namespace aegis::test {
namespace {

using Lines = std::vector<std::string>;

void make_guest(AccessRig& rig, int vmid, const std::string& name, bool ours = true) {
  rig.by_hand("POST",
              "/nodes/pve/lxc",
              {{"vmid", fmt::format("{}", vmid)},
               {"hostname", name},
               {"ostemplate", "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"},
               {"rootfs", "local-zfs:8"},
               {"tags", ours ? "aegisctl" : "other"}});
}

Json pool_of(const Json& vmids, const Json& storage = Json::array()) {
  Json names = Json::array();
  for (const auto& [name, vmid] : vmids.items()) names.push_back(name);
  return {{"containers", names}, {"vmids", vmids}, {"storage", storage}};
}

std::set<std::string> members(AccessRig& rig, const std::string& pool) {
  std::set<std::string> members;
  const Json answer = rig.get("/pools/" + pool);
  for (const Json& member : get(answer, "members")) {
    members.insert(text_or(member, "type") == "storage" ? text_or(member, "storage")
                                                        : as_text(get(member, "vmid")));
  }
  return members;
}

}  // namespace

TEST_CASE("a pool gets its containers and storages, and loses those that are taken out") {
  AccessRig rig;
  make_guest(rig, 101, "web");
  make_guest(rig, 102, "db");
  rig.want("pool", "prod", pool_of({{"web", 101}, {"db", 102}}, {"local-zfs"}));
  rig.converge();
  CHECK(members(rig, "prod") == std::set<std::string>{"101", "102", "local-zfs"});
  rig.want("pool", "prod", pool_of({{"db", 102}}, {"local"}));
  CHECK(titles(rig.plan()) ==
        Lines{"take web and local-zfs out of pool prod", "put local into pool prod"});
  rig.converge();
  CHECK(members(rig, "prod") == std::set<std::string>{"102", "local"});
}

TEST_CASE("guests in a pool that are not ours are not told and not taken out") {
  AccessRig rig;
  make_guest(rig, 101, "web");
  make_guest(rig, 200, "stranger", false);
  rig.want("pool", "prod", pool_of({{"web", 101}}));
  rig.converge();
  rig.by_hand("PUT", "/pools/prod", {{"vms", "200"}});
  CHECK(rig.plan().changes.empty());
}

TEST_CASE("a container moves from one pool to another in one run") {
  AccessRig rig;
  make_guest(rig, 101, "web");
  rig.want("pool", "a", pool_of({{"web", 101}}));
  rig.want("pool", "b", pool_of(Json::object()));
  rig.converge();
  rig.want("pool", "a", pool_of(Json::object()));
  rig.want("pool", "b", pool_of({{"web", 101}}));
  rig.converge();
  CHECK(members(rig, "a").empty());
  CHECK(members(rig, "b") == std::set<std::string>{"101"});
}

TEST_CASE("a pool that nobody declares is emptied of what is ours, then removed") {
  AccessRig rig;
  make_guest(rig, 101, "web");
  rig.want("pool", "prod", pool_of({{"web", 101}}, {"local"}));
  rig.converge();
  rig.want_nothing();
  PlanOptions options;
  options.prune = true;
  rig.converge(options);
  CHECK(rig.get("/pools").empty());
  CHECK(rig.get("/nodes/pve/lxc").size() == 1);
}

TEST_CASE("a pool with guests of others stays, with Proxmox's own words") {
  AccessRig rig;
  make_guest(rig, 200, "stranger", false);
  rig.want("pool", "prod", pool_of(Json::object()));
  rig.converge();
  rig.by_hand("PUT", "/pools/prod", {{"vms", "200"}});
  rig.want_nothing();
  PlanOptions options;
  options.prune = true;
  const auto applied = rig.apply(rig.plan(options));
  REQUIRE_FALSE(applied);
  CHECK(applied.error().message.find("is not empty") != std::string::npos);
  CHECK(members(rig, "prod") == std::set<std::string>{"200"});
}

TEST_CASE("the pool that is our lock is never an orphan") {
  AccessRig rig;
  rig.by_hand("POST", "/pools", {{"poolid", "aegisctl-lock"}, {"comment", "{\"run\":\"x\"}"}});
  PlanOptions options;
  options.prune = true;
  CHECK(rig.plan(options).changes.empty());
}

}  // namespace aegis::test
