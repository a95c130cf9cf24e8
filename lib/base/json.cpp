#include "base/json.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/text.h"

namespace aegis {
namespace {

constexpr int k_deepest = 200;

// Looked at before parsing, since the parser's own hook for this makes it a third slower. Of a text
// that is no JSON it may say anything.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > k_deepest) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  if (is_too_deep(text)) {
    return Error{ErrorCode::rejected, fmt::format("JSON is more than {} levels deep", k_deepest)};
  }
  try {
    return Json::parse(text);
  } catch (const Json::exception& broken) {
    return Error{ErrorCode::rejected, fmt::format("not valid JSON: {}", broken.what())};
  }
}

std::string dump_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const Json& get(const Json& object, std::string_view key) {
  static const Json k_null;
  if (!object.is_object()) return k_null;
  const auto found = object.find(key);
  return found == object.end() ? k_null : *found;
}

std::optional<std::int64_t> as_integer(const Json& value) {
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::floor(number) != number || std::abs(number) > 9e15) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return number;
}

std::optional<double> as_number(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return number;
}

std::optional<bool> as_bool(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  if (!value.is_string()) return std::nullopt;
  const std::string text = to_lower(value.get_ref<const std::string&>());
  if (text == "1" || text == "yes" || text == "on" || text == "true") return true;
  if (text == "0" || text == "no" || text == "off" || text == "false" || text.empty()) return false;
  return std::nullopt;
}

std::string as_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
  if (value.is_null()) return {};
  return dump_json(value);
}

std::string text_or(const Json& object, std::string_view key, std::string_view fallback) {
  const Json& value = get(object, key);
  return value.is_string() ? value.get<std::string>() : std::string(fallback);
}

}  // namespace aegis
