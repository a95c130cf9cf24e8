#pragma once

#include <string>
#include <string_view>

namespace aegis::docker {

/// An image's name, taken apart: "registry:5000/team/app:1.2@sha256:...".
struct Reference {
  std::string repository;  ///< "registry:5000/team/app", as it was written
  std::string tag;         ///< "latest" when the text has neither a tag nor a digest
  std::string digest;      ///< "sha256:..." or empty; when set it decides, not the tag
};

Reference parse_reference(std::string_view text);

/// The one spelling of all names for the same thing: "nginx" -> "docker.io/library/nginx:latest".
std::string canonical(std::string_view text);

/// The query of `POST /images/create` that pulls exactly this image, never a whole repository.
std::string pull_query(const Reference& reference);

}  // namespace aegis::docker
