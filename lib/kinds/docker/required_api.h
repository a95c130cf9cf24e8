#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "kinds/docker/api.h"

namespace aegis::docker {

/// Something that older engines leave out without a word, because they do not know it.
struct NewerFeature {
  std::string path;    ///< "networks.back.gw_priority"
  ApiVersion version;  ///< the first that has it
};

/// What a service's spec asks for that an engine which speaks `api` does not have.
std::vector<NewerFeature> newer_features(const Json& spec, ApiVersion api);

}  // namespace aegis::docker
