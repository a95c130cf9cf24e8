#include "manifest/check_scalar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "base/units.h"
#include "manifest/references.h"
#include "manifest/schema.h"
#include "manifest/yaml_scalar.h"

namespace aegis {
namespace {

std::int64_t characters(const std::string& text) {
  return std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  });
}

std::string range_of(const Json& schema) {
  const auto least = as_number(get(schema, "minimum"));
  const auto most = as_number(get(schema, "maximum"));
  const auto above = as_number(get(schema, "exclusiveMinimum"));
  if (above) return fmt::format("more than {}", *above);
  if (least && most) return fmt::format("{} to {}", *least, *most);
  return least ? fmt::format("at least {}", *least) : fmt::format("at most {}", *most);
}

class ScalarCheck {
 public:
  ScalarCheck(const YamlNode& node,
              const Json& schema,
              const std::string& path,
              Diagnostics& diagnostics)
      : node_(node), schema_(schema), path_(path), diagnostics_(diagnostics) {}

  void run() {
    check_length();
    if (must_not_be_shown(node_, schema_)) return;
    if (get(schema_, "x-unit") == "size") {
      check_size();  // its words are better than those for its pattern
      return;
    }
    check_enum();
    check_pattern();
    if (node_.type == YamlNode::Type::integer || node_.type == YamlNode::Type::number)
      check_range();
  }

 private:
  void report(std::string summary, std::string detail) {
    diagnostics_.push_back(
        {Severity::error, std::move(summary), std::move(detail), node_.where, std::nullopt});
  }

  void check_size() {
    const std::string& text = node_.text;
    const bool bare =
        std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    if (!parse_size(text)) {
      report("not a size",
             fmt::format("{} is \"{}\". A size is a number with a unit: 512MiB, 8GiB, 1.5G.",
                         path_,
                         shown(text)));
    } else if (bare && text != "0") {
      report(
          "a size without a unit",
          fmt::format(
              "{} is {}: say of what. Write {}MiB, {}GiB or {}B.", path_, text, text, text, text));
    }
  }

  void check_enum() {
    const Json& values = get(schema_, "enum");
    if (!values.is_array()) return;
    std::vector<std::string> allowed;
    for (const Json& value : values) allowed.push_back(as_text(value));
    if (std::find(allowed.begin(), allowed.end(), node_.text) != allowed.end()) return;
    const auto closest = closest_match(node_.text, allowed);
    report("unknown value",
           fmt::format("{} cannot be \"{}\"; it is {}.{}",
                       path_,
                       shown(node_.text),
                       list_words(allowed, "or"),
                       closest ? fmt::format(" Did you mean \"{}\"?", *closest) : ""));
  }

  void check_pattern() {
    const std::string pattern = text_or(schema_, "pattern");
    if (pattern.empty() || matches_pattern(pattern, node_.text)) return;
    report("a value of the wrong form",
           fmt::format("{} cannot be \"{}\".{} `aegisctl explain` says more about this field.",
                       path_,
                       shown(node_.text),
                       example_of(schema_)));
  }

  void check_length() {
    const auto most = as_integer(get(schema_, "maxLength"));
    const auto least = as_integer(get(schema_, "minLength"));
    const std::int64_t length = characters(node_.text);
    if (most && length > *most) {
      report("too long",
             fmt::format("{} may have {} characters, and has {}.", path_, *most, length));
    }
    if (least && length < *least)
      report("too short", fmt::format("{} needs at least {} characters.", path_, *least));
  }

  void check_range() {
    const double value = as_number(scalar_to_json(node_)).value_or(0);
    const auto least = as_number(get(schema_, "minimum"));
    const auto most = as_number(get(schema_, "maximum"));
    const auto above = as_number(get(schema_, "exclusiveMinimum"));
    const bool outside =
        (least && value < *least) || (most && value > *most) || (above && value <= *above);
    if (!outside) return;
    report("a number out of range",
           fmt::format("{} is {}, and must be {}.", path_, shown(node_.text), range_of(schema_)));
  }

  const YamlNode& node_;
  const Json& schema_;
  const std::string& path_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_scalar(const YamlNode& node,
                  const Json& schema,
                  const std::string& path,
                  Diagnostics& diagnostics) {
  ScalarCheck(node, schema, path, diagnostics).run();
}

bool must_not_be_shown(const YamlNode& node, const Json& schema) {
  return is_secret(node) || is_secret_field(schema);
}

std::string shown(const std::string& text) {
  constexpr std::size_t k_most = 80;
  if (text.size() <= k_most) return text;
  std::size_t end = k_most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

std::string example_of(const Json& schema) {
  const Json& examples = get(schema, "examples");
  if (!examples.is_array() || examples.empty()) return {};
  const Json& first = examples.front();
  return fmt::format(" For example: {}.",
                     first.is_string() ? first.get<std::string>() : dump_json(first));
}

}  // namespace aegis
