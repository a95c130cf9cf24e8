#include "render/source_excerpt.h"

#include <algorithm>
#include <vector>

#include "render/terminal_text.h"

namespace aegis {
namespace {

constexpr std::size_t k_tab = 4;
constexpr std::string_view k_cut = "...";

std::string_view line_at(std::string_view text, int number) {
  for (int line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

struct Cell {
  std::string shown;
  std::size_t columns;
};

std::vector<Cell> cells_of(std::string_view line) {
  std::vector<Cell> cells;
  std::size_t column = 0;
  for (const Character& character : characters_of(line)) {
    const bool tab = character.bytes == "\t";
    std::string shown = tab ? std::string(k_tab - column % k_tab, ' ') : harmless(character.bytes);
    cells.push_back({shown, columns_of(shown)});
    column += cells.back().columns;
  }
  return cells;
}

std::size_t columns_between(const std::vector<Cell>& cells, std::size_t first, std::size_t last) {
  std::size_t columns = 0;
  for (std::size_t i = first; i < last; ++i) columns += cells[i].columns;
  return columns;
}

}  // namespace

SourceExcerpt cut_excerpt(std::string_view source, const SourceSpan& where, int width) {
  const auto cells = cells_of(line_at(source, where.line));
  const auto place =
      std::min(cells.size(), static_cast<std::size_t>(std::max(where.column, 1)) - 1);
  const std::size_t room = static_cast<std::size_t>(std::max(40, width)) - 2 * k_cut.size();

  // A third of the room shows what stands before the place, when not all of the line fits.
  std::size_t first = 0;
  if (columns_between(cells, 0, cells.size()) > room) {
    first = place;
    for (std::size_t before = 0; first > 0 && before < room / 3; --first) {
      before += cells[first - 1].columns;
    }
  }
  std::size_t last = first;
  for (std::size_t used = 0; last < cells.size(); ++last) {
    used += cells[last].columns;
    if (used > room) break;
  }

  SourceExcerpt excerpt;
  if (first > 0) excerpt.text = k_cut;
  excerpt.offset = excerpt.text.size() + columns_between(cells, first, place);
  for (std::size_t i = first; i < last; ++i) excerpt.text += cells[i].shown;
  if (last < cells.size()) excerpt.text += k_cut;
  const std::size_t end =
      std::min(last, place + static_cast<std::size_t>(std::max(where.length, 1)));
  excerpt.length = std::max<std::size_t>(1, end > place ? columns_between(cells, place, end) : 1);
  return excerpt;
}

}  // namespace aegis
