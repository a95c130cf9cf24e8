#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"

namespace aegis {

/// How deep collections may be nested, and how many values a file may have after alias expansion.
inline constexpr int k_deepest_yaml = 100;
inline constexpr std::size_t k_most_yaml_values = 1'000'000;

/// Why `text` must not even be given to the YAML parser: binary data, bytes that are not UTF-8, or
/// flow collections ("[[[[") nested deeper than the parser's recursion can bear. Nothing when it
/// may.
std::optional<Diagnostic> find_hostile_yaml(std::string_view text, const std::string& file);

}  // namespace aegis
