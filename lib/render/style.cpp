#include "render/style.h"

#include <fmt/format.h>

namespace aegis {
namespace {

std::string_view code_of(Role role) {
  switch (role) {
    case Role::added:
      return "32";
    case Role::changed:
      return "33";
    case Role::removed:
      return "31";
    case Role::failed:
      return "1;31";
    case Role::warned:
      return "1;33";
    case Role::faint:
      return "2";
    case Role::strong:
      return "1";
  }
  return "0";
}

}  // namespace

std::string paint(std::string_view text, Role role, const Style& style) {
  if (!style.color || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(role), text);
}

}  // namespace aegis
