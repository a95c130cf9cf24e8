#pragma once

#include <string>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// Adds an error, a warning or a note at a place; `detail` is in full sentences.
void error(Diagnostics& diagnostics,
           const SourceSpan& where,
           std::string summary,
           std::string detail,
           const SourceSpan* related = nullptr);
void warning(Diagnostics& diagnostics,
             const SourceSpan& where,
             std::string summary,
             std::string detail);
void note(Diagnostics& diagnostics,
          const SourceSpan& where,
          std::string summary,
          std::string detail);

/// The value of a scalar for a message: "`8080`". A value that a variable was put into is not
/// shown, because it may be a secret.
std::string shown(const Node& scalar);

/// "a mapping", "a list", "text": what `node` is, for messages.
std::string_view type_words(const Node& node);

/// Adds "`path` must be <expected>, not <what it is>".
void wrong_type(Diagnostics& diagnostics, const Node& node, std::string_view expected);

/// Adds "`path` is <value>, which is not <expected>"; `help` may say more.
void wrong_value(Diagnostics& diagnostics,
                 const Node& node,
                 std::string_view expected,
                 std::string_view help = "");

/// Drops all but the first of equal diagnostics: an anchor's value is read once an alias.
void remove_duplicates(Diagnostics& diagnostics);

}  // namespace aegis::compose
