#include "kinds/docker/earlier_images.h"

#include <algorithm>

#include "base/text.h"

namespace aegis::docker {
namespace {

// What was not pruned by then is left to its user.
constexpr std::size_t k_most = 20;

}  // namespace

std::vector<std::string> earlier_images(const Json& labels) {
  return split_any(text_or(labels, k_earlier_label), ",");
}

std::string earlier_images_label(const Json& context) {
  std::vector<std::string> images;
  for (const Json& id : get(context, "earlier_images")) images.push_back(as_text(id));
  const std::string last = text_or(context, "live_image");
  // The id of one that is still to be fetched under the same name is not known.
  const bool is_to_come =
      !get(context, "registry_digest").is_null() && get(context, "is_newest") != true;
  const std::string next = is_to_come ? "" : text_or(context, "image_id");
  if (!last.empty() && last != next) {
    std::erase(images, last);
    const bool is_behind = get(context, "is_sick") == true && !images.empty();
    images.insert(images.begin() + (is_behind ? 1 : 0), last);
  }
  std::erase(images, next);
  images.resize(std::min(images.size(), k_most));
  return join(images, ",");
}

}  // namespace aegis::docker
