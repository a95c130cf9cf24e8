#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.h"

namespace aegis {

/// A line of a manifest, ready to be shown with a place underlined.
struct SourceExcerpt {
  std::string text;        ///< harmless; tabs are blanks; cut around the place when it is long
  std::size_t offset = 0;  ///< columns before the underlined part
  std::size_t length = 1;  ///< columns of the underlined part, at least one
};

/// The line of `source` that `where` points into. Columns count characters, not bytes. A place
/// behind the end of the line or of the text is shown at its end.
SourceExcerpt cut_excerpt(std::string_view source, const SourceSpan& where, int width);

}  // namespace aegis
