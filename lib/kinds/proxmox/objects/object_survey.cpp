#include "kinds/proxmox/objects/object_survey.h"

#include <fmt/format.h>

#include <cctype>
#include <string>

#include "base/text.h"
#include "kinds/proxmox/objects/object_observe.h"
#include "kinds/proxmox/survey_batch.h"

namespace aegis::proxmox {
namespace {

// A reference to a secret of the object, with a name that a variable could have.
std::string reference(const std::string& object, std::string_view secret) {
  std::string name = fmt::format("{}_{}", object, secret);
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return fmt::format("${{secret:{}}}", name);
}

// The types that the manifest has, where shapes have others.
void restore_types(const ObjectType& type, Json& spec) {
  for (const Field& field : type.fields) {
    const auto value = spec.find(field.name);
    if (value == spec.end()) continue;
    if (field.of_numbers) {
      for (Json& element : *value) element = as_integer(element).value_or(0);
    }
    for (const std::string& flag : split_any(field.flags, " ")) {
      if (value->contains(flag)) (*value)[flag] = as_bool((*value)[flag]).value_or(false);
    }
  }
}

void add_references(const ObjectType& type, Declaration& declaration) {
  const std::string object_type = text_or(declaration.spec, "type");
  const std::string& object = declaration.address.name;
  for (const Field& field : type.fields) {
    if (!belongs_to(field, object_type) || field.only_new) continue;
    const std::string key(field.name);
    if (field.form == ValueForm::secret) {
      const bool shows = !field.shown_by.empty() && declaration.spec.contains(field.shown_by);
      const bool needed = is_needed_by(field, object_type);
      if (shows || needed) declaration.spec[key] = reference(object, key);
    } else if (field.form == ValueForm::named_secrets && declaration.spec.contains(key)) {
      for (auto& [name, value] : declaration.spec[key].items()) value = reference(object, name);
    }
  }
}

}  // namespace

std::vector<Query> survey_objects(const ObjectType& type,
                                  ObjectQueries queries,
                                  const Batch& batch,
                                  const Replies& replies) {
  // Before the lists are read there is nothing to ask for but them.
  const auto undeclared = undeclared_objects(type, batch, replies);
  const SurveyBatch survey(batch.scope,
                           type.kind,
                           type.section,
                           undeclared ? *undeclared : std::map<std::string, Json>());
  return queries(survey.batch(), replies);
}

Result<std::vector<Declaration>> declare_objects(const ObjectType& type,
                                                 ObjectInterpret interpret,
                                                 const Batch& batch,
                                                 const Replies& replies) {
  auto undeclared = undeclared_objects(type, batch, replies);
  if (!undeclared) return undeclared.error();
  std::erase_if(*undeclared, [&](const auto& object) {
    return !type.types.empty() && !has_word(type.types, text_or(object.second, "type"));
  });
  const SurveyBatch survey(batch.scope, type.kind, type.section, *undeclared);
  auto declarations = survey.declarations(interpret, replies);
  if (!declarations) return declarations;
  for (Declaration& declaration : *declarations) {
    restore_types(type, declaration.spec);
    add_references(type, declaration);
  }
  return declarations;
}

}  // namespace aegis::proxmox
