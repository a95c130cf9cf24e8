#pragma once

#include <string>
#include <vector>

namespace aegis {

/// One line of a comparison.
struct DiffLine {
  enum class Type { kept, removed, added, gap };
  Type type = Type::kept;
  std::string text;  ///< of a gap: empty

  bool operator==(const DiffLine&) const = default;
};

/// The fewest lines that turn `before` into `after`, with up to two kept lines around each
/// difference and a gap where more were kept. Where both differ in thousands of lines, all of them
/// count as different. Nothing when they are equal.
std::vector<DiffLine> diff_lines(const std::vector<std::string>& before,
                                 const std::vector<std::string>& after);

}  // namespace aegis
