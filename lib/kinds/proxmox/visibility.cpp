#include "kinds/proxmox/visibility.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

// A privilege that is told with 0 is not handed down.
bool grants(const Json& privileges, const std::string& name, bool itself) {
  const Json& privilege = get(privileges, name);
  if (privilege.is_null()) return false;
  return itself || as_bool(privilege).value_or(false);
}

}  // namespace

bool may_see(const Json& permissions, std::string_view privileges, std::string_view path) {
  const auto names = split_any(privileges, " ");
  bool itself = true;
  // What is said of a path replaces what is said above it.
  while (get(permissions, path).is_null() && path.size() > 1) {
    const std::size_t slash = path.rfind('/');
    path = slash == 0 ? "/" : path.substr(0, slash);
    itself = false;
  }
  const Json& given = get(permissions, path);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return grants(given, name, itself);
  });
}

}  // namespace aegis::proxmox
