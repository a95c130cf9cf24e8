#include "kinds/proxmox/objects/object_notes.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

Diagnostic missing(const ObjectType& type, const Resource& resource, const Field& field) {
  const std::string object_type = text_or(resource.spec, "type");
  return {Severity::error,
          "an attribute is missing",
          fmt::format("{} needs `{}`: no {} can be made without it.",
                      to_string(resource.address),
                      field.name,
                      object_type.empty() ? std::string(type.noun)
                                          : fmt::format("{} of type {}", type.noun, object_type)),
          resource.where,
          std::nullopt};
}

Diagnostic foreign(const ObjectType& type, const Resource& resource, const Field& field) {
  return {Severity::error,
          "an attribute of another type",
          fmt::format("{}: a {} of type {} has no `{}`; only {} have it. Remove it.",
                      to_string(resource.address),
                      type.noun,
                      text_or(resource.spec, "type"),
                      field.name,
                      list_words(split_any(field.types, " "))),
          resource.place_of(field.name),
          std::nullopt};
}

}  // namespace

Diagnostics notes_on_spec(const ObjectType& type, const Resource& resource) {
  Diagnostics notes;
  const std::string object_type = text_or(resource.spec, "type");
  for (const Field& field : type.fields) {
    const bool is_there = !get(resource.spec, field.name).is_null();
    const bool is_its_own = belongs_to(field, object_type);
    if (is_there && !is_its_own) notes.push_back(foreign(type, resource, field));
    if (!is_there && is_needed_by(field, object_type))
      notes.push_back(missing(type, resource, field));
  }
  const std::string objection = type.objection == nullptr ? "" : type.objection(resource.spec);
  if (!objection.empty()) {
    notes.push_back({Severity::error,
                     "attributes that do not fit together",
                     fmt::format("{}: {}", to_string(resource.address), objection),
                     resource.where,
                     std::nullopt});
  }
  return notes;
}

Diagnostic unknown_to_host(const ObjectType& type, const Resource& resource) {
  const std::string object_type = text_or(resource.spec, "type");
  return {Severity::error,
          "the host does not know it",
          fmt::format("{}: this host's version of Proxmox VE has no {}{}. Upgrade it, or take the "
                      "entry out.",
                      to_string(resource.address),
                      type.noun,
                      object_type.empty() ? "" : " of type " + object_type),
          resource.where,
          std::nullopt};
}

}  // namespace aegis::proxmox
