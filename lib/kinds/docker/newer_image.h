#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "kinds/docker/stack_view.h"
#include "kinds/kind.h"

namespace aegis::docker {

// Whether a registry has a newer image under a service's name, which is asked while planning: the
// engine asks the registry, and nothing is fetched.

/// What the registry said.
struct RegistryNews {
  std::string digest;  ///< of what the name means there now; empty: not asked, or no answer
  std::optional<Error> problem;  ///< why there is no answer
  Json platforms = {};           ///< that the image runs on: [{architecture, os}]
};

/// How old an image may get before its registry is asked: nothing for the policies that never ask,
/// zero for "always", 24 h for "daily", 7 days for "weekly", the duration of "every_<duration>".
std::optional<std::chrono::nanoseconds> refresh_interval(std::string_view pull_policy);

/// What to read for a service with `spec`, given the replies so far: nothing when its policy does
/// not ask or its image is named by digest. The policies with an interval need the engine's clock
/// first (GET /info) and compare it with when the name was given to the image.
std::vector<Query> news_queries(const Stack& stack,
                                ApiVersion api,
                                const Json& spec,
                                const Replies& replies);

/// What those queries told.
RegistryNews registry_news(const Stack& stack,
                           ApiVersion api,
                           const Json& spec,
                           const Replies& replies);

/// The query that has the engine ask the registry of `image`, with the stack's login, and what it
/// told.
Query registry_query(const Stack& stack, ApiVersion api, const std::string& image);
RegistryNews registry_answer(const Replies& replies, const Query& query);

/// The query for an image's inspect.
Query image_query(const Stack& stack, ApiVersion api, const std::string& image);

/// The digest by which the registry of `name` knows the image `inspect`; its id when it knows none.
std::string digest_of(const Json& inspect, const std::string& name);

/// True when `digest` is one of those under which `inspect` is known in the registry of `name`.
bool has_digest(const Json& inspect, const std::string& name, const std::string& digest);

}  // namespace aegis::docker
