#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

// The older ways in which one service reaches another, and what they imply.

/// `links`: a list of "service" or "service:alias", each as "service:alias".
std::optional<Node> read_links(const Node& value, Diagnostics& diagnostics);

/// `external_links`: a list of "container" or "container:alias", each as "container:alias".
std::optional<Node> read_external_links(const Node& value, Diagnostics& diagnostics);

/// `volumes_from`: a list of "service[:ro]" or "container:NAME[:ro]", each with ":ro" or ":rw".
std::optional<Node> read_volumes_from(const Node& value, Diagnostics& diagnostics);

/// A service that another one names outside of depends_on, and the text that names it.
struct Mention {
  std::string service;
  const Node* where = nullptr;
  bool restart = false;  ///< it has to be made anew with the service that it names
};

/// Those in `links`, `volumes_from` and the modes that share a namespace. They must outlive it.
std::vector<Mention> mentions(const Node& service);

/// Adds a dependency for each mention that depends_on does not have.
void add_mentioned_dependencies(Node& service);

/// Adds to `service` what it takes to know the containers of the services that it mentions:
/// peers {service: {container_name, count}}, of those with a name of their own or several
/// containers.
void add_peers(Node& service, const Node& services);

}  // namespace aegis::compose
