#include "base/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

namespace aegis {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return {};
}

bool has_errors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::error;
  });
}

std::string to_string(const SourceSpan& span) {
  if (span.line == 0) return span.file.str();
  if (span.column == 0) return fmt::format("{}:{}", span.file.str(), span.line);
  return fmt::format("{}:{}:{}", span.file.str(), span.line, span.column);
}

}  // namespace aegis
