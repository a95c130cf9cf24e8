#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/vault.h"
#include "kinds/docker/newer_image.h"
#include "kinds/docker/peers.h"
#include "kinds/docker/replica.h"
#include "kinds/docker/stack_view.h"

namespace aegis::docker {

/// Which of an engine's containers a service has.
struct ServiceContainers {
  std::string current;            ///< id of the one that counts; empty when there is none
  std::vector<std::string> rest;  ///< ids of what an interrupted run or a larger scale left behind
};

/// The containers of `replica` among `items` of GET /containers/json. The name is the commit marker
/// of a replacement: the one with the final name counts; without it the oldest, which is the
/// predecessor that was moved aside. A container of the final name counts too when it is not the
/// project's: it stands in the way.
ServiceContainers find_containers(const std::vector<const Json*>& items,
                                  const Stack& stack,
                                  const Replica& replica,
                                  const std::string& final_name);

/// "<12 hex digits>_": the prefix of names that only live during a replacement.
bool is_passing_name(std::string_view name);

/// The name of the first entry of a container list's item, without its '/'.
std::string name_of(const Json& item);

/// All that was read of one service.
struct ServiceReading {
  const Resource* resource = nullptr;  ///< null for an orphan
  Replica replica;
  const Json* inspect = nullptr;       ///< null when there is no container
  const Json* wanted_image = nullptr;  ///< its inspect; null when it is not there
  const Json* live_image = nullptr;
  const Json* networks = nullptr;  ///< the engine's list
  const ContainerNames* container_names = nullptr;
  Json leftovers = Json::array();
  RegistryNews news;
  Json files = Json::object();  ///< found_files; holds secrets
};

/// What the kind knows of a service besides its attributes, as Observation::context has it:
/// {api, project, final_name, networks {key: engine name}, volumes {key: engine name},
///  image_id: of the wanted image, when it is on the engine; base: the image configuration that the
///  desired side is merged with; registry_digest: what the registry has under the image's name;
///  is_newest: the engine has just that; leftovers [{id, name}]},
/// is_local, and of a container {id, name, running, never_ran, restart, completed, stop_timeout,
///  live_image: its image's id, earlier_images: see earlier_images.h, is_sick: it did not work,
///  endpoints, starts_first, restart_after and restarted_dependents: see restart_links.h, data: see
///  stateful_data.h, anonymous: its volumes without a name that hold data, file_volumes: those that
///  only hold files that were put in}.
Json service_context(const Stack& stack,
                     const ServiceReading& reading,
                     std::optional<ApiVersion> api);

/// The attributes that `spec` asks for, given the context.
Json wanted_service(const Json& spec, const Replica& replica, const Json& context);

/// The attributes of the container, read against what is wanted (null for an orphan); secrets are
/// sealed by `vault`. Says in `foreign` which networks others attached it to.
Json live_service(const ServiceReading& reading,
                  const Json& context,
                  const Json& wanted,
                  Vault& vault,
                  std::vector<std::string>& foreign);

}  // namespace aegis::docker
