#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "simulator/form.h"
#include "simulator/schema.h"
#include "simulator/world.h"

namespace aegis::simulator {

/// One method of one path of the API.
struct Route {
  std::string_view method;
  std::string_view path;          ///< "/nodes/{node}/lxc/{vmid}/config"
  std::span<const Field> fields;  ///< all parameters, those in the path included
  Answer (*handler)(World& world, const Call& call) = nullptr;
  std::string_view guarded_path = {};             ///< where one of `privileges` is needed
  std::vector<std::string_view> privileges = {};  ///< empty: open to every user
  bool open_to_all = false;                       ///< answers without a login
  bool takes_tokens = true;
};

/// The routes of /access, as a part of all routes.
std::vector<Route> access_routes();

/// The routes of virtual machines.
std::vector<Route> qemu_routes();

/// Every call that the simulated host answers.
std::span<const Route> routes();

// Parts of it, each in the file of its name.
std::vector<Route> backup_job_routes();
std::vector<Route> backup_routes();
std::vector<Route> clone_routes();
std::vector<Route> content_routes();
std::vector<Route> ha_routes();
std::vector<Route> metric_routes();
std::vector<Route> migration_routes();
std::vector<Route> notification_routes();
std::vector<Route> replication_routes();
std::vector<Route> snapshot_routes();
std::vector<Route> storage_routes();

/// The route for `method` and a path below /api2/json, or null; the values of the pieces in braces
/// are added to `parameters`.
const Route* find_route(std::string_view method, std::string_view path, RawParameters& parameters);

}  // namespace aegis::simulator
