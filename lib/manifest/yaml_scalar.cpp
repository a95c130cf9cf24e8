#include "manifest/yaml_scalar.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>

#include "base/text.h"

namespace aegis {
namespace {

bool all_of(std::string_view text, int (*test)(int)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return test(static_cast<unsigned char>(c)) != 0;
  });
}

int is_octal(int c) {
  return c >= '0' && c <= '7' ? 1 : 0;
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return text;
}

bool is_integer(std::string_view text) {
  if (text.starts_with("0o")) return all_of(text.substr(2), is_octal);
  if (text.starts_with("0x")) return all_of(text.substr(2), std::isxdigit);
  return all_of(without_sign(text), std::isdigit);
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_number(std::string_view text) {
  text = without_sign(text);
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    if (!all_of(without_sign(text.substr(exponent + 1)), std::isdigit)) return false;
    text = text.substr(0, exponent);
  }
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return all_of(text, std::isdigit);
  const std::string_view whole = text.substr(0, dot);
  const std::string_view fraction = text.substr(dot + 1);
  if (whole.empty()) return all_of(fraction, std::isdigit);
  return all_of(whole, std::isdigit) && (fraction.empty() || all_of(fraction, std::isdigit));
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  int base = 10;
  if (text.starts_with("0o") || text.starts_with("0x")) {
    base = text[1] == 'o' ? 8 : 16;
    text.remove_prefix(2);
  } else if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

YamlNode::Type type_of_plain_scalar(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
    return YamlNode::Type::null;
  const std::string lower = to_lower(text);
  const bool same_case =
      text == lower || text == "True" || text == "False" || text == "TRUE" || text == "FALSE";
  if (same_case && (lower == "true" || lower == "false")) return YamlNode::Type::boolean;
  if (is_integer(text) && parse_integer(text)) return YamlNode::Type::integer;
  if (is_number(text) && parse_number(text)) return YamlNode::Type::number;
  return YamlNode::Type::string;
}

Json scalar_to_json(const YamlNode& node) {
  switch (node.type) {
    case YamlNode::Type::null:
      return nullptr;
    case YamlNode::Type::boolean:
      return to_lower(node.text) == "true";
    case YamlNode::Type::integer:
      return parse_integer(node.text).value_or(0);
    case YamlNode::Type::number:
      return parse_number(node.text).value_or(0);
    default:
      return node.text;
  }
}

}  // namespace aegis
