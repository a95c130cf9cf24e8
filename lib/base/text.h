#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aegis {

/// `text` cut at every `separator`; an empty text gives one empty piece.
std::vector<std::string> split(std::string_view text, char separator);

/// `text` cut at runs of any of `separators`; no empty pieces.
std::vector<std::string> split_any(std::string_view text, std::string_view separators);

/// The pieces with `separator` between them.
std::string join(std::span<const std::string> pieces, std::string_view separator);

/// `text` without blanks, tabs and line ends at both ends.
std::string_view trim(std::string_view text);

/// ASCII lower case; other bytes are kept.
std::string to_lower(std::string_view text);

/// `text` with every byte outside RFC 3986's unreserved set written as %XX: safe in a URL's path
/// piece, in a query and in a form body, for servers that also split on ';' and '+'.
std::string percent_encode(std::string_view text);

/// The inverse of percent_encode; with `plus_is_blank`, '+' becomes a blank (form bodies).
std::string percent_decode(std::string_view text, bool plus_is_blank = false);

/// The candidate that `word` is most likely a misspelling of (edit distance with transpositions, at
/// most a third of the word), or nothing. Ties go to the first candidate.
std::optional<std::string> closest_match(std::string_view word,
                                         std::span<const std::string> candidates);

/// "a, b and c"; with `last` = "or": "a, b or c".
std::string list_words(std::span<const std::string> words, std::string_view last = "and");

/// "1 step", "2 steps": the count and the noun with an s where it needs one.
std::string count_of(std::size_t count, std::string_view noun);

}  // namespace aegis
