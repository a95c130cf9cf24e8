#include "model/desired.h"

#include <algorithm>

namespace aegis {

std::string_view Scope::type() const {
  const std::string_view first = std::string_view(name).substr(0, name.find('/'));
  return first == "host" || first == "guest" ? "os" : first;
}

bool Scope::has_section(std::string_view path) const {
  const Json& sections = get(settings, "sections");
  return std::find(sections.begin(), sections.end(), path) != sections.end();
}

bool Resource::needs_kind(std::string_view kind) const {
  return std::any_of(
      depends_on.begin(), depends_on.end(), [&](const Address& need) { return need.kind == kind; });
}

const SourceSpan& Resource::place_of(std::string_view path) const {
  while (!path.empty()) {
    const auto found = places.find(path);
    if (found != places.end()) return found->second;
    const std::size_t dot = path.rfind('.');
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
  }
  return where;
}

}  // namespace aegis
