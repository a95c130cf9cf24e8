#pragma once

#include "kinds/docker/stack.h"
#include "kinds/docker/swarm/swarm_view.h"

namespace aegis::docker {

// Every node of a Swarm pulls an image by itself, so a service names it by digest. As with
// `docker stack deploy --resolve-image changed`, the registry is asked when the image's name is
// another than before; with `pull_policy: always` (or after an interval) at each plan, with `never`
// not at all.

/// Which image a service is to run.
struct SwarmImage {
  std::string name;     ///< "nginx:1.27@sha256:..."; without a digest when none is known
  Json platforms;       ///< that it runs on, for the placement; null when not known
  std::string problem;  ///< why the registry did not tell a digest; empty: it did, or was not asked
};

/// `image` with the digest that its registry told.
std::string pinned(const std::string& image, const std::string& digest);

/// A registry's platforms as a placement has them.
Json engine_platforms(const Json& told);

/// What to read for a service with `spec` whose live ServiceSpec is `live` (null: there is none).
std::vector<Query> swarm_image_queries(const Stack& stack,
                                       ApiVersion api,
                                       const Json& spec,
                                       const Json& live);

/// What those queries told.
SwarmImage swarm_image(
    const Stack& stack, ApiVersion api, const Json& spec, const Json& live, const Replies& replies);

}  // namespace aegis::docker
