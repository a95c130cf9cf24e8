#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aegis {

/// One character of a text: where its bytes are and what it is.
struct Character {
  std::string_view bytes;
  std::uint32_t code = 0;
  bool valid = true;  ///< false: one byte that is not UTF-8
};

/// The characters of `text`; bytes that are no UTF-8 (overlong forms and surrogates among them)
/// come one by one as invalid.
std::vector<Character> characters_of(std::string_view text);

/// `text` with everything written out that could move a cursor, change a colour or turn the writing
/// direction: line ends as \n, tabs as \t, other control characters and broken bytes as \xNN,
/// invisible format characters as \u{NNNN}. The rest is kept.
std::string harmless(std::string_view text);

/// Columns that harmless `text` takes in a terminal: none for combining marks, two for East Asian
/// wide characters and emoji, else one.
std::size_t columns_of(std::string_view text);

/// `text` filled up with blanks to `columns`.
std::string padded(std::string_view text, std::size_t columns);

/// `text` broken at blanks into lines of at most `width` columns, each after `indent` blanks and
/// with a line end. A word that is longer than a line stays whole, so that it can be copied.
std::string wrapped(std::string_view text, std::size_t indent, int width);

}  // namespace aegis
