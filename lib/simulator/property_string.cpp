#include "simulator/property_string.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_undefined =
    "property is not defined in schema and the schema does not allow additional properties";

// Inside a property string booleans may be words; everywhere else only 0 and 1 are.
std::string as_boolean_digit(const std::string& text) {
  const std::string word = to_lower(text);
  if (word == "on" || word == "yes" || word == "true") return "1";
  if (word == "off" || word == "no" || word == "false") return "0";
  return text;
}

void check_members(const Field& field, PropertyString& parsed) {
  for (auto& [name, value] : parsed.values) {
    const Field* member = find_field(field.members, name);
    if (member == nullptr) {
      parsed.errors[name] = k_undefined;
      continue;
    }
    if (member->type == FieldType::boolean) value = as_boolean_digit(value);
    const std::string complaint = check_value(*member, name, value);
    if (!complaint.empty()) parsed.errors[name] = complaint;
  }
  for (const Field& member : field.members) {
    if (member.required && !parsed.values.contains(member.name)) {
      parsed.errors[std::string(member.name)] = "property is missing and it is not optional";
    }
  }
}

}  // namespace

PropertyString parse_property_string(const Field& field, std::string_view text) {
  PropertyString parsed;
  for (const std::string& part : split(text, ',')) {
    if (trim(part).empty()) continue;
    const std::size_t equals = part.find('=');
    std::string key(field.default_key);
    std::string value = part;
    if (equals != std::string::npos) {
      key = part.substr(0, equals);
      value = part.substr(equals + 1);
      if (key.empty() || value.empty()) parsed.problem = "invalid key/value pair '" + part + "'";
    } else if (key.empty()) {
      parsed.problem = "value without key, but schema does not define a default key";
    }
    if (!parsed.problem.empty()) return parsed;
    if (!parsed.values.emplace(key, value).second) {
      parsed.problem = fmt::format("duplicate key in comma-separated list property: {}", key);
      return parsed;
    }
  }
  check_members(field, parsed);
  return parsed;
}

std::string print_property_string(const Parameters& values,
                                  std::string_view default_key,
                                  std::string_view first) {
  std::vector<std::string> parts;
  if (const auto found = values.find(default_key); found != values.end()) {
    parts.push_back(found->second);
  }
  if (const auto found = values.find(first); found != values.end()) {
    parts.push_back(fmt::format("{}={}", first, found->second));
  }
  for (const auto& [name, value] : values) {
    if (name != default_key && name != first) parts.push_back(fmt::format("{}={}", name, value));
  }
  return join(parts, ",");
}

}  // namespace aegis::simulator
