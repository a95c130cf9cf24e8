#include "simulator/cluster.h"

#include <fmt/format.h>

#include <utility>

#include "simulator/storage_setup.h"

namespace aegis::simulator {
namespace {

using Volumes = std::map<std::string, Volume, std::less<>>;

// A shared storage shows the same on every node.
void carry_shared(const Storages& storages, Volumes& from, Volumes& to) {
  for (const Storage& storage : storages.storages) {
    if (!storage.shared) continue;
    const std::string prefix = fmt::format("{}:", storage.name);
    auto volume = from.lower_bound(prefix);
    while (volume != from.end() && volume->first.starts_with(prefix)) {
      to.insert(from.extract(volume++));
    }
  }
}

// Guests that were made since the world came here live here.
void claim_new_guests(World& world) {
  for (auto& [vmid, container] : world.containers) {
    if (container.node.empty()) container.node = world.node;
  }
  for (auto& [vmid, machine] : world.machines) {
    if (machine.node.empty()) machine.node = world.node;
  }
}

void go_to(World& world, const std::string& name) {
  const auto target = world.other_nodes.find(name);
  if (target == world.other_nodes.end()) return;
  claim_new_guests(world);
  NodeState& other = target->second;
  carry_shared(world.storages, world.storages.volumes, other.storages.volumes);
  // What the datacenter is set to is the same everywhere.
  other.settings.datacenter = world.settings.datacenter;
  std::swap(world.storages, other.storages);
  std::swap(world.network, other.network);
  std::swap(world.settings, other.settings);
  std::swap(world.firewalls.node, other.firewall);
  auto entry = world.other_nodes.extract(target);
  entry.key() = world.node;
  world.other_nodes.insert(std::move(entry));
  world.node = name;
}

}  // namespace

std::vector<std::string> node_names(const World& world) {
  std::vector<std::string> names{world.node};
  for (const auto& [name, state] : world.other_nodes) names.push_back(name);
  return names;
}

bool is_node(const World& world, std::string_view name) {
  return name == world.node || world.other_nodes.find(name) != world.other_nodes.end();
}

const std::string& node_of(const World& world, const Guest& guest) {
  return guest.node.empty() ? world.node : guest.node;
}

Refusal check_cluster_node(const World& world, const std::string& name) {
  if (is_node(world, name)) return {};
  return refuse(fmt::format("no such cluster node '{}'", name));
}

void add_nodes(World& world) {
  for (const std::string& name : world.options.other_nodes) {
    world.other_nodes[name] = {
        {}, make_network(world.options.bridges, world.options.cards), fresh_settings(name), {}};
    const OnNode visit(world, name);
    add_first_files(world);
  }
  refresh_storages(world);
}

OnNode::OnNode(World& world, const std::string& name) : world_(world), before_(world.node) {
  if (name != before_) go_to(world_, name);
}

OnNode::~OnNode() {
  if (world_.node != before_) go_to(world_, before_);
}

Json other_nodes_json(const World& world) {
  Json nodes = Json::object();
  for (const auto& [name, state] : world.other_nodes) {
    Firewalls firewalls;
    firewalls.node = state.firewall;
    nodes[name] = {{"volumes", to_json(state.storages)},
                   {"network", to_json(state.network)},
                   {"settings", to_json(state.settings)},
                   {"firewalls", to_json(firewalls)}};
  }
  return nodes;
}

void other_nodes_from_json(const Json& json, World& world) {
  for (const auto& [name, item] : json.items()) {
    NodeState& state = world.other_nodes[name];
    volumes_from_json(get(item, "volumes"), state.storages);
    state.network = network_from_json(get(item, "network"));
    state.settings = node_settings_from_json(get(item, "settings"));
    state.firewall = firewalls_from_json(get(item, "firewalls")).node;
  }
}

}  // namespace aegis::simulator
