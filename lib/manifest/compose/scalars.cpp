#include "manifest/compose/scalars.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

#include "base/text.h"
#include "base/units.h"
#include "manifest/compose/report.h"

namespace aegis::compose {
namespace {

constexpr std::size_t k_exact_digits = 15;

// The value itself stays out of the message: it may be a password.
void must_be_quoted(Diagnostics& diagnostics, const Node& value, std::string_view why) {
  error(diagnostics,
        value.where,
        "value must be quoted",
        fmt::format("`{}` {} Write it in quotes.", value.path, why));
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isdigit(c) != 0;
  });
}

// YYYY-M-D, alone or with a time behind it.
bool is_date(std::string_view text) {
  const std::string_view day = text.substr(0, text.find_first_of("Tt \t"));
  const auto parts = split(day, '-');
  return parts.size() == 3 && parts[0].size() == 4 &&
         std::all_of(parts.begin(), parts.end(), [](const std::string& p) {
           return is_digits(p) && p.size() <= 4;
         });
}

// Numbers of YAML 1.1 that are text in YAML 1.2: 1_000, 0b101.
bool is_old_number(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) == 0) return false;
  if (text.starts_with("0b")) {
    text.remove_prefix(2);
    return text.find_first_not_of("01_") == std::string_view::npos && !text.empty();
  }
  std::string digits(text);
  std::erase(digits, '_');
  return digits.size() != text.size() && is_digits(digits);
}

bool is_special_number(std::string_view text) {
  std::string lower = to_lower(text);
  if (lower.starts_with('-') || lower.starts_with('+')) lower.erase(0, 1);
  return lower == ".inf" || lower == ".nan";
}

// A number that prints back as it is written.
bool is_plain_fraction(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto parts = split(text, '.');
  return parts.size() == 2 && is_digits(parts[0]) && is_digits(parts[1]) &&
         (parts[0] == "0" || parts[0].front() != '0') && parts[1].back() != '0' &&
         parts[0].size() + parts[1].size() <= k_exact_digits;
}

bool is_plain_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return is_digits(text) && (text == "0" || text.front() != '0');
}

bool is_ambiguous_text(const Node& value) {
  if (value.quoted || value.interpolated) return false;
  return is_date(value.text) || is_old_number(value.text) || is_special_number(value.text);
}

// Whether Compose would take the scalar over exactly as it is written.
bool is_faithful(const Node& value) {
  switch (value.type) {
    case Node::Type::boolean:
      return value.text == "true" || value.text == "false";
    case Node::Type::integer:
      return is_plain_integer(value.text);
    case Node::Type::number:
      // A whole number that fits no machine word is a number, too.
      return is_plain_fraction(value.text) || is_plain_integer(value.text);
    default:
      return !is_ambiguous_text(value);
  }
}

bool expect_scalar(const Node& value, std::string_view expected, Diagnostics& diagnostics) {
  if (value.is_scalar()) return true;
  wrong_type(diagnostics, value, expected);
  return false;
}

std::optional<bool> parse_flag(const Node& value) {
  const std::string lower = to_lower(value.text);
  if (lower == "true" || lower == "yes" || lower == "y" || lower == "on") return true;
  if (lower == "false" || lower == "no" || lower == "n" || lower == "off") return false;
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_decimal(std::string_view text) {
  if (!is_plain_integer(text)) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Node> read_text(const Node& value, Diagnostics& diagnostics) {
  if (!expect_scalar(value, "text", diagnostics)) return std::nullopt;
  if (value.type != Node::Type::string) {
    must_be_quoted(diagnostics, value, "must be text.");
    return std::nullopt;
  }
  return read_scalar_as_text(value, diagnostics);
}

std::optional<Node> read_text_that(const Node& value,
                                   bool (*fits)(const std::string&),
                                   std::string_view expected,
                                   Diagnostics& diagnostics) {
  auto text = read_text(value, diagnostics);
  if (!text || fits(text->text)) return text;
  wrong_value(diagnostics, value, expected);
  return std::nullopt;
}

std::optional<Node> read_scalar_as_text(const Node& value, Diagnostics& diagnostics) {
  if (!expect_scalar(value, "text", diagnostics)) return std::nullopt;
  if (!is_faithful(value)) {
    must_be_quoted(diagnostics,
                   value,
                   "is something else than it looks like: without quotes YAML readers take it for "
                   "a number, a date or a boolean and write it differently.");
    return std::nullopt;
  }
  Node text = value;
  text.type = Node::Type::string;
  return text;
}

std::optional<Node> read_flag(const Node& value, Diagnostics& diagnostics) {
  if (!expect_scalar(value, "true or false", diagnostics)) return std::nullopt;
  const auto flag = parse_flag(value);
  if (!flag) {
    wrong_value(diagnostics, value, "true or false");
    return std::nullopt;
  }
  if (value.type == Node::Type::string && value.text != "true" && value.text != "false") {
    warning(diagnostics,
            value.where,
            "unusual boolean",
            fmt::format(
                "`{}` is {}; taken for {}. Write true or false.", value.path, shown(value), *flag));
  }
  return make_flag(*flag, value);
}

std::optional<Node> read_integer(const Node& value,
                                 std::int64_t smallest,
                                 std::int64_t largest,
                                 Diagnostics& diagnostics) {
  if (!expect_scalar(value, "a whole number", diagnostics)) return std::nullopt;
  const auto number = parse_decimal(value.text);
  if (!number || value.type == Node::Type::boolean) {
    wrong_value(diagnostics, value, "a whole number in plain decimal");
    return std::nullopt;
  }
  if (*number < smallest || *number > largest) {
    const std::string limits = largest == std::numeric_limits<std::int64_t>::max()
                                   ? fmt::format("a whole number from {} on", smallest)
                                   : fmt::format("a whole number from {} to {}", smallest, largest);
    wrong_value(diagnostics, value, limits);
    return std::nullopt;
  }
  return make_integer(*number, value);
}

std::optional<Node> read_count(const Node& value, Diagnostics& diagnostics) {
  return read_integer(value, 0, std::numeric_limits<std::int64_t>::max(), diagnostics);
}

std::optional<Node> read_limit(const Node& value, Diagnostics& diagnostics) {
  return read_integer(value, -1, std::numeric_limits<std::int64_t>::max(), diagnostics);
}

std::optional<Node> read_cpus(const Node& value, Diagnostics& diagnostics) {
  if (!expect_scalar(value, "a number of CPUs", diagnostics)) return std::nullopt;
  const auto parts = split(value.text, '.');
  const bool number = value.type != Node::Type::boolean && parts.size() <= 2 &&
                      value.text.size() <= 20 &&
                      std::all_of(parts.begin(), parts.end(), [](const std::string& p) {
                        return p.empty() || is_digits(p);
                      });
  if (!number || value.text.empty() || value.text == ".") {
    wrong_value(diagnostics, value, "a number of CPUs such as 1.5");
    return std::nullopt;
  }
  Node cpus = make_text(value.text.starts_with('.') ? "0" + value.text : value.text, value);
  cpus.type = Node::Type::number;
  return cpus;
}

std::optional<Node> read_bytes(const Node& value, Diagnostics& diagnostics) {
  if (!expect_scalar(value, "an amount of memory", diagnostics)) return std::nullopt;
  const bool readable = value.type == Node::Type::string || is_plain_integer(value.text);
  const auto bytes = readable ? parse_size(value.text) : std::nullopt;
  if (!bytes) {
    wrong_value(diagnostics,
                value,
                "an amount of bytes",
                "Write a whole number of bytes, or text such as \"512m\" or \"1.5g\".");
    return std::nullopt;
  }
  return make_integer(*bytes, value);
}

std::optional<Node> read_bytes_or_unlimited(const Node& value, Diagnostics& diagnostics) {
  if (value.is_scalar() && value.text == "-1") return make_integer(-1, value);
  return read_bytes(value, diagnostics);
}

std::optional<Node> read_duration(const Node& value, Diagnostics& diagnostics) {
  if (!expect_scalar(value, "a duration", diagnostics)) return std::nullopt;
  // "0" is the one duration that needs no unit.
  const bool zero = value.type == Node::Type::string && value.text == "0";
  const auto duration =
      zero ? std::optional(std::chrono::nanoseconds(0)) : parse_duration(value.text);
  if (!duration) {
    wrong_value(diagnostics,
                value,
                "a duration",
                "Write numbers with units, such as \"90s\" or \"1m30s\".");
    return std::nullopt;
  }
  return make_integer(duration->count(), value);
}

std::optional<Node> read_microseconds(const Node& value, Diagnostics& diagnostics) {
  if (!value.is_scalar() || parse_decimal(value.text)) return read_count(value, diagnostics);
  const auto time = read_duration(value, diagnostics);
  if (!time) return std::nullopt;
  const auto nanoseconds = parse_decimal(time->text).value_or(0);
  return make_integer(std::chrono::microseconds(nanoseconds / 1000).count(), value);
}

std::optional<Node> read_word(const Node& value,
                              std::span<const std::string_view> words,
                              Diagnostics& diagnostics) {
  auto text = read_text(value, diagnostics);
  if (!text || std::find(words.begin(), words.end(), text->text) != words.end()) return text;
  const std::vector<std::string> names(words.begin(), words.end());
  const auto likely = closest_match(text->text, names);
  wrong_value(diagnostics,
              value,
              names.size() == 1 ? names.front() : "one of " + list_words(names, "or"),
              likely ? fmt::format("Did you mean `{}`?", *likely) : "");
  return std::nullopt;
}

}  // namespace aegis::compose
