#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kinds/docker/stack_view.h"
#include "kinds/kind.h"

namespace aegis::docker {

// Databases that cannot open the data of another major version. What an image is, it says itself in
// its environment or its labels; its tag proves nothing. For PostgreSQL the version of the data is
// read from the data.

/// A database program and its major version.
struct DataFormat {
  std::string product;  ///< "PostgreSQL"
  std::string major;    ///< "16"
};

/// What an image with this configuration keeps data with: PostgreSQL, MySQL, MariaDB, Redis,
/// MongoDB or Elasticsearch; nothing for any other.
std::optional<DataFormat> data_format(const Json& image_config);

/// What else to read when a service may get another version: the PG_VERSION of the data in
/// `container` (its inspect). `wanted_image` is null while it is not on the engine.
std::vector<Query> data_queries(const Stack& stack,
                                ApiVersion api,
                                const Json& container,
                                const Json& wanted_image);

/// Context member `data` of a container whose image keeps data: {product, major: of the data or
/// else of the image, wanted_major: of the image to come, null when that is not there yet, folder,
/// allowed: the label io.aegisctl.data-version of `spec`}; null for other containers.
Json data_context(const Stack& stack,
                  ApiVersion api,
                  const Json& container,
                  const Json& wanted_image,
                  const Json& spec,
                  const Replies& replies);

/// Why the container of `live` must not be replaced by one of the wanted image, with the steps to
/// take; empty when it may. It may when its data does not move on to the new container.
std::string refused_version(const Json& wanted, const Observation& live);

/// True when the image to come has to be looked at once it is there.
bool needs_data_check(const Json& wanted, const Observation& live);

/// Fails as refused_version would when input.image does not fit input.data and input.service.
Result<Json> check_data(const Step& step, const EngineClient& client);

}  // namespace aegis::docker
