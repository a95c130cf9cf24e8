#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "simulator/access.h"
#include "simulator/answer.h"
#include "simulator/container.h"
#include "simulator/firewall.h"
#include "simulator/network.h"
#include "simulator/node_settings.h"
#include "simulator/options.h"
#include "simulator/qemu_machine.h"
#include "simulator/random.h"
#include "simulator/schema.h"
#include "simulator/section_config.h"
#include "simulator/storage.h"
#include "simulator/tasks.h"
#include "simulator/tickets.h"

namespace aegis::simulator {

/// The file of the storages' definitions in `World::files`.
inline constexpr std::string_view k_storage_file = "storage.cfg";

struct Pool {
  std::string comment;
  std::set<int> vms;
  std::set<std::string, std::less<>> storages;
};

/// What each node of the cluster has for itself.
struct NodeState {
  Storages storages;
  Network network;
  NodeSettings settings;
  Firewall firewall;
};

/// Everything that the simulated host knows, and its cluster. Not thread-safe: Host guards it.
/// Code runs on one node: `storages`, `network`, `settings` and `firewalls.node` are that one's,
/// and other nodes are gone to (OnNode).
struct World {
  explicit World(SimulatorOptions wanted);

  SimulatorOptions options;
  std::string node;  ///< the one that the world is on
  std::map<std::string, NodeState, std::less<>> other_nodes;
  Random random;
  Access access;
  Tickets tickets;
  Tasks tasks;
  Storages storages;
  std::map<std::string, Pool, std::less<>> pools;
  std::map<int, Container> containers;
  std::map<int, Machine> machines;
  /// Typed objects by the name of their file below /etc/pve.
  std::map<std::string, SectionFile, std::less<>> files;
  Firewalls firewalls;
  Network network;
  NodeSettings settings;
  std::map<int, TimePoint> injected_locks;  ///< guests whose lock falls off at that time

  /// The file that came with the request in hand.
  std::string uploaded;
  /// How long the request in hand had to wait for a container's lock.
  std::chrono::milliseconds waited{0};
  /// Lets faults decide about a task when it is made.
  std::function<void(Task&)> on_new_task = [](Task&) {};

  [[nodiscard]] TimePoint now() const { return options.now(); }
  [[nodiscard]] std::int64_t now_seconds() const;

  /// The container of this node, or null.
  [[nodiscard]] Container* find_container(int vmid);
  /// The virtual machine of this node, or null.
  [[nodiscard]] Machine* find_machine(int vmid);
  /// The container or virtual machine of any node, or null: all take their ids from one set.
  [[nodiscard]] Guest* find_guest(int vmid);
  /// True when the kernel has a bridge called `name`.
  [[nodiscard]] bool has_bridge(std::string_view name) const;
  /// The bridge's MTU; 1500 when nothing is said about it.
  [[nodiscard]] int bridge_mtu(std::string_view name) const;
  /// False for the paths that the options call absent.
  [[nodiscard]] bool path_exists(std::string_view path) const;
  /// False for the servers that the options call unreachable.
  [[nodiscard]] bool answers(std::string_view server) const;
  /// The pool that holds the container, or "".
  [[nodiscard]] std::string pool_of(int vmid) const;
};

/// One API call: who makes it, and with which verified parameters.
struct Call {
  Caller caller;
  Parameters parameters;

  /// The text of a parameter, or "".
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return parameters.contains(name); }
  /// A boolean parameter that is 1.
  [[nodiscard]] bool flag(std::string_view name) const { return text(name) == "1"; }
  /// An integer parameter, or `fallback`.
  [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t fallback = 0) const;
  [[nodiscard]] int vmid() const { return static_cast<int>(number("vmid")); }
};

/// What `caller` may do at `path`; a container's pool counts for the container too.
Privileges privileges_at(const World& world, const Caller& caller, std::string_view path);

/// True when the caller has one of `privileges` at `path`.
bool may(const World& world,
         const Caller& caller,
         std::string_view path,
         std::initializer_list<std::string_view> privileges);

/// 403 with Proxmox's text unless the caller has one of `privileges` at `path`.
Refusal require(const World& world,
                const Caller& caller,
                std::string_view path,
                std::initializer_list<std::string_view> privileges);

/// 403 unless the caller may reach the network in the host's name: Sys.AccessNetwork at `path`, or
/// Sys.Audit and Sys.Modify at "/".
Refusal require_network(const World& world, const Caller& caller, std::string_view path);

/// 500 unless the storage is defined, enabled on this node and can be reached.
Refusal check_available(const World& world, std::string_view storage);

/// Starts a task that carries out `work` when it ends, and returns its UPID. `work` has a "verb",
/// and for work on a container its "vmid".
std::string start_task(
    World& world, const Caller& caller, std::string type, std::string id, Json work);

/// Ends every task whose time has come, and drops injected locks that have run out.
void settle(World& world);

}  // namespace aegis::simulator
