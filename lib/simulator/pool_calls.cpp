#include <fmt/format.h>

#include <cstdlib>

#include "base/text.h"
#include "simulator/access_rights.h"
#include "simulator/cluster.h"
#include "simulator/node_calls.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_separators = ", ;";

Json members_of(const World& world, const Pool& pool) {
  Json members = Json::array();
  for (const int vmid : pool.vms) {
    const auto machine = world.machines.find(vmid);
    if (machine != world.machines.end()) {
      members.push_back(
          resource_item(machine->second, world.now(), node_of(world, machine->second)));
    }
    const auto found = world.containers.find(vmid);
    if (found == world.containers.end()) continue;
    members.push_back(resource_item(
        found->second, world.now(), world.options.host_cores, node_of(world, found->second)));
  }
  for (const std::string& name : pool.storages) {
    members.push_back({{"id", fmt::format("storage/{}/{}", world.node, name)},
                       {"type", "storage"},
                       {"node", world.node},
                       {"storage", name}});
  }
  return members;
}

Json pool_item(const std::string& name, const Pool& pool) {
  Json item{{"poolid", name}};
  if (!pool.comment.empty()) item["comment"] = pool.comment;
  return item;
}

// Adds or removes one member after another; the first that does not fit ends the call.
Refusal change_vms(World& world, Pool& pool, const Call& call) {
  for (const std::string& text : split_any(call.text("vms"), k_separators)) {
    const int vmid = std::atoi(text.c_str());
    if (Refusal no = require_acl_rights(world, call.caller, "/vms/" + text)) return no;
    if (call.flag("delete")) {
      if (pool.vms.erase(vmid) == 0) {
        return refuse(fmt::format("update pools failed: VM {} is not a pool member", vmid));
      }
      continue;
    }
    const std::string holder = world.pool_of(vmid);
    if (!holder.empty() && !call.flag("allow-move")) {
      return refuse(fmt::format("update pools failed: VM {} is already a pool member", vmid));
    }
    if (!holder.empty()) world.pools.find(holder)->second.vms.erase(vmid);
    pool.vms.insert(vmid);
  }
  return {};
}

Refusal change_storages(const World& world, Pool& pool, const Call& call) {
  for (const std::string& name : split_any(call.text("storage"), k_separators)) {
    if (Refusal no = require_acl_rights(world, call.caller, "/storage/" + name)) return no;
    const bool worked =
        call.flag("delete") ? pool.storages.erase(name) > 0 : pool.storages.insert(name).second;
    if (worked) continue;
    return refuse(fmt::format("update pools failed: Storage '{}' is {} a pool member",
                              name,
                              call.flag("delete") ? "not" : "already"));
  }
  return {};
}

}  // namespace

Answer list_pools(World& world, const Call& call) {
  const std::string wanted = call.text("poolid");
  if (!wanted.empty()) {
    const auto pool = world.pools.find(wanted);
    if (pool == world.pools.end()) return refuse(fmt::format("pool '{}' does not exist", wanted));
    if (Refusal refusal = require(world, call.caller, "/pool/" + wanted, {"Pool.Audit"})) {
      return *refusal;
    }
    Json item = pool_item(wanted, pool->second);
    item["members"] = members_of(world, pool->second);
    return answer(Json::array({item}));
  }
  Json items = Json::array();
  for (const auto& [name, pool] : world.pools) {
    if (!may(world, call.caller, "/pool/" + name, {"Pool.Audit"})) continue;
    items.push_back(pool_item(name, pool));
  }
  return answer(std::move(items));
}

Answer create_pool(World& world, const Call& call) {
  const std::string name = call.text("poolid");
  if (world.pools.contains(name)) {
    return refuse(fmt::format("create pool failed: pool '{}' already exists", name));
  }
  const std::size_t slash = name.rfind('/');
  if (slash != std::string::npos && !world.pools.contains(name.substr(0, slash))) {
    return refuse(fmt::format("create pool failed: parent '{}' of pool '{}' does not exist",
                              name.substr(0, slash),
                              name));
  }
  world.pools[name].comment = call.text("comment");
  return answer();
}

Answer update_pool(World& world, const Call& call) {
  const std::string name = call.text("poolid");
  const auto pool = world.pools.find(name);
  if (pool == world.pools.end()) {
    return refuse(fmt::format("update pools failed: pool '{}' does not exist", name));
  }
  // Worked out on a copy: the real host writes its user.cfg once, at the end.
  const auto before = world.pools;
  if (call.has("comment")) pool->second.comment = call.text("comment");
  Refusal refusal = change_vms(world, pool->second, call);
  if (!refusal) refusal = change_storages(world, pool->second, call);
  if (!refusal) return answer();
  world.pools = before;
  return *refusal;
}

Answer delete_pool(World& world, const Call& call) {
  const std::string name = call.text("poolid");
  const auto pool = world.pools.find(name);
  if (pool == world.pools.end()) {
    return refuse(fmt::format("delete pool failed: pool '{}' does not exist", name));
  }
  if (!pool->second.vms.empty() || !pool->second.storages.empty()) {
    return refuse(fmt::format("delete pool failed: pool '{}' is not empty", name));
  }
  world.pools.erase(pool);
  return answer();
}

Answer read_pool(World& world, const Call& call) {
  const auto pool = world.pools.find(call.text("poolid"));
  if (pool == world.pools.end()) {
    return refuse(fmt::format("pool '{}' does not exist", call.text("poolid")));
  }
  Json item = pool_item(pool->first, pool->second);
  item.erase("poolid");
  item["members"] = members_of(world, pool->second);
  return answer(std::move(item));
}

}  // namespace aegis::simulator
