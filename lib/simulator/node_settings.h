#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace aegis::simulator {

/// What the host is set to, besides guests, storages and network.
struct NodeSettings {
  Json dns{{"dns1", "127.0.0.1"}};  ///< search, dns1, dns2, dns3
  std::string hosts;                ///< the text of /etc/hosts
  std::string timezone = "UTC";
  Json datacenter = Json::object();  ///< datacenter.cfg: every value as it was sent
  Json repositories;                 ///< by path of the file: a list of {URIs, Suites, ...}
};

/// The settings of a fresh installation of a node called `node`.
NodeSettings fresh_settings(std::string_view node);

/// The datacenter's options as the API shows them: some property strings are taken apart.
Json shown_options(const NodeSettings& settings);

Json to_json(const NodeSettings& settings);
NodeSettings node_settings_from_json(const Json& json);

}  // namespace aegis::simulator
