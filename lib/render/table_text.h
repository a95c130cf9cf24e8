#pragma once

#include <optional>
#include <string>
#include <vector>

#include "render/style.h"

namespace aegis {

/// A piece of a table: harmless text, and how it is painted.
struct Cell {
  std::string text;
  std::optional<Role> role = {};
};

/// Rows with their cells below each other, two blanks between columns; the last cell of a row is
/// not filled up, and the first row is the heading.
std::string render_table(const std::vector<std::vector<Cell>>& rows, const Style& style);

}  // namespace aegis
