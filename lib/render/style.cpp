#include "render/style.h"

#include <fmt/format.h>

#include <algorithm>

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

bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7f;
}

// U+0080 to U+009F, which some terminals obey as well, are C2 80 to C2 9F in UTF-8.
bool starts_c1(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]) == 0xc2 && at + 1 < text.size() &&
         static_cast<unsigned char>(text[at + 1]) < 0xa0;
}

}  // namespace

std::string paint(std::string_view text, Role role, const Style& style) {
  if (!style.color) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(role), text);
}

std::string harmless(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (text[i] == '\n') {
      safe += "\\n";
    } else if (text[i] == '\t') {
      safe += "\\t";
    } else if (starts_c1(text, i)) {
      safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
    } else if (is_control(byte)) {
      safe += fmt::format("\\x{:02x}", byte);
    } else {
      safe += text[i];
    }
  }
  return safe;
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

}  // namespace aegis
