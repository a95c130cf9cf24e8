#include "kinds/docker/swarm/swarm_image.h"

#include <string>

#include "kinds/docker/newer_image.h"
#include "kinds/docker/reference.h"

namespace aegis::docker {
namespace {

const Json& task_of(const Json& live) {
  return get(live, "TaskTemplate");
}

std::string live_image(const Json& live) {
  return text_or(get(task_of(live), "ContainerSpec"), "Image");
}

std::string without_digest(const std::string& image) {
  return image.substr(0, image.find('@'));
}

bool is_same_name(const std::string& wanted, const std::string& live) {
  return !live.empty() && canonical(without_digest(live)) == canonical(wanted);
}

bool is_asked(const Json& spec, const Json& live) {
  const std::string image = text_or(spec, "image");
  const std::string policy = text_or(spec, "pull_policy");
  if (policy == "never" || image.empty() || image.find('@') != std::string::npos) return false;
  return refresh_interval(policy).has_value() || !is_same_name(image, live_image(live));
}

}  // namespace

Json engine_platforms(const Json& told) {
  Json platforms = Json::array();
  for (const Json& platform : told) {
    platforms.push_back(
        {{"Architecture", text_or(platform, "architecture")}, {"OS", text_or(platform, "os")}});
  }
  return platforms;
}

std::string pinned(const std::string& image, const std::string& digest) {
  const Reference reference = parse_reference(image);
  return reference.repository + ":" + reference.tag + "@" + digest;
}

std::vector<Query> swarm_image_queries(const Stack& stack,
                                       ApiVersion api,
                                       const Json& spec,
                                       const Json& live) {
  if (!is_asked(spec, live)) return {};
  return {registry_query(stack, api, text_or(spec, "image"))};
}

SwarmImage swarm_image(const Stack& stack,
                       ApiVersion api,
                       const Json& spec,
                       const Json& live,
                       const Replies& replies) {
  SwarmImage image;
  image.name = text_or(spec, "image");
  if (is_asked(spec, live)) {
    const RegistryNews news = registry_answer(replies, registry_query(stack, api, image.name));
    if (news.problem) image.problem = news.problem->message;
    if (!news.digest.empty()) {
      image.name = pinned(image.name, news.digest);
      image.platforms = engine_platforms(news.platforms);
      return image;
    }
  }
  if (is_same_name(image.name, live_image(live))) {
    image.name = live_image(live);
    image.platforms = get(get(task_of(live), "Placement"), "Platforms");
  }
  return image;
}

}  // namespace aegis::docker
