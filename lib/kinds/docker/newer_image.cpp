#include "kinds/docker/newer_image.h"

#include <algorithm>

#include "base/units.h"
#include "kinds/docker/engine_time.h"
#include "kinds/docker/reference.h"

namespace aegis::docker {
namespace {

using std::chrono::hours;
using std::chrono::nanoseconds;

Query clock_query(const Stack& stack, ApiVersion api) {
  return engine_query(stack, api, "/info");
}

bool can_move(const std::string& image) {
  return !image.empty() && parse_reference(image).digest.empty();
}

// Nothing is due while the engine has not told what time it is.
bool is_due(nanoseconds interval, const Json& image, const Json& info) {
  if (interval == nanoseconds::zero()) return true;
  const auto now = parse_engine_time(text_or(info, "SystemTime"));
  if (!now) return false;
  const auto tagged = parse_engine_time(text_or(get(image, "Metadata"), "LastTagTime"));
  return !tagged || *now - *tagged >= interval;
}

// The part of a canonical name before its tag or digest.
std::string repository_of(const std::string& name) {
  const std::string whole = canonical(name);
  const auto at = whole.find('@');
  return at == std::string::npos ? whole.substr(0, whole.rfind(':')) : whole.substr(0, at);
}

std::vector<std::string> digests_of(const Json& inspect, const std::string& name) {
  std::vector<std::string> digests;
  for (const Json& entry : get(inspect, "RepoDigests")) {
    const std::string known = as_text(entry);
    const auto at = known.find('@');
    if (at == std::string::npos || repository_of(known) != repository_of(name)) continue;
    digests.push_back(known.substr(at + 1));
  }
  return digests;
}

}  // namespace

std::optional<nanoseconds> refresh_interval(std::string_view pull_policy) {
  constexpr std::string_view k_every = "every_";
  if (pull_policy == "always") return nanoseconds::zero();
  if (pull_policy == "daily") return hours{24};
  if (pull_policy == "weekly") return hours{7 * 24};
  if (!pull_policy.starts_with(k_every)) return std::nullopt;
  return parse_duration(pull_policy.substr(k_every.size()));
}

Query image_query(const Stack& stack, ApiVersion api, const std::string& image) {
  return engine_query(stack, api, "/images/" + name_in_path(image) + "/json");
}

std::vector<Query> news_queries(const Stack& stack,
                                ApiVersion api,
                                const Json& spec,
                                const Replies& replies) {
  const std::string image = text_or(spec, "image");
  const auto interval = refresh_interval(text_or(spec, "pull_policy"));
  const bool is_built = !get(spec, "build").is_null();
  if (!interval || is_built || !can_move(image)) return {};
  std::vector<Query> queries;
  if (*interval > nanoseconds::zero()) {
    queries.push_back(clock_query(stack, api));
    if (!replies.contains(image_query(stack, api, image))) return queries;
  }
  const Json& inspect = body_of(replies, image_query(stack, api, image));
  if (is_due(*interval, inspect, body_of(replies, clock_query(stack, api)))) {
    queries.push_back(registry_query(stack, api, image));
  }
  return queries;
}

RegistryNews registry_news(const Stack& stack,
                           ApiVersion api,
                           const Json& spec,
                           const Replies& replies) {
  return registry_answer(replies, registry_query(stack, api, text_or(spec, "image")));
}

Query registry_query(const Stack& stack, ApiVersion api, const std::string& image) {
  Query query = engine_query(stack, api, "/distribution/" + name_in_path(image) + "/json");
  const Json& seal = stack.login_for(image);
  if (!seal.is_null()) query.credential = dump_json(seal);
  return query;
}

RegistryNews registry_answer(const Replies& replies, const Query& query) {
  const auto reply = replies.find(query);
  if (reply == replies.end()) return {};
  const Reply& told = reply->second;
  if (told.error) return {"", told.error};
  if (told.status != 200) return {"", error_of(told.status, told.body, told.text)};
  return {
      text_or(get(told.body, "Descriptor"), "digest"), std::nullopt, get(told.body, "Platforms")};
}

std::string digest_of(const Json& inspect, const std::string& name) {
  const auto digests = digests_of(inspect, name);
  return digests.empty() ? text_or(inspect, "Id") : digests.front();
}

bool has_digest(const Json& inspect, const std::string& name, const std::string& digest) {
  const auto digests = digests_of(inspect, name);
  // An engine with the newer image store has the registry's digest as the id.
  return std::find(digests.begin(), digests.end(), digest) != digests.end() ||
         text_or(inspect, "Id") == digest ||
         text_or(get(inspect, "Descriptor"), "digest") == digest;
}

}  // namespace aegis::docker
