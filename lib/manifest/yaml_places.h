#pragma once

#include <yaml-cpp/mark.h>

#include <string>
#include <string_view>

#include "base/diagnostic.h"

namespace aegis {

/// Turns the parser's marks into places: it counts bytes and points at anchors and tags; people
/// count characters and look at the value behind them.
class YamlPlaces {
 public:
  /// `text` must outlive this object.
  YamlPlaces(std::string_view text, SharedText file) : text_(text), file_(std::move(file)) {}

  /// The place of a collection: one character.
  [[nodiscard]] SourceSpan point(const YAML::Mark& mark) const;

  /// The place of a scalar or an alias, as long as it is on its first line. `value` is what the
  /// parser made of it.
  [[nodiscard]] SourceSpan scalar(const YAML::Mark& mark, std::string_view value) const;

  /// The word that stands there, up to a blank, a colon or a comma.
  [[nodiscard]] std::string_view word(const YAML::Mark& mark) const;

  /// True when a document that starts at `mark` is announced by "---", or by "..." after the last.
  [[nodiscard]] bool starts_document(const YAML::Mark& mark) const;

 private:
  [[nodiscard]] std::size_t behind_properties(std::size_t at) const;
  [[nodiscard]] std::string_view rest_of_line(std::size_t at) const;
  [[nodiscard]] SourceSpan place(const YAML::Mark& mark, std::size_t at) const;

  std::string_view text_;
  SharedText file_;
};

}  // namespace aegis
