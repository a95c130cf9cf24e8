#include "manifest/yaml_guard.h"

#include <fmt/format.h>

namespace aegis {
namespace {

// Bytes of the UTF-8 sequence that starts `text`, or 0 when it is not one (RFC 3629: no overlong
// forms, no surrogates, nothing above U+10FFFF).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (first == 0xe0 && byte(1) < 0xa0) return 0;
    if (first == 0xed && byte(1) > 0x9f) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (first == 0xf0 && byte(1) < 0x90) return 0;
    if (first == 0xf4 && byte(1) > 0x8f) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

bool is_binary(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f;
}

Diagnostic problem(
    const std::string& file, int line, int column, std::string summary, std::string detail) {
  return {Severity::error,
          std::move(summary),
          std::move(detail),
          SourceSpan{file, line, column},
          std::nullopt};
}

}  // namespace

std::optional<Diagnostic> find_binary_data(std::string_view text, const std::string& file) {
  int line = 1;
  int column = 1;
  for (std::size_t i = 0; i < text.size(); ++column) {
    if (is_binary(text[i])) {
      return problem(file,
                     line,
                     column,
                     "binary data in a text file",
                     fmt::format("Byte {:#04x} has no place in YAML. Is this really a manifest?",
                                 static_cast<unsigned char>(text[i])));
    }
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0) {
      return problem(file,
                     line,
                     column,
                     "not UTF-8",
                     "Manifests are UTF-8 text. Save the file in that encoding.");
    }
    if (text[i] == '\n') {
      ++line;
      column = 0;
    }
    i += length;
  }
  return std::nullopt;
}

}  // namespace aegis
