#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "model/address.h"

namespace aegis {

/// A live object in the words of the manifests.
struct Declaration {
  Address address;  ///< what the manifests would call it
  Json spec;        ///< the fields of its entry
  /// What the manifests have no words for, as the live system writes it: "lxc.apparmor.profile:
  /// unconfined". It is left alone.
  std::vector<std::string> beyond;
};

}  // namespace aegis
