#pragma once

#include <string>

#include "base/json.h"
#include "model/desired.h"

namespace aegis::docker {

/// Which of a service's containers a resource is. A service of one container is the resource of its
/// name; of a service with `deploy.replicas` or `scale` N, the first is, and the others are
/// "<service>-2" to "<service>-N".
struct Replica {
  std::string service;
  int number = 1;
  int count = 1;  ///< known to the first alone
};

/// Member `replica` of a spec, {service, number, count, is_followed: another one comes after it};
/// without it, `name` is the whole service.
Replica replica_of(const std::string& name, const Json& spec);

/// Is a container with these labels one for `replica` to look after? Its own number, and for the
/// first those beyond the last, which a larger number of replicas left.
bool is_cared_for_by(const Replica& replica, const Json& labels);

}  // namespace aegis::docker
