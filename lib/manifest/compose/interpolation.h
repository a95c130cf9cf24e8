#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/compose/node.h"
#include "manifest/compose/variable.h"

namespace aegis::compose {

/// A text with its variables put in.
struct Interpolated {
  /// Something to say about the text; `offset` is where in the original text.
  struct Remark {
    std::size_t offset = 0;
    std::string message;
  };

  std::string text;
  bool used = false;              ///< some variable was referred to
  std::vector<TextRange> secret;  ///< parts of `text` from variables that are or may be secrets
  std::optional<std::size_t> certain;  ///< where a variable stands that is certainly secret
  std::vector<Remark> unset;           ///< plain references to unset variables: the names
  std::vector<Remark> errors;          ///< malformed references, and `${NAME:?message}` that fired
};

/// `text` with $NAME, ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:?message},
/// ${NAME?message},
/// ${NAME:+instead} and ${NAME+instead} replaced; what stands after an operator may hold references
/// of its own, and is looked at only when it is needed. `$$` is a dollar; a dollar before anything
/// else stays. Messages are given as they are written: a value never goes into an error.
Interpolated interpolate(std::string_view text, const Variables& variables);

}  // namespace aegis::compose
