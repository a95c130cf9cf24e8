#include "kinds/docker/image_removal.h"

#include <fmt/format.h>

#include <set>
#include <string>

#include "kinds/docker/api.h"
#include "kinds/docker/reference.h"
#include "kinds/docker/service_state.h"

namespace aegis::docker {
namespace {

Result<std::string> user_of(const EngineClient& client, const std::string& image) {
  const auto list = client.get("/containers/json?all=1");
  if (!list) return list.error();
  for (const Json& container : list->body) {
    if (text_or(container, "ImageID") == image) return "container " + name_of(container);
  }
  return std::string();
}

bool has_other_names(const Json& tags) {
  std::set<std::string> repositories;
  for (const Json& tag : tags) repositories.insert(parse_reference(as_text(tag)).repository);
  return repositories.size() > 1;
}

Json keep(const EngineClient& client, const std::string& image, const std::string& why) {
  client.effects().progress(fmt::format("{} stays: {}", image, why));
  return {{"kept", why}};
}

}  // namespace

Result<Json> remove_image(const Step& step, const Outputs& /*outputs*/, Effects& effects) {
  const auto client = EngineClient::open(step, effects);
  if (!client) return client.error();
  const std::string image = text_or(step.input, "image");
  const auto user = user_of(*client, image);
  if (!user) return user.error();
  if (!user->empty()) return keep(*client, image, *user + " has it");
  const auto found = client->get("/images/" + name_in_path(image) + "/json", {404});
  if (!found) return found.error();
  if (found->status == 404) return Json::object();
  const Json& tags = get(found->body, "RepoTags");
  if (has_other_names(tags)) return keep(*client, image, "it has names of several repositories");
  for (const Json& tag : tags) {
    // 409: a container was made from it just now.
    const auto untagged = client->remove("/images/" + name_in_path(as_text(tag)), {404, 409});
    if (!untagged) return untagged.error();
    if (untagged->status == 409) return keep(*client, image, text_or(untagged->body, "message"));
  }
  // The last tag takes the image along, unless it was only known by its digest.
  const auto removed = client->remove("/images/" + name_in_path(image), {404, 409});
  if (!removed) return removed.error();
  if (removed->status == 409) return keep(*client, image, text_or(removed->body, "message"));
  return Json::object();
}

}  // namespace aegis::docker
