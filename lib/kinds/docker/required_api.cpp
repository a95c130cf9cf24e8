#include "kinds/docker/required_api.h"

#include <fmt/format.h>

#include <algorithm>

#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

constexpr ApiVersion k_annotations{1, 43};
constexpr ApiVersion k_recursive_read_only{1, 44};
constexpr ApiVersion k_start_interval{1, 44};
constexpr ApiVersion k_subpath{1, 45};
constexpr ApiVersion k_gateway_priority{1, 48};
constexpr ApiVersion k_image_mounts{1, 48};
constexpr ApiVersion k_interface_name{1, 49};

}  // namespace

std::vector<NewerFeature> newer_features(const Json& spec, ApiVersion api) {
  std::vector<NewerFeature> found;
  const auto need = [&](bool used, std::string path, ApiVersion version) {
    if (used && api < version) found.push_back({std::move(path), version});
  };
  need(!get(spec, "annotations").empty(), "annotations", k_annotations);
  need(!get(get(spec, "healthcheck"), "start_interval").is_null(),
       "healthcheck.start_interval",
       k_start_interval);
  for (const auto& [key, how] : get(spec, "networks").items()) {
    const std::string path = fmt::format("networks.{}.", key);
    need(integer_or_zero(get(how, "gw_priority")) != 0, path + "gw_priority", k_gateway_priority);
    need(!get(how, "interface_name").is_null(), path + "interface_name", k_interface_name);
  }
  for (const Json& volume : get(spec, "volumes")) {
    const std::string path = fmt::format("volumes.{}.", text_or(volume, "target"));
    const std::string how = text_or(get(volume, "bind"), "recursive");
    need(how == "writable" || how == "readonly", path + "recursive", k_recursive_read_only);
    need(text_or(volume, "type") == "image", path + "type", k_image_mounts);
    need(!get(get(volume, "volume"), "subpath").is_null(), path + "subpath", k_subpath);
  }
  return found;
}

}  // namespace aegis::docker
