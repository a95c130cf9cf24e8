#include "kinds/docker/bound_files.h"

#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

constexpr std::string_view k_attribute = "file_contents";

}  // namespace

void wanted_bound_files(Json& attributes, const Json& spec, bool is_local) {
  Json files = Json::object();
  for (const Json& volume : get(spec, "volumes")) {
    const std::string digest = text_or(volume, "content_digest");
    if (!digest.empty() && is_local) files[text_or(volume, "target")] = "sha256:" + digest;
  }
  put(attributes, k_attribute, std::move(files));
}

void live_bound_files(Json& attributes, std::string_view label, const Json& wanted) {
  const auto known = parse_json(label.empty() ? "{}" : label);
  Json files = Json::object();
  // A file that is no longer mounted is a difference of the mounts.
  for (const auto& [target, digest] : get(wanted, k_attribute).items()) {
    const Json& made_with = known ? get(*known, target) : digest;
    files[target] = made_with.is_null() ? digest : made_with;
  }
  put(attributes, k_attribute, std::move(files));
}

std::string bound_files_label(const Json& wanted) {
  const Json& files = get(wanted, k_attribute);
  return files.is_null() ? "" : dump_json(files);
}

}  // namespace aegis::docker
