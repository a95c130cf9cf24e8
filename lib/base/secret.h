#pragma once

#include <fmt/format.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace aegis {

/// A text that must not be shown. It formats as "[redacted]" and does not convert to JSON or to a
/// string; `reveal()` is the one way out, at the moment of use.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  bool operator==(const Secret&) const = default;

 private:
  std::string text_;
};

inline constexpr std::string_view k_redacted = "[redacted]";

void to_json(nlohmann::json&, const Secret&) = delete;

}  // namespace aegis

template <>
struct fmt::formatter<aegis::Secret> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const aegis::Secret&, Context& context) const {
    return fmt::formatter<std::string_view>::format(aegis::k_redacted, context);
  }
};
