#include "render/table_text.h"

#include <algorithm>

#include "render/terminal_text.h"

namespace aegis {
namespace {

std::vector<std::size_t> widths_of(const std::vector<std::vector<Cell>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], columns_of(row[i].text));
    }
  }
  return widths;
}

std::string render_row(const std::vector<Cell>& row,
                       const std::vector<std::size_t>& widths,
                       bool is_heading,
                       const Style& style) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Cell& cell = row[i];
    const auto role = is_heading ? std::optional(Role::faint) : cell.role;
    line += role ? paint(cell.text, *role, style) : cell.text;
    if (i + 1 == row.size()) break;
    line.append(widths[i] - columns_of(cell.text) + 2, ' ');
  }
  while (line.ends_with(' ')) line.pop_back();
  return line + "\n";
}

}  // namespace

std::string render_table(const std::vector<std::vector<Cell>>& rows, const Style& style) {
  const auto widths = widths_of(rows);
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += render_row(rows[i], widths, i == 0, style);
  }
  return text;
}

}  // namespace aegis
