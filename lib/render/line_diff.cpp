#include "render/line_diff.h"

#include <algorithm>
#include <span>

namespace aegis {
namespace {

using Lines = std::span<const std::string>;
using Type = DiffLine::Type;

constexpr std::size_t k_context = 2;
constexpr std::size_t k_largest_table = 1'000'000;

void add_all(Lines lines, Type type, std::vector<DiffLine>& result) {
  for (const std::string& line : lines) result.push_back({type, line});
}

// By the longest common subsequence.
void compare(Lines before, Lines after, std::vector<DiffLine>& result) {
  const std::size_t width = after.size() + 1;
  if ((before.size() + 1) * width > k_largest_table) {
    add_all(before, Type::removed, result);
    add_all(after, Type::added, result);
    return;
  }
  std::vector<std::size_t> common((before.size() + 1) * width);
  for (std::size_t i = before.size(); i-- > 0;) {
    for (std::size_t j = after.size(); j-- > 0;) {
      common[i * width + j] =
          before[i] == after[j] ? common[(i + 1) * width + j + 1] + 1
                                : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() && j < after.size()) {
    if (before[i] == after[j]) {
      result.push_back({Type::kept, before[i]});
      ++i;
      ++j;
    } else if (common[(i + 1) * width + j] >= common[i * width + j + 1]) {
      result.push_back({Type::removed, before[i++]});
    } else {
      result.push_back({Type::added, after[j++]});
    }
  }
  add_all(before.subspan(i), Type::removed, result);
  add_all(after.subspan(j), Type::added, result);
}

std::vector<DiffLine> with_gaps(const std::vector<DiffLine>& lines) {
  std::vector<bool> shown(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].type == Type::kept) continue;
    const std::size_t first = i < k_context ? 0 : i - k_context;
    for (std::size_t k = first; k < std::min(lines.size(), i + k_context + 1); ++k) shown[k] = true;
  }
  std::vector<DiffLine> result;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (shown[i]) {
      result.push_back(lines[i]);
    } else if (result.empty() || result.back().type != Type::gap) {
      result.push_back({Type::gap, ""});
    }
  }
  return result;
}

}  // namespace

std::vector<DiffLine> diff_lines(const std::vector<std::string>& before,
                                 const std::vector<std::string>& after) {
  if (before == after) return {};
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t head = 0;
  while (head < shorter && before[head] == after[head]) ++head;
  std::size_t tail = 0;
  while (tail < shorter - head &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) {
    ++tail;
  }
  std::vector<DiffLine> lines;
  add_all(Lines(before).first(head), Type::kept, lines);
  compare(Lines(before).subspan(head, before.size() - head - tail),
          Lines(after).subspan(head, after.size() - head - tail),
          lines);
  add_all(Lines(before).last(tail), Type::kept, lines);
  return with_gaps(lines);
}

}  // namespace aegis
