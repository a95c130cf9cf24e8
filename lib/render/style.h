#pragma once

#include <string>
#include <string_view>

namespace aegis {

/// How a text is shown.
struct Style {
  bool color = false;
  int width = 100;  ///< columns
};

/// What a piece of text stands for; colours follow from it.
enum class Role { added, changed, removed, failed, warned, faint, strong };

/// `text` in the role's colour, or as it is without colour.
std::string paint(std::string_view text, Role role, const Style& style);

/// `text` with control characters written as \xNN (line ends and tabs too): what live systems say
/// can not move the cursor or change the colours of a terminal.
std::string harmless(std::string_view text);

/// Columns that `text` takes: one for each UTF-8 character.
std::size_t columns_of(std::string_view text);

}  // namespace aegis
