#include "simulator/section_calls.h"

#include <algorithm>

#include "base/text.h"

namespace aegis::simulator {

SectionValues object_values(const Call& call, std::initializer_list<std::string_view> apart) {
  SectionValues values;
  for (const auto& [name, value] : call.parameters) {
    const bool is_apart = std::find(apart.begin(), apart.end(), name) != apart.end();
    if (!is_apart && name != "delete" && name != "digest") values[name] = value;
  }
  return values;
}

Refusal change_object(const Call& call,
                      std::span<const SectionType> types,
                      const SectionValues& values,
                      std::string_view id,
                      std::string missing,
                      SectionFile& file) {
  if (Refusal refusal = check_file_digest(call.text("digest"), file.digest())) return refusal;
  Section* section = file.find(id);
  if (section == nullptr) return refuse(std::move(missing));
  const std::vector<std::string> remove = split_any(call.text("delete"), ", ;");
  return update_section(*find_type(types, section->type), values, remove, *section);
}

Json object_json(const SectionFile& file,
                 std::string_view id,
                 std::string_view id_key,
                 std::span<const Field> fields) {
  const Section& section = *file.find(id);
  Json json = section_json(section, fields);
  json["type"] = section.type;
  json["digest"] = file.digest();
  json[std::string(id_key)] = id;
  return json;
}

SectionFile& file_of(World& world, std::string_view name) {
  return world.files[std::string(name)];
}

}  // namespace aegis::simulator
