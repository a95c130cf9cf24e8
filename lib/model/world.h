#pragma once

#include <map>
#include <string>

#include "base/diagnostic.h"
#include "base/json.h"
#include "model/address.h"

namespace aegis {

/// What is really there, of one resource.
struct Observation {
  Address address;
  std::string scope;
  bool exists = false;
  bool owned = false;  ///< carries our owner marker; only then may it be changed without --adopt
  Json attributes;     ///< in the shape of Kind::normalize; null when it does not exist
  /// What the kind needs besides, and the diff does not compare: live ids, digests, the strings a
  /// write must echo, image configuration, power state.
  Json context;
  Diagnostics notes;
};

/// Everything that was looked at: declared resources, and owned ones that nobody declares
/// (orphans).
struct World {
  std::map<Address, Observation> objects;
};

}  // namespace aegis
