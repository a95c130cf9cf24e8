#include "simulator/schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <regex>

#include "base/text.h"
#include "simulator/property_string.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_undefined =
    "property is not defined in schema and the schema does not allow additional properties";
constexpr std::string_view k_missing = "property is missing and it is not optional";

std::string_view type_name(FieldType type) {
  switch (type) {
    case FieldType::integer:
      return "integer";
    case FieldType::number:
      return "number";
    case FieldType::boolean:
      return "boolean";
    default:
      return "string";
  }
}

bool has_type(FieldType type, const std::string& text) {
  static const std::regex k_integer("[+-]?[0-9]+");
  static const std::regex k_number("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  switch (type) {
    case FieldType::integer:
      return std::regex_match(text, k_integer);
    case FieldType::number:
      return std::regex_match(text, k_number);
    case FieldType::boolean:
      return text == "0" || text == "1";
    default:
      return true;
  }
}

std::string check_range(const Field& field, std::string& text) {
  const double number = std::strtod(text.c_str(), nullptr);
  if (number < field.minimum) {
    return fmt::format("value must have a minimum value of {:.0f}", field.minimum);
  }
  if (number > field.maximum) {
    return fmt::format("value must have a maximum value of {:.0f}", field.maximum);
  }
  if (field.type == FieldType::integer) text = fmt::format("{:.0f}", number);
  return {};
}

std::string check_text(const Field& field, const std::string& text) {
  if (text.size() < field.min_length) {
    return fmt::format("value must be at least {} characters long", field.min_length);
  }
  if (text.size() > field.max_length) {
    return fmt::format("value may only be {} characters long", field.max_length);
  }
  const auto& choices = field.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), text) == choices.end()) {
    return fmt::format(
        "value '{}' does not have a value in the enumeration '{}'", text, fmt::join(choices, ", "));
  }
  const std::string pattern(field.pattern);
  if (!pattern.empty() && !std::regex_match(text, std::regex(pattern))) {
    return "value does not match the regex pattern";
  }
  return {};
}

std::string check_format(const Field& field, const std::string& text) {
  if (field.format == nullptr) return {};
  const std::vector<std::string> items = field.type == FieldType::list
                                             ? split_any(text, std::string_view(", ;\t\n\r\0", 7))
                                             : std::vector<std::string>{text};
  for (const std::string& item : items) {
    if (const auto complaint = field.format(item)) {
      return fmt::format("invalid format - {}\n", *complaint);
    }
  }
  return {};
}

std::string check_members(const Field& field, std::string_view name, const std::string& text) {
  if (field.members.empty()) return {};
  const PropertyString parsed = parse_property_string(field, text);
  if (!parsed.problem.empty()) return fmt::format("invalid format - {}\n", parsed.problem);
  std::string nested;
  for (const auto& [member, complaint] : parsed.errors) {
    nested += fmt::format("{}.{}: {}\n", name, member, complaint);
  }
  return nested.empty() ? "" : fmt::format("invalid format - format error\n{}", nested);
}

void check_needs(std::span<const Field> fields, const RawParameters& raw, FieldErrors& errors) {
  for (const Field& field : fields) {
    if (field.required && !raw.contains(field.name)) {
      errors[std::string(field.name)] = k_missing;
    }
    if (!field.needs.empty() && raw.contains(field.name) && !raw.contains(field.needs)) {
      errors[std::string(field.needs)] =
          fmt::format("missing property - '{}' requires this property", field.name);
    }
  }
}

}  // namespace

const Field* find_field(std::span<const Field> fields, std::string_view name) {
  for (const Field& field : fields) {
    if (!name.starts_with(field.name)) continue;
    const std::string_view rest = name.substr(field.name.size());
    if (field.count == 0) {
      if (rest.empty()) return &field;
      continue;
    }
    const bool digits = !rest.empty() && rest.size() < 4 &&
                        rest.find_first_not_of("0123456789") == std::string_view::npos;
    const bool canonical = digits && (rest.size() == 1 || rest[0] != '0');
    if (canonical && std::atoi(std::string(rest).c_str()) < field.count) return &field;
  }
  return nullptr;
}

std::string check_value(const Field& field, std::string_view name, std::string& text) {
  if (!has_type(field.type, text)) {
    return fmt::format("type check ('{}') failed - got '{}'", type_name(field.type), text);
  }
  // Proxmox checks the format before the range: vmid 99 is "not a valid VM ID", not "too small".
  for (const std::string& complaint :
       {check_format(field, text), check_members(field, name, text), check_text(field, text)}) {
    if (!complaint.empty()) return complaint;
  }
  const bool numeric = field.type == FieldType::integer || field.type == FieldType::number;
  return numeric ? check_range(field, text) : "";
}

namespace {

// The items are checked one by one, and complained about by their number.
void verify_array(const Field& field,
                  const std::string& name,
                  const std::vector<std::string>& values,
                  FieldErrors& errors,
                  Parameters& verified) {
  Field item = field;
  item.type = FieldType::string;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::string text = values[i];
    const std::string complaint = check_value(item, name, text);
    if (!complaint.empty()) errors[fmt::format("{}[{}]", name, i)] = complaint;
  }
  verified[name] = join(values, "\n");
}

}  // namespace

FieldErrors verify(std::span<const Field> fields, const RawParameters& raw, Parameters& verified) {
  FieldErrors errors;
  for (const auto& [name, values] : raw) {
    const Field* field = find_field(fields, name);
    if (field == nullptr) {
      errors[name] = k_undefined;
      continue;
    }
    if (field->type == FieldType::array) {
      verify_array(*field, name, values, errors, verified);
      continue;
    }
    if (values.size() != 1 && field->type != FieldType::list) {
      errors[name] = fmt::format("type check ('{}') failed - got ARRAY", type_name(field->type));
      continue;
    }
    std::string text = values.size() == 1 ? values.front() : join(values, ",");
    const std::string complaint = check_value(*field, name, text);
    if (!complaint.empty()) errors[name] = complaint;
    verified[name] = text;
  }
  check_needs(fields, raw, errors);
  return errors;
}

}  // namespace aegis::simulator
