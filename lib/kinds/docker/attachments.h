#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {

/// How a service hangs on networks: `networks` {key: {aliases, ipv4_address, ...}}, or
/// `network_mode`.

/// Who a container is on its networks.
struct NetworkIdentity {
  std::string service;         ///< its name for its neighbours, on every network
  std::string container_name;  ///< an alias too, and implied
  std::string project;         ///< whose services it may be linked to
};

void wanted_attachments(Json& attributes, const Json& spec, const NetworkIdentity& identity);

/// What the live side is read against.
struct NetworkNames {
  Json keys;  ///< {engine name: key in the Compose file}
  Json ids;   ///< {engine name: id of the network that has the name now}
  Json ours;  ///< {engine name: true} of the networks of the stack's project
};

/// Attachments to networks that are neither the stack's nor were asked for when the container was
/// made are somebody else's: they are told in `foreign` and not compared. An attachment to a
/// network that no longer exists counts as absent.
void live_attachments(Json& attributes,
                      const Json& inspect,
                      const NetworkIdentity& identity,
                      const NetworkNames& names,
                      const Declared& declared,
                      std::vector<std::string>& foreign);

/// One attachment, as a request wants it.
struct Attachment {
  std::string key;
  std::string network;  ///< the engine's name
  Json endpoint;        ///< {Aliases, IPAMConfig, MacAddress, Links, DriverOpts, GwPriority}
};

/// In the engine's order: highest priority first, then by key; the first gives the network mode.
std::vector<Attachment> attachments(const Json& spec,
                                    const Json& network_names,
                                    const NetworkIdentity& identity);

}  // namespace aegis::docker
