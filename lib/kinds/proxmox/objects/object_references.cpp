#include "kinds/proxmox/objects/object_references.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

// The names that the resource has where the reference is: one text, or a list.
std::vector<std::string> named_by(const Reference& reference, const Resource& resource) {
  std::vector<std::string> names;
  if (reference.field.empty()) {
    names.push_back(resource.address.name);
  } else {
    const Json& value = get(resource.spec, reference.field);
    if (value.is_array()) {
      for (const Json& word : value) names.push_back(as_text(word));
    } else if (!value.is_null()) {
      names.push_back(as_text(value));
    }
  }
  if (reference.id == nullptr) return names;
  for (std::string& name : names) name = reference.id(name);
  return names;
}

// Guests are called by their numbers, and declared by their names.
bool is_declared(const Reference& reference, const Resource& resource, const std::string& name) {
  const auto& needs = resource.depends_on;
  return std::any_of(needs.begin(), needs.end(), [&](const Address& need) {
    if (reference.kind == "guest") return need.kind == "container" || need.kind == "machine";
    return need.kind == reference.kind && need.name == name;
  });
}

}  // namespace

std::vector<Query> reference_queries(const ObjectType& type,
                                     const Resource& resource,
                                     const HostQueries& host) {
  std::vector<Query> queries;
  for (const Reference& reference : type.references) {
    if (!named_by(reference, resource).empty()) queries.push_back(host.get(reference.list));
  }
  return queries;
}

Diagnostics notes_on_references(const ObjectType& type,
                                const Resource& resource,
                                const HostQueries& host,
                                const Replies& replies) {
  Diagnostics notes;
  for (const Reference& reference : type.references) {
    const auto list = data_of(replies, host.get(reference.list), reference.kind);
    if (!list) continue;
    for (const std::string& name : named_by(reference, resource)) {
      const bool is_there = std::any_of((*list)->begin(), (*list)->end(), [&](const Json& item) {
        return as_text(get(item, reference.id_key)) == name;
      });
      if (is_there || is_declared(reference, resource, name)) continue;
      notes.push_back(
          {Severity::warning,
           fmt::format("a {} is not on the host", reference.kind),
           fmt::format(
               "{} names the {} {}, which neither the manifests nor the host have, or which "
               "these credentials may not see. Proxmox refuses what is not there.",
               to_string(resource.address),
               reference.kind,
               name),
           resource.place_of(reference.field),
           std::nullopt});
    }
  }
  return notes;
}

}  // namespace aegis::proxmox
