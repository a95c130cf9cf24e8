#include "kinds/proxmox/objects/object_type.h"

#include <algorithm>

#include "base/text.h"

namespace aegis::proxmox {

const Field* find_field(const ObjectType& type, std::string_view name) {
  const auto found = std::find_if(type.fields.begin(), type.fields.end(), [&](const Field& field) {
    return field.name == name;
  });
  return found == type.fields.end() ? nullptr : &*found;
}

bool has_word(std::string_view words, std::string_view word) {
  const auto all = split_any(words, " ");
  return std::find(all.begin(), all.end(), word) != all.end();
}

bool belongs_to(const Field& field, std::string_view object_type) {
  return field.types.empty() || has_word(field.types, object_type);
}

bool is_needed_by(const Field& field, std::string_view object_type) {
  if (field.needed.empty() || !belongs_to(field, object_type)) return false;
  return field.needed == "*" || has_word(field.needed, object_type);
}

bool is_secret(const Field& field) {
  return field.form == ValueForm::secret || field.form == ValueForm::named_secrets;
}

}  // namespace aegis::proxmox
