#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"

namespace aegis {

/// Levels of nesting that a file may have.
inline constexpr int k_deepest_yaml = 100;

/// Values that a file may have once its aliases are written out.
inline constexpr std::size_t k_most_yaml_values = 1'000'000;

/// Bytes of text that the aliases of a file may stand for.
inline constexpr std::size_t k_most_alias_bytes = std::size_t{64} << 20U;

/// The first thing in `text` that is no text at all: a control character, or bytes that are not
/// UTF-8. The parser would take them silently. Nothing when there is none.
std::optional<Diagnostic> find_binary_data(std::string_view text, const std::string& file);

}  // namespace aegis
