#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "simulator/answer.h"
#include "simulator/schema.h"

namespace aegis::simulator {

using SectionValues = std::map<std::string, std::string, std::less<>>;

/// One typed object of a configuration file such as storage.cfg.
struct Section {
  std::string type;
  SectionValues values;   ///< what the file and a GET show
  SectionValues secrets;  ///< write-only: kept in files that only root reads
};

/// A property that objects of a type may have.
struct SectionOption {
  std::string_view name;
  bool required = false;
  bool fixed = false;   ///< can only be given when the object is made
  bool secret = false;  ///< is never shown
};

/// A type of objects with its properties.
struct SectionType {
  std::string_view name;
  std::vector<SectionOption> options;

  /// The property called `name`, or null.
  [[nodiscard]] const SectionOption* find(std::string_view name) const;
};

/// The type called `name`, or null.
const SectionType* find_type(std::span<const SectionType> types, std::string_view name);

/// A configuration file: objects by id.
struct SectionFile {
  std::map<std::string, Section, std::less<>> sections;

  [[nodiscard]] Section* find(std::string_view id);
  [[nodiscard]] const Section* find(std::string_view id) const;
  /// The file as it is on disk: "type: id" and indented values; no secrets.
  [[nodiscard]] std::string text() const;
  /// SHA-1 of the text.
  [[nodiscard]] std::string digest() const;
};

/// 500 when `values` has a property that the type has not, or misses one that it needs.
Refusal check_new_section(const SectionType& type, const SectionValues& values);

/// Sets `values` and deletes `remove` in `section`, or refuses (500) and changes nothing: fixed,
/// unknown and required properties, the same one set and deleted.
Refusal update_section(const SectionType& type,
                       const SectionValues& values,
                       const std::vector<std::string>& remove,
                       Section& section);

/// Puts every value where it belongs: secrets apart from what is shown.
void set_values(const SectionType& type, const SectionValues& values, Section& section);

/// 500 "detected modified configuration ..." unless `wanted` is empty or `present`.
Refusal check_file_digest(std::string_view wanted, std::string_view present);

/// The properties as a GET shows them: integers and booleans as numbers by the type in `fields`.
Json section_json(const Section& section, std::span<const Field> fields);

Json to_json(const SectionFile& file);
SectionFile section_file_from_json(const Json& json);

}  // namespace aegis::simulator
