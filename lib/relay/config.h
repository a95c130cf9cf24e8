#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "relay/service.h"

namespace aegis::relay {

/// A channel: how it is sent, and where to.
struct Channel {
  const Service* service;
  std::vector<Destination> destinations;
};

/// What a relay is told by its file.
struct Config {
  Secret token;  ///< what senders must show; empty: nothing
  std::map<std::string, Channel> channels;
  std::map<std::string, std::vector<std::string>> routes;  ///< by severity, for what Proxmox tells
};

/// Reads {"token", "channels": {NAME: {SERVICE: {...}}}, "routes": {SEVERITY: [NAME]}}, as
/// `alerts` renders it. `rejected` with what is wrong in it; never with a value of it.
Result<Config> read_config(const std::string& text);

}  // namespace aegis::relay
