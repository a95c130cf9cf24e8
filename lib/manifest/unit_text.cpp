#include "manifest/unit_text.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis {
namespace {

std::string quoted(const std::string& word) {
  std::string text = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (c == '%' || c == '$') {
      text.append(2, c);
    } else if (static_cast<unsigned char>(c) < ' ') {
      text += fmt::format("\\x{:02x}", c);
    } else {
      text += c;
    }
  }
  return text + '"';
}

}  // namespace

std::string unit_escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped.append(c == '%' ? 2 : 1, c);
  return escaped;
}

std::string exec_words(const std::vector<std::string>& words) {
  std::vector<std::string> pieces;
  pieces.reserve(words.size());
  for (const std::string& word : words) pieces.push_back(quoted(word));
  return join(pieces, " ");
}

}  // namespace aegis
