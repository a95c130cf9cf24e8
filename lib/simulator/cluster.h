#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulator/world.h"

namespace aegis::simulator {

/// The names of all nodes, the one that the world is on first.
std::vector<std::string> node_names(const World& world);

/// True when the cluster has a node of that name.
bool is_node(const World& world, std::string_view name);

/// The node that the guest lives on.
const std::string& node_of(const World& world, const Guest& guest);

/// 500 with Proxmox's text unless the cluster has a node of that name.
Refusal check_cluster_node(const World& world, const std::string& name);

/// Makes the nodes of the options, each as a fresh one. To be called once, on the first node.
void add_nodes(World& world);

/// The world is on another node for as long as this lives: its network, its settings and what is on
/// its storages. References to what a node has for itself stay valid, and show it again when the
/// world is back.
class OnNode {
 public:
  OnNode(World& world, const std::string& name);
  ~OnNode();
  OnNode(const OnNode&) = delete;
  OnNode& operator=(const OnNode&) = delete;

 private:
  World& world_;
  std::string before_;
};

/// The nodes beside the one that the world is on, for a saved state; and back.
Json other_nodes_json(const World& world);
void other_nodes_from_json(const Json& json, World& world);

}  // namespace aegis::simulator
