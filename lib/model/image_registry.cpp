#include "model/image_registry.h"

namespace aegis {

std::string registry_of(std::string_view image) {
  const std::size_t slash = image.find('/');
  if (slash == std::string_view::npos) return "docker.io";
  const std::string_view first = image.substr(0, slash);
  const bool is_host = first.find_first_of(".:") != std::string_view::npos || first == "localhost";
  return is_host ? registry_name(first) : "docker.io";
}

std::string registry_name(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (text.starts_with(scheme)) text.remove_prefix(scheme.size());
  }
  const std::string host(text.substr(0, text.find('/')));
  return host == "index.docker.io" || host == "registry-1.docker.io" ? "docker.io" : host;
}

}  // namespace aegis
