#include "manifest/explain.h"

#include <fmt/format.h>

#include "base/text.h"
#include "manifest/schema.h"

namespace aegis {
namespace {

// Looks through names that users choose: `containers.rootfs` is `containers.<name>.rootfs`.
const Json& without_free_names(const Json& schema) {
  const Json* current = &schema;
  while (get(*current, "properties").empty()) {
    const Json& others = get(*current, "additionalProperties");
    const Json& patterns = get(*current, "patternProperties");
    if (others.is_object())
      current = &others;
    else if (patterns.is_object() && !patterns.empty())
      current = &*patterns.begin();
    else
      break;
  }
  return *current;
}

std::string type_of(const Json& schema) {
  std::vector<std::string> names;
  for (const std::string& type : allowed_types(schema)) {
    if (type == "object")
      names.push_back(has_free_keys(schema) ? "mapping by name" : "mapping");
    else if (type == "array")
      names.push_back("list");
    else if (type == "string")
      names.push_back(get(schema, "x-unit") == "size" ? "size" : "text");
    else
      names.push_back(type);
  }
  if (get(schema, "x-unit") == "size" && names.size() > 1) return "size";
  return list_words(names, "or");
}

std::string line(std::string_view label, const std::string& text) {
  return text.empty() ? "" : fmt::format("  {:<10} {}\n", label, text);
}

std::string describe_field(const std::string& path, const Json& schema, const std::string& remark) {
  std::string text = fmt::format("{}\n", path);
  text += fmt::format("  {}\n\n", text_or(schema, "description"));
  text += line("type", type_of(schema));
  if (schema.contains("enum")) {
    std::vector<std::string> values;
    for (const Json& value : schema.at("enum")) values.push_back(as_text(value));
    text += line("values", list_words(values, "or"));
  }
  if (schema.contains("default")) {
    const Json& value = schema.at("default");
    text += line("default", value.is_string() ? as_text(value) : dump_json(value));
  }
  text += line("default", text_or(schema, "x-default"));
  const Json& examples = get(schema, "examples");
  if (examples.is_array() && !examples.empty()) {
    text += line(
        "example",
        examples.front().is_string() ? as_text(examples.front()) : dump_json(examples.front()));
  }
  if (as_bool(get(schema, "x-secret")).value_or(false))
    text += line("secret", "never shown; use a reference");
  return text + line("a change", remark);
}

std::string first_sentence(const std::string& text) {
  const std::string first = text.substr(0, text.find(". "));
  return first.ends_with('.') ? first.substr(0, first.size() - 1) : first;
}

std::string describe_members(const Json& schema) {
  const Json& fields = without_free_names(schema);
  const Json& properties = get(fields, "properties");
  if (!properties.is_object() || properties.empty()) return "";
  std::string text = "\nfields\n";
  for (const auto& [name, field] : properties.items()) {
    bool required = false;
    for (const Json& one : get(fields, "required")) required = required || one == name;
    text += fmt::format("  {:<16} {}{}\n",
                        name,
                        first_sentence(text_or(field, "description")),
                        required ? " (required)" : "");
  }
  return text;
}

Error no_such_field(const std::string& walked, const std::string& piece, const Json& fields) {
  const auto keys = known_keys(fields);
  const auto closest = closest_match(piece, keys);
  std::string hint;
  if (closest)
    hint = fmt::format(" Did you mean `{}{}{}`?", walked, walked.empty() ? "" : ".", *closest);
  else if (!keys.empty())
    hint = fmt::format(" There are {}.", list_words(keys));
  return {
      ErrorCode::not_found,
      fmt::format("{} has no field `{}`.{}", walked.empty() ? "A project" : walked, piece, hint)};
}

// A piece for a name that a user chooses, which may be left out.
bool stands_for_name(const std::string& piece, const Json& schema) {
  const bool is_placeholder = piece == "*" || (piece.starts_with('<') && piece.ends_with('>'));
  return is_placeholder && has_free_keys(schema);
}

}  // namespace

Result<std::string> explain(std::string_view path, const FieldRemark& remark) {
  const Json* schema = &project_schema();
  if (path.empty())
    return fmt::format("{}\n{}", text_or(*schema, "description"), describe_members(*schema));
  std::string walked;
  for (const std::string& piece : split(path, '.')) {
    if (stands_for_name(piece, *schema)) continue;
    const Json& fields = without_free_names(*schema);
    const Json& field = get(get(fields, "properties"), piece);
    if (!field.is_object()) return no_such_field(walked, piece, fields);
    schema = &field;
    walked += (walked.empty() ? "" : ".") + piece;
  }
  const std::size_t dot = walked.find('.');
  const std::string section = walked.substr(0, dot);
  const std::string rest = dot == std::string::npos ? "" : walked.substr(dot + 1);
  return describe_field(walked, *schema, remark(section, rest)) + describe_members(*schema);
}

std::string schema_for_editors() {
  return editor_schema().dump(2) + "\n";
}

}  // namespace aegis
