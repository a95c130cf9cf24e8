#include "manifest/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <regex>

#include "manifest/schemas.h"

namespace aegis {
namespace {

constexpr std::string_view k_file_ending = ".schema.json";

Json read_schema(std::string_view name) {
  // Built in and checked by the tests: a broken one is a bug.
  return parse_json(schema_text(name)).value();
}

void fill_references(Json& schema) {
  if (!schema.is_structured()) return;
  const std::string reference = text_or(schema, "$ref");
  if (reference.ends_with(k_file_ending)) {
    schema =
        read_schema(std::string_view(reference).substr(0, reference.size() - k_file_ending.size()));
  }
  for (Json& member : schema) fill_references(member);
}

constexpr std::string_view k_reference = "\\$\\{";

// Patterns are only asked of texts, and ranges only of numbers; so both can stand beside each
// other.
void allow_references(Json& schema) {
  const auto types = allowed_types(schema);
  const bool is_scalar = std::any_of(types.begin(), types.end(), [](const std::string& type) {
    return type == "boolean" || type == "integer" || type == "number";
  });
  if (schema.contains("pattern")) {
    schema["pattern"] = fmt::format("{}|{}", text_or(schema, "pattern"), k_reference);
  } else if (is_scalar && !allows_type(schema, "string")) {
    schema["type"] = types;
    schema["type"].push_back("string");
    schema["pattern"] = k_reference;
  }
  for (const char* group : {"properties", "patternProperties"}) {
    if (!schema.contains(group)) continue;
    for (Json& member : schema[group]) allow_references(member);
  }
  for (const char* inner : {"items", "additionalProperties"}) {
    if (get(schema, inner).is_object()) allow_references(schema[inner]);
  }
}

}  // namespace

const Json& project_schema() {
  static const Json k_schema = [] {
    Json schema = read_schema("manifest");
    fill_references(schema);
    return schema;
  }();
  return k_schema;
}

Json editor_schema() {
  Json schema = project_schema();
  allow_references(schema);
  return schema;
}

const Json* member_schema(const Json& schema, const std::string& key) {
  const Json& properties = get(schema, "properties");
  const auto property = properties.find(key);
  if (properties.is_object() && property != properties.end()) return &*property;
  const Json& patterns = get(schema, "patternProperties");
  if (patterns.is_object()) {
    for (const auto& [pattern, member] : patterns.items()) {
      if (matches_pattern(pattern, key)) return &member;
    }
  }
  static const Json k_anything = Json::object();
  const Json& others = get(schema, "additionalProperties");
  if (others.is_object()) return &others;
  return others == false ? nullptr : &k_anything;
}

std::vector<std::string> known_keys(const Json& schema) {
  std::vector<std::string> keys;
  const Json& properties = get(schema, "properties");
  if (!properties.is_object()) return keys;
  for (const auto& [key, member] : properties.items()) keys.push_back(key);
  return keys;
}

bool has_free_keys(const Json& schema) {
  return get(schema, "additionalProperties").is_object() ||
         get(schema, "patternProperties").is_object();
}

bool matches_pattern(const std::string& pattern, const std::string& text) {
  // std::regex recurses once a character: a long text would overflow the stack.
  constexpr std::size_t k_longest = 1024;
  if (text.size() > k_longest) return false;
  static std::mutex mutex;
  static std::map<std::string, std::regex, std::less<>> compiled;
  const std::scoped_lock lock(mutex);
  auto found = compiled.find(pattern);
  if (found == compiled.end())
    found = compiled.emplace(pattern, std::regex(pattern, std::regex::optimize)).first;
  return std::regex_search(text, found->second);
}

bool is_secret_field(const Json& schema) {
  return as_bool(get(schema, "x-secret")).value_or(false);
}

bool allows_type(const Json& schema, std::string_view type) {
  const Json& types = get(schema, "type");
  if (types.is_string()) return types == type;
  return types.is_null() || std::find(types.begin(), types.end(), type) != types.end();
}

std::vector<std::string> allowed_types(const Json& schema) {
  const Json& type = get(schema, "type");
  if (type.is_string()) return {type.get<std::string>()};
  std::vector<std::string> types;
  if (type.is_array()) {
    for (const Json& one : type) types.push_back(one.get<std::string>());
  }
  return types;
}

}  // namespace aegis
