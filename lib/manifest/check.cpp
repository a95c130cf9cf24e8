#include "manifest/check.h"

#include <fmt/format.h>

#include "base/text.h"
#include "manifest/check_scalar.h"
#include "manifest/references.h"
#include "manifest/schema.h"

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

bool fits(YamlNode::Type actual, const Json& schema) {
  switch (actual) {
    case YamlNode::Type::null:
      return allows_type(schema, "null");
    case YamlNode::Type::boolean:
      return allows_type(schema, "boolean");
    case YamlNode::Type::integer:
      return allows_type(schema, "integer") || allows_type(schema, "number");
    case YamlNode::Type::number:
      return allows_type(schema, "number");
    case YamlNode::Type::string:
      return allows_type(schema, "string");
    case YamlNode::Type::sequence:
      return allows_type(schema, "array");
    case YamlNode::Type::mapping:
      return allows_type(schema, "object");
  }
  return false;
}

class Checker {
 public:
  explicit Checker(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void check(const YamlNode& node, const Json& schema, const std::string& path) {
    if (is_unresolved(node)) return;
    if (!node.tag.empty() && !is_secret(node) && !is_from_outside(node)) {
      report(
          node.where,
          "a tag without a meaning",
          fmt::format(
              "{} has the tag {}, and manifests have no tags. Remove it.", path, shown(node.tag)));
    }
    if (!check_type(node, schema, path)) return;
    switch (node.type) {
      case YamlNode::Type::mapping:
        check_members(node, schema, path);
        break;
      case YamlNode::Type::sequence:
        check_items(node, schema, path);
        break;
      default:
        check_scalar(node, schema, path, diagnostics_);
    }
  }

 private:
  void report(const SourceSpan& where, std::string summary, std::string detail) {
    diagnostics_.push_back(
        {Severity::error, std::move(summary), std::move(detail), where, std::nullopt});
  }

  bool check_type(const YamlNode& node, const Json& schema, const std::string& path) {
    if (fits(node.type, schema)) return true;
    const auto types = allowed_types(schema);
    std::vector<std::string> expected;
    expected.reserve(types.size());
    for (const std::string& type : types) expected.push_back(expected_name(type));
    report(node.where,
           "wrong type",
           fmt::format("{} must be {}, and is {}.{}{}",
                       path,
                       list_words(expected, "or"),
                       found(node, schema),
                       type_hint(node, schema, types.front()),
                       example_of(schema)));
    return false;
  }

  static bool is_shown(const YamlNode& node, const Json& schema) {
    return node.items.empty() && node.members.empty() && !node.text.empty() &&
           !must_not_be_shown(node, schema);
  }

  static std::string found(const YamlNode& node, const Json& schema) {
    const std::string type = type_name(node.type);
    if (is_shown(node, schema)) return fmt::format("{} ({})", type, shown(node.text));
    return must_not_be_shown(node, schema) ? type + " (not shown, it is a secret)" : type;
  }

  static std::string type_hint(const YamlNode& node,
                               const Json& schema,
                               const std::string& wanted) {
    const bool is_scalar =
        node.type != YamlNode::Type::mapping && node.type != YamlNode::Type::sequence;
    if (!is_scalar || node.type == YamlNode::Type::null) return "";
    if (wanted == "string")
      return is_shown(node, schema) ? fmt::format(" Put it in quotes: \"{}\".", shown(node.text))
                                    : " Put it in quotes.";
    if (wanted == "boolean") return " YAML 1.2 knows only `true` and `false`.";
    if (wanted == "array") return " Put it in brackets, or on a line of its own after \"- \".";
    return "";
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
      report(
          node.where,
          "not exactly one key",
          fmt::format("{} takes exactly one of {}.", path, list_words(known_keys(schema), "or")));
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
      hint = hint_at_names(schema);
    report(
        member.key_where,
        "unknown key",
        fmt::format(
            "{} has no key `{}`.{}", path.empty() ? "A project" : path, shown(member.key), hint));
  }

  // Where keys are names of a certain look, the example says which.
  static std::string hint_at_names(const Json& schema) {
    const Json& examples = get(schema, "examples");
    const bool has_example = get(schema, "patternProperties").is_object() && !examples.empty() &&
                             examples.front().is_object() && !examples.front().empty();
    if (!has_example) return " `aegisctl explain` lists the keys.";
    return fmt::format(" Names there are like `{}`.", examples.front().begin().key());
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
