#pragma once

#include <compare>
#include <memory>
#include <string>
#include <utility>

namespace aegis {

/// A text that never changes and that its copies share: for what is the same in thousands of
/// values, such as the file's name in every place of a manifest. Compared by content.
class SharedText {
 public:
  /// The empty text.
  SharedText() = default;

  /// Implicit, so that it is written like the text that it holds.
  SharedText(std::string text)
      : text_(text.empty() ? nullptr : std::make_shared<const std::string>(std::move(text))) {}
  SharedText(const char* text) : SharedText(std::string(text)) {}

  [[nodiscard]] const std::string& str() const {
    static const std::string k_empty;
    return text_ == nullptr ? k_empty : *text_;
  }

  bool operator==(const SharedText& other) const {
    return text_ == other.text_ || str() == other.str();
  }
  auto operator<=>(const SharedText& other) const { return str() <=> other.str(); }

 private:
  std::shared_ptr<const std::string> text_;  // null when it is empty
};

}  // namespace aegis
