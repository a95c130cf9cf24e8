#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/shared_text.h"

namespace aegis {

/// A place in a manifest. Lines and columns count from 1; 0 means "the file as a whole".
struct SourceSpan {
  SharedText file;
  int line = 0;
  int column = 0;
  int length = 1;  ///< characters to underline from `column` on

  auto operator<=>(const SourceSpan&) const = default;
};

enum class Severity { error, warning, note };
std::string_view to_string(Severity severity);

/// Something to tell the person who wrote the manifests.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string summary;  ///< short, without user-chosen names
  std::string detail;   ///< full sentences: what is wrong, why, what to do
  std::optional<SourceSpan> where;
  std::optional<SourceSpan>
      related;  ///< a second place, such as the first definition of a duplicate

  bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

/// True when one of them is an error.
bool has_errors(const Diagnostics& diagnostics);

/// "file:line:column", "file:line" or "file", as far as it is known.
std::string to_string(const SourceSpan& span);

}  // namespace aegis
