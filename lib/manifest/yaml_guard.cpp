#include "manifest/yaml_guard.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace aegis {
namespace {

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
