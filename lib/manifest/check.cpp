#include "manifest/check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/units.h"
#include "manifest/references.h"
#include "manifest/schema.h"
#include "manifest/yaml_scalar.h"

namespace aegis {
namespace {

std::string type_name(YamlNode::Type type) {
  switch (type) {
    case YamlNode::Type::null:
      return "nothing";
    case YamlNode::Type::boolean:
      return "a boolean";
    case YamlNode::Type::integer:
      return "an integer";
    case YamlNode::Type::number:
      return "a number";
    case YamlNode::Type::string:
      return "a text";
    case YamlNode::Type::sequence:
      return "a list";
    case YamlNode::Type::mapping:
      return "a mapping";
  }
  return {};
}

std::string expected_name(const std::string& type) {
  if (type == "string") return "a text";
  if (type == "array") return "a list";
  if (type == "object") return "a mapping";
  if (type == "boolean") return "true or false";
  return type == "integer" ? "an integer" : "a number";
}

bool fits(YamlNode::Type actual, const std::string& type) {
  switch (actual) {
    case YamlNode::Type::null:
      return type == "null";
    case YamlNode::Type::boolean:
      return type == "boolean";
    case YamlNode::Type::integer:
      return type == "integer" || type == "number";
    case YamlNode::Type::number:
      return type == "number";
    case YamlNode::Type::string:
      return type == "string";
    case YamlNode::Type::sequence:
      return type == "array";
    case YamlNode::Type::mapping:
      return type == "object";
  }
  return false;
}

std::string example_of(const Json& schema) {
  const Json& examples = get(schema, "examples");
  if (!examples.is_array() || examples.empty()) return {};
  return fmt::format(" For example: {}", as_text(examples.front()));
}

class Checker {
 public:
  explicit Checker(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void check(const YamlNode& node, const Json& schema, const std::string& path) {
    if (!check_type(node, schema, path)) return;
    switch (node.type) {
      case YamlNode::Type::mapping:
        check_members(node, schema, path);
        break;
      case YamlNode::Type::sequence:
        check_items(node, schema, path);
        break;
      default:
        check_scalar(node, schema, path);
    }
  }

 private:
  void report(const SourceSpan& where, std::string summary, std::string detail) {
    diagnostics_.push_back(
        {Severity::error, std::move(summary), std::move(detail), where, std::nullopt});
  }

  bool check_type(const YamlNode& node, const Json& schema, const std::string& path) {
    const auto types = allowed_types(schema);
    const bool right =
        types.empty() || std::any_of(types.begin(), types.end(), [&](const std::string& type) {
          return fits(node.type, type);
        });
    if (right) return true;
    std::vector<std::string> expected;
    for (const std::string& type : types) expected.push_back(expected_name(type));
    std::string hint;
    const bool is_scalar =
        node.type != YamlNode::Type::mapping && node.type != YamlNode::Type::sequence;
    if (types.front() == "string" && is_scalar && !node.text.empty())
      hint = fmt::format(" Put it in quotes: \"{}\".", node.text);
    if (types.front() == "boolean" && is_scalar) hint = " YAML 1.2 knows only `true` and `false`.";
    if (is_secret(node)) hint += " (The value is not shown.)";
    const std::string found = is_scalar && !node.text.empty() && !is_secret(node)
                                  ? fmt::format("{} ({})", type_name(node.type), node.text)
                                  : type_name(node.type);
    report(node.where,
           "wrong type",
           fmt::format("{} must be {}, and is {}.{}{}",
                       path,
                       list_words(expected, "or"),
                       found,
                       hint,
                       example_of(schema)));
    return false;
  }

  void check_members(const YamlNode& node, const Json& schema, const std::string& path) {
    for (const YamlNode::Member& member : node.members) {
      const std::string inner = path.empty() ? member.key : path + "." + member.key;
      const Json* known = member_schema(schema, member.key);
      if (known != nullptr) {
        check(*member.value, *known, inner);
      } else {
        report_unknown(member, schema, path);
      }
    }
    for (const Json& required : get(schema, "required")) {
      const auto key = required.get<std::string>();
      if (node.find(key) != nullptr) continue;
      const Json* missing = member_schema(schema, key);
      report(node.where,
             "a required key is missing",
             fmt::format(
                 "{} needs `{}`.{}", path, key, missing == nullptr ? "" : example_of(*missing)));
    }
    const auto most = as_integer(get(schema, "maxProperties"));
    const auto least = as_integer(get(schema, "minProperties"));
    const auto count = static_cast<std::int64_t>(node.members.size());
    if ((most && count > *most) || (least && count < *least)) {
      report(node.where,
             "not exactly one key",
             fmt::format("{} takes one of {}.", path, list_words(known_keys(schema), "or")));
    }
  }

  void report_unknown(const YamlNode::Member& member, const Json& schema, const std::string& path) {
    const auto keys = known_keys(schema);
    const auto closest = closest_match(member.key, keys);
    std::string hint;
    if (closest)
      hint = fmt::format(" Did you mean `{}`?", *closest);
    else if (!keys.empty() && keys.size() <= 12)
      hint = fmt::format(" There are {}.", list_words(keys));
    else
      hint = fmt::format(" `aegisctl explain {}` lists the keys.", path);
    report(member.key_where,
           "unknown key",
           fmt::format(
               "{} has no key `{}`.{}", path.empty() ? "The project" : path, member.key, hint));
  }

  void check_items(const YamlNode& node, const Json& schema, const std::string& path) {
    const Json& items = get(schema, "items");
    if (items.is_object()) {
      for (std::size_t i = 0; i < node.items.size(); ++i)
        check(node.items[i], items, fmt::format("{}[{}]", path, i));
    }
    const auto least = as_integer(get(schema, "minItems"));
    if (least && static_cast<std::int64_t>(node.items.size()) < *least) {
      report(
          node.where,
          "too few items",
          fmt::format(
              "{} needs at least {}.", path, count_of(static_cast<std::size_t>(*least), "item")));
    }
  }

  void check_scalar(const YamlNode& node, const Json& schema, const std::string& path) {
    if (is_secret(node)) return;  // its value must not reach a message
    const std::string unit = text_or(schema, "x-unit");
    if (unit == "size" && !parse_size(node.text)) {
      report(node.where,
             "not a size",
             fmt::format("{} is \"{}\". A size is a number with a unit: 512MiB, 8GiB, 1.5G.",
                         path,
                         node.text));
    }
    check_enum(node, schema, path);
    const std::string pattern = text_or(schema, "pattern");
    if (!pattern.empty() && !matches_pattern(pattern, node.text)) {
      report(node.where,
             "a value of the wrong form",
             fmt::format("{} cannot be \"{}\".{} `aegisctl explain {}` says more.",
                         path,
                         node.text,
                         example_of(schema),
                         path));
    }
    check_length(node, schema, path);
    if (node.type == YamlNode::Type::integer || node.type == YamlNode::Type::number)
      check_range(node, schema, path);
  }

  void check_enum(const YamlNode& node, const Json& schema, const std::string& path) {
    const Json& values = get(schema, "enum");
    if (!values.is_array()) return;
    std::vector<std::string> allowed;
    for (const Json& value : values) allowed.push_back(as_text(value));
    if (std::find(allowed.begin(), allowed.end(), node.text) != allowed.end()) return;
    const auto closest = closest_match(node.text, allowed);
    report(node.where,
           "unknown value",
           fmt::format("{} cannot be \"{}\"; it is {}.{}",
                       path,
                       node.text,
                       list_words(allowed, "or"),
                       closest ? fmt::format(" Did you mean \"{}\"?", *closest) : ""));
  }

  void check_length(const YamlNode& node, const Json& schema, const std::string& path) {
    const auto most = as_integer(get(schema, "maxLength"));
    if (most && static_cast<std::int64_t>(node.text.size()) > *most) {
      report(node.where, "too long", fmt::format("{} may have {} characters.", path, *most));
    }
  }

  void check_range(const YamlNode& node, const Json& schema, const std::string& path) {
    const double value = as_number(scalar_to_json(node)).value_or(0);
    const auto least = as_number(get(schema, "minimum"));
    const auto most = as_number(get(schema, "maximum"));
    const auto above = as_number(get(schema, "exclusiveMinimum"));
    if ((least && value < *least) || (most && value > *most) || (above && value <= *above)) {
      std::string range;
      if (above)
        range = fmt::format("more than {}", *above);
      else if (least && most)
        range = fmt::format("{} to {}", *least, *most);
      else if (least)
        range = fmt::format("at least {}", *least);
      else
        range = fmt::format("at most {}", *most);
      report(node.where,
             "a number out of range",
             fmt::format("{} is {}, and must be {}.", path, node.text, range));
    }
  }

  Diagnostics& diagnostics_;
};

}  // namespace

void check(const YamlNode& node,
           const Json& schema,
           const std::string& path,
           Diagnostics& diagnostics) {
  Checker(diagnostics).check(node, schema, path);
}

}  // namespace aegis
