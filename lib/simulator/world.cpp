#include "simulator/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "simulator/cluster.h"
#include "simulator/storage_setup.h"
#include "simulator/work.h"

namespace aegis::simulator {
namespace {

void end_task(World& world, Task task) {
  const OnNode visit(world, node_of(task));
  std::string status = task.forced_error;
  if (status.empty()) {
    status = perform_work(world, task);
    if (status == "OK" && task.forced_warnings > 0) {
      status = fmt::format("WARNINGS: {}", task.forced_warnings);
    }
  } else {
    abandon_work(world, task);
  }
  world.tasks.finish(task, status);
}

}  // namespace

World::World(SimulatorOptions wanted)
    : options(std::move(wanted)),
      node(options.node),
      random(options.seed),
      access(Access::with_builtin_roles()),
      tickets(random.hex(32), options.ticket_lifetime),
      network(make_network(options.bridges, options.cards)),
      settings(fresh_settings(options.node)) {
  files[std::string(k_storage_file)] = first_storage_file(options);
  refresh_storages(*this);
  add_first_files(*this);
  add_nodes(*this);
}

std::int64_t World::now_seconds() const {
  return std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch()).count();
}

Container* World::find_container(int vmid) {
  const auto found = containers.find(vmid);
  const bool is_here = found != containers.end() && node_of(*this, found->second) == node;
  return is_here ? &found->second : nullptr;
}

Machine* World::find_machine(int vmid) {
  const auto found = machines.find(vmid);
  const bool is_here = found != machines.end() && node_of(*this, found->second) == node;
  return is_here ? &found->second : nullptr;
}

Guest* World::find_guest(int vmid) {
  const auto container = containers.find(vmid);
  if (container != containers.end()) return &container->second;
  const auto machine = machines.find(vmid);
  return machine == machines.end() ? nullptr : &machine->second;
}

bool World::has_bridge(std::string_view name) const {
  const auto found = network.active.find(name);
  return found != network.active.end() && text_or(found->second, "type") == "bridge";
}

int World::bridge_mtu(std::string_view name) const {
  constexpr int k_usual = 1500;
  const auto found = network.active.find(name);
  if (found == network.active.end()) return k_usual;
  return static_cast<int>(as_integer(get(found->second, "mtu")).value_or(k_usual));
}

bool World::path_exists(std::string_view path) const {
  const auto& absent = options.absent_paths;
  return std::find(absent.begin(), absent.end(), path) == absent.end();
}

bool World::answers(std::string_view server) const {
  const auto& silent = options.unreachable_servers;
  return std::find(silent.begin(), silent.end(), server) == silent.end();
}

std::string World::pool_of(int vmid) const {
  for (const auto& [name, pool] : pools) {
    if (pool.vms.contains(vmid)) return name;
  }
  return {};
}

std::string Call::text(std::string_view name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? "" : found->second;
}

std::int64_t Call::number(std::string_view name, std::int64_t fallback) const {
  return has(name) ? std::strtoll(text(name).c_str(), nullptr, 10) : fallback;
}

Privileges privileges_at(const World& world, const Caller& caller, std::string_view path) {
  Privileges privileges = world.access.privileges(caller, path);
  constexpr std::string_view k_guests = "/vms/";
  if (!path.starts_with(k_guests)) return privileges;
  const int vmid = std::atoi(std::string(path.substr(k_guests.size())).c_str());
  const std::string pool = world.pool_of(vmid);
  if (!pool.empty()) privileges.merge(world.access.privileges(caller, "/pool/" + pool));
  return privileges;
}

bool may(const World& world,
         const Caller& caller,
         std::string_view path,
         std::initializer_list<std::string_view> privileges) {
  if (world.access.may_everything(caller)) return true;
  const Privileges has = privileges_at(world, caller, path);
  return std::any_of(privileges.begin(), privileges.end(), [&](std::string_view privilege) {
    return has.contains(privilege);
  });
}

Refusal require(const World& world,
                const Caller& caller,
                std::string_view path,
                std::initializer_list<std::string_view> privileges) {
  if (may(world, caller, path, privileges)) return {};
  return forbidden(fmt::format("{}, {}", path, fmt::join(privileges, "|")));
}

Refusal require_network(const World& world, const Caller& caller, std::string_view path) {
  if (may(world, caller, path, {"Sys.AccessNetwork"})) return {};
  if (may(world, caller, "/", {"Sys.Audit"}) && may(world, caller, "/", {"Sys.Modify"})) return {};
  return refuse("Permission check failed", 403);
}

Refusal check_available(const World& world, std::string_view name) {
  const Storage* storage = world.storages.find(name);
  if (storage == nullptr) return refuse(fmt::format("storage '{}' does not exist", name));
  if (!storage->enabled) {
    const Section* section = world.files.at(std::string(k_storage_file)).find(name);
    const auto disable = section->values.find("disable");
    if (disable != section->values.end() && disable->second == "1") {
      return refuse(fmt::format("storage '{}' is disabled", name));
    }
    return refuse(fmt::format("storage '{}' is not available on node '{}'", name, world.node));
  }
  if (!storage->active) return refuse(fmt::format("storage '{}' is not online", name));
  return {};
}

std::string start_task(
    World& world, const Caller& caller, std::string type, std::string id, Json work) {
  Task task;
  task.type = std::move(type);
  task.id = std::move(id);
  task.user = caller.id;
  task.started = world.now();
  task.ends = task.started + world.options.task_duration;
  task.work = std::move(work);
  // Work on one container takes turns: the container's file lock is held all the time.
  if (const Task* before = task.id.empty() ? nullptr : world.tasks.last_of(task.id)) {
    task.ends = std::max(task.ends, before->ends + world.options.task_duration);
  }
  world.on_new_task(task);
  std::string upid = world.tasks.add(world.node, std::move(task)).upid;
  settle(world);
  return upid;
}

void settle(World& world) {
  const TimePoint now = world.now();
  while (auto task = world.tasks.take_due(now)) end_task(world, *std::move(task));
  for (auto lock = world.injected_locks.begin(); lock != world.injected_locks.end();) {
    if (lock->second > now) {
      ++lock;
      continue;
    }
    if (Guest* guest = world.find_guest(lock->first)) guest->config.erase("lock");
    lock = world.injected_locks.erase(lock);
  }
}

}  // namespace aegis::simulator
