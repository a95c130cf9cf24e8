#include "manifest/yaml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace aegis {
namespace {

constexpr std::string_view k_indent = "  ";

// Words that some YAML reader takes for something else than text.
bool is_special_word(const std::string& text) {
  constexpr std::array<std::string_view, 9> k_words{
      "true", "false", "null", "yes", "no", "on", "off", "y", "n"};
  const std::string lower = to_lower(text);
  return std::find(k_words.begin(), k_words.end(), lower) != k_words.end();
}

// "5m", "14d": durations as Prometheus and Compose write them.
bool is_duration(const std::string& text) {
  constexpr std::string_view k_digits = "0123456789";
  const std::size_t unit = text.find_first_not_of(k_digits);
  return unit != 0 && unit + 1 == text.size() &&
         std::string_view("smhdw").find(text.back()) != std::string_view::npos;
}

// In single quotes a text reads as it is, where double quotes ask for backslashes.
bool is_better_in_single_quotes(const std::string& text) {
  return text.find_first_of("\"\\") != std::string::npos &&
         std::all_of(
             text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '\''; });
}

// Text that cannot be taken for anything else without quotes.
bool is_plain(const std::string& text) {
  if (text.empty() || text.ends_with(':') || text.ends_with(' ') || is_special_word(text))
    return false;
  const auto first = static_cast<unsigned char>(text.front());
  // "8GiB", "10.0.0.1/24" and "80/tcp" are numbers to nobody.
  const bool is_quantity =
      std::isdigit(first) != 0 &&
      (text.ends_with("iB") || text.find('/') != std::string::npos || is_duration(text));
  if (std::isalpha(first) == 0 && first != '/' && first != '_' && !is_quantity) return false;
  if (text.find(": ") != std::string::npos || text.find(" #") != std::string::npos) return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("_-./:@+= ()").find(c) != std::string::npos;
  });
}

bool is_block(const Json& value) {
  return value.is_structured() && !value.empty();
}

void write(const Json& value, std::size_t depth, std::string& out);

void write_indent(std::size_t depth, std::string& out) {
  for (std::size_t i = 0; i < depth; ++i) out += k_indent;
}

void write_mapping(const Json& value, std::size_t depth, bool indented, std::string& out) {
  for (const auto& [key, member] : value.items()) {
    if (indented) write_indent(depth, out);
    indented = true;
    out += yaml_scalar(key) + ":";
    if (is_block(member)) {
      out += '\n';
      write(member, depth + 1, out);
    } else {
      out += ' ';
      out += yaml_scalar(member);
      out += '\n';
    }
  }
}

void write(const Json& value, std::size_t depth, std::string& out) {
  if (!is_block(value)) {
    out += yaml_scalar(value) + "\n";
    return;
  }
  if (value.is_object()) return write_mapping(value, depth, true, out);
  for (const Json& item : value) {
    write_indent(depth, out);
    out += "- ";
    if (item.is_object() && !item.empty())
      write_mapping(item, depth + 1, false, out);
    else if (is_block(item))
      out += dump_json(item) + "\n";
    else
      out += yaml_scalar(item) + "\n";
  }
}

}  // namespace

std::string yaml_scalar(const Json& value) {
  if (!value.is_string()) return dump_json(value);
  const auto& text = value.get_ref<const std::string&>();
  if (is_plain(text)) return text;
  return is_better_in_single_quotes(text) ? fmt::format("'{}'", text) : dump_json(value);
}

std::string to_yaml_text(const Json& value) {
  std::string out;
  write(value, 0, out);
  return out;
}

}  // namespace aegis
