#include "base/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

namespace aegis {

bool has_errors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::error;
  });
}

std::string to_string(const SourceSpan& span) {
  if (span.line == 0) return span.file;
  if (span.column == 0) return fmt::format("{}:{}", span.file, span.line);
  return fmt::format("{}:{}:{}", span.file, span.line, span.column);
}

}  // namespace aegis
