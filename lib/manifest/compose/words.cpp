#include "manifest/compose/words.h"

namespace aegis::compose {
namespace {

bool is_separator(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Inside double quotes a backslash is special only before these.
bool is_escapable_in_quotes(char c) {
  return c == '"' || c == '\\' || c == '$' || c == '`';
}

// Appends the quoted part that starts at `i`; false when it has no end. Leaves `i` behind it.
bool take_quoted(std::string_view text, std::size_t& i, std::string& word) {
  const char quote = text[i++];
  for (; i < text.size(); ++i) {
    if (text[i] == quote) {
      ++i;
      return true;
    }
    const bool escaped = quote == '"' && text[i] == '\\' && i + 1 < text.size() &&
                         is_escapable_in_quotes(text[i + 1]);
    if (escaped) ++i;
    word += text[i];
  }
  return false;
}

}  // namespace

std::optional<std::vector<Word>> split_words(std::string_view text) {
  std::vector<Word> words;
  std::size_t i = 0;
  while (true) {
    while (i < text.size() && is_separator(text[i])) ++i;
    if (i >= text.size()) return words;
    Word word;
    word.range.begin = i;
    while (i < text.size() && !is_separator(text[i])) {
      if (text[i] == '\'' || text[i] == '"') {
        if (!take_quoted(text, i, word.text)) return std::nullopt;
      } else if (text[i] == '\\') {
        if (i + 1 >= text.size()) return std::nullopt;
        word.text += text[i + 1];
        i += 2;
      } else {
        word.text += text[i++];
      }
    }
    word.range.end = i;
    words.push_back(std::move(word));
  }
}

}  // namespace aegis::compose
