#include "kinds/docker/reference.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis::docker {

Reference parse_reference(std::string_view text) {
  Reference reference;
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    reference.digest = text.substr(at + 1);
    text = text.substr(0, at);
  }
  // A colon before the last slash belongs to the registry's port.
  const auto slash = text.rfind('/');
  const auto colon = text.rfind(':');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    reference.tag = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  reference.repository = text;
  if (reference.tag.empty() && reference.digest.empty()) reference.tag = "latest";
  return reference;
}

std::string canonical(std::string_view text) {
  const Reference reference = parse_reference(text);
  std::string name = reference.repository;
  const auto slash = name.find('/');
  const std::string first = name.substr(0, slash);
  const bool has_registry =
      slash != std::string::npos &&
      (first.find_first_of(".:") != std::string::npos || first == "localhost");
  if (!has_registry) {
    name = (slash == std::string::npos ? "docker.io/library/" : "docker.io/") + name;
  } else if (first == "index.docker.io") {
    name = "docker.io" + name.substr(slash);
  }
  if (!reference.digest.empty()) return name + "@" + reference.digest;
  return name + ":" + reference.tag;
}

std::string pull_query(const Reference& reference) {
  return fmt::format("fromImage={}&tag={}",
                     percent_encode(reference.repository),
                     percent_encode(reference.digest.empty() ? reference.tag : reference.digest));
}

}  // namespace aegis::docker
