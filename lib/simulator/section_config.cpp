#include "simulator/section_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/digest.h"

namespace aegis::simulator {
namespace {

SectionValues values_from_json(const Json& json) {
  SectionValues values;
  for (const auto& [name, value] : json.items()) values[name] = as_text(value);
  return values;
}

Refusal check_removal(const SectionType& type,
                      const SectionValues& values,
                      const std::string& name) {
  const SectionOption* option = type.find(name);
  if (option == nullptr) return refuse(fmt::format("no such option '{}'", name));
  if (option->required) return refuse(fmt::format("unable to delete required option '{}'", name));
  if (option->fixed) return refuse(fmt::format("unable to delete fixed option '{}'", name));
  if (!values.contains(name)) return {};
  return refuse(fmt::format("cannot set and delete property '{}' at the same time!", name));
}

}  // namespace

const SectionOption* SectionType::find(std::string_view wanted) const {
  const auto found = std::find_if(options.begin(), options.end(), [&](const SectionOption& option) {
    return option.name == wanted;
  });
  return found == options.end() ? nullptr : &*found;
}

const SectionType* find_type(std::span<const SectionType> types, std::string_view name) {
  const auto found = std::find_if(
      types.begin(), types.end(), [&](const SectionType& type) { return type.name == name; });
  return found == types.end() ? nullptr : &*found;
}

Section* SectionFile::find(std::string_view id) {
  const auto found = sections.find(id);
  return found == sections.end() ? nullptr : &found->second;
}

const Section* SectionFile::find(std::string_view id) const {
  const auto found = sections.find(id);
  return found == sections.end() ? nullptr : &found->second;
}

std::string SectionFile::text() const {
  std::string text;
  for (const auto& [id, section] : sections) {
    text += fmt::format("{}: {}\n", section.type, id);
    for (const auto& [name, value] : section.values) text += fmt::format("\t{} {}\n", name, value);
    text += '\n';
  }
  return text;
}

std::string SectionFile::digest() const {
  return sha1_hex(text());
}

Refusal check_new_section(const SectionType& type, const SectionValues& values) {
  for (const auto& [name, value] : values) {
    if (type.find(name) == nullptr) return refuse(fmt::format("unexpected property '{}'", name));
  }
  for (const SectionOption& option : type.options) {
    if (option.required && !values.contains(option.name)) {
      return refuse(fmt::format("missing value for required option '{}'", option.name));
    }
  }
  return {};
}

Refusal update_section(const SectionType& type,
                       const SectionValues& values,
                       const std::vector<std::string>& remove,
                       Section& section) {
  for (const auto& [name, value] : values) {
    const SectionOption* option = type.find(name);
    if (option == nullptr) return refuse(fmt::format("unexpected property '{}'", name));
    if (option->fixed) {
      return refuse(fmt::format("can't change value of fixed parameter '{}'", name));
    }
  }
  for (const std::string& name : remove) {
    if (Refusal refusal = check_removal(type, values, name)) return refusal;
  }
  for (const std::string& name : remove) {
    section.values.erase(name);
    section.secrets.erase(name);
  }
  set_values(type, values, section);
  return {};
}

void set_values(const SectionType& type, const SectionValues& values, Section& section) {
  for (const auto& [name, value] : values) {
    const SectionOption* option = type.find(name);
    const bool secret = option != nullptr && option->secret;
    (secret ? section.secrets : section.values)[name] = value;
  }
}

Refusal check_file_digest(std::string_view wanted, std::string_view present) {
  if (wanted.empty() || wanted == present) return {};
  return refuse("detected modified configuration - file changed by other user? Try again.");
}

Json section_json(const Section& section, std::span<const Field> fields) {
  Json json = Json::object();
  for (const auto& [name, value] : section.values) {
    const Field* field = find_field(fields, name);
    const bool numeric = field != nullptr &&
                         (field->type == FieldType::integer || field->type == FieldType::boolean);
    if (numeric) {
      json[name] = std::strtoll(value.c_str(), nullptr, 10);
    } else {
      json[name] = value;
    }
  }
  return json;
}

Json to_json(const SectionFile& file) {
  Json json = Json::object();
  for (const auto& [id, section] : file.sections) {
    json[id] = {{"type", section.type}, {"values", section.values}, {"secrets", section.secrets}};
  }
  return json;
}

SectionFile section_file_from_json(const Json& json) {
  SectionFile file;
  for (const auto& [id, item] : json.items()) {
    file.sections[id] = {text_or(item, "type"),
                         values_from_json(get(item, "values")),
                         values_from_json(get(item, "secrets"))};
  }
  return file;
}

}  // namespace aegis::simulator
