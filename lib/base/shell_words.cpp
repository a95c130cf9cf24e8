#include "base/shell_words.h"

#include <algorithm>
#include <cctype>

namespace aegis {
namespace {

bool is_plain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("_-./:,@%+").find(c) != std::string_view::npos;
}

}  // namespace

std::string quote_word(std::string_view word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    // A single quote cannot stand inside single quotes: leave them, escape it, enter them again.
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

Result<std::string> command_line(std::span<const std::string> words) {
  if (words.empty()) return Error{ErrorCode::rejected, "a command needs at least one word"};
  std::string line;
  for (const std::string& word : words) {
    if (word.find('\0') != std::string::npos) {
      return Error{ErrorCode::rejected, "a word of the command holds a NUL byte"};
    }
    if (!line.empty()) line += ' ';
    line += quote_word(word);
  }
  return line;
}

}  // namespace aegis
