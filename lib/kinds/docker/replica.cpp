#include "kinds/docker/replica.h"

#include "kinds/docker/labels.h"

namespace aegis::docker {

Replica replica_of(const std::string& name, const Json& spec) {
  const Json& said = get(spec, "replica");
  Replica replica;
  replica.service = text_or(said, "service", name);
  replica.number = static_cast<int>(as_integer(get(said, "number")).value_or(1));
  replica.count = static_cast<int>(as_integer(get(said, "count")).value_or(1));
  return replica;
}

bool is_cared_for_by(const Replica& replica, const Json& labels) {
  const auto number = as_integer(get(labels, k_number_label)).value_or(1);
  return number == replica.number || (replica.number == 1 && number > replica.count);
}

}  // namespace aegis::docker
