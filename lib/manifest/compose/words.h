#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/compose/node.h"

namespace aegis::compose {

/// A word, and where it stands in the text it was cut from, quotes included.
struct Word {
  std::string text;
  TextRange range;
};

/// `text` cut into words as a shell does, with single and double quotes and backslashes; nothing is
/// expanded, and `#`, `|`, `;` and the like are ordinary characters. Nothing when a quote or a
/// backslash is left open.
std::optional<std::vector<Word>> split_words(std::string_view text);

}  // namespace aegis::compose
