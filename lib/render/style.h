#pragma once

#include <string>
#include <string_view>

namespace aegis {

/// How a text is shown.
struct Style {
  bool color = false;
  int width = 100;  ///< columns; less than 40 counts as 40
};

/// What a piece of text stands for; colours follow from it.
enum class Role { added, changed, removed, failed, warned, faint, strong };

/// `text` in the role's colour, or as it is without colour. The text must be harmless already.
std::string paint(std::string_view text, Role role, const Style& style);

}  // namespace aegis
