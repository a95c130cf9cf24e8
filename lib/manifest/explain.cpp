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

std::string describe_members(const Json& schema) {
  const Json& fields = without_free_names(schema);
  const Json& properties = get(fields, "properties");
  if (!properties.is_object() || properties.empty()) return "";
  std::string text = "\nfields\n";
  for (const auto& [name, field] : properties.items()) {
    bool required = false;
    for (const Json& one : get(fields, "required")) required = required || one == name;
    const std::string description = text_or(field, "description");
    text += fmt::format("  {:<16} {}{}\n",
                        name,
                        description.substr(0, description.find(". ")),
                        required ? " (required)" : "");
  }
  return text;
}

}  // namespace

Result<std::string> explain(std::string_view path, const FieldRemark& remark) {
  const Json* schema = &project_schema();
  if (path.empty()) {
    return fmt::format("{}\n{}", text_or(*schema, "description"), describe_members(*schema));
  }
  std::string walked;
  for (const std::string& piece : split(path, '.')) {
    const Json& fields = without_free_names(*schema);
    const Json& properties = get(fields, "properties");
    const auto found = properties.find(piece);
    if (!properties.is_object() || found == properties.end()) {
      const auto keys = known_keys(fields);
      const auto closest = closest_match(piece, keys);
      return Error{
          ErrorCode::not_found,
          fmt::format(
              "{} has no field `{}`.{}",
              walked.empty() ? "A project" : walked,
              piece,
              closest ? fmt::format(
                            " Did you mean `{}{}{}`?", walked, walked.empty() ? "" : ".", *closest)
              : keys.empty() ? ""
                             : fmt::format(" There are {}.", list_words(keys)))};
    }
    schema = &*found;
    walked += (walked.empty() ? "" : ".") + piece;
  }
  const std::size_t dot = walked.find('.');
  const std::string section = walked.substr(0, dot);
  const std::string rest = dot == std::string::npos ? "" : walked.substr(dot + 1);
  return describe_field(walked, *schema, remark(section, rest)) + describe_members(*schema);
}

std::string schema_for_editors() {
  return project_schema().dump(2) + "\n";
}

}  // namespace aegis
