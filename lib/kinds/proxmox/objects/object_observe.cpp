#include "kinds/proxmox/objects/object_observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/text.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/objects/object_notes.h"
#include "kinds/proxmox/objects/object_references.h"
#include "kinds/proxmox/objects/object_shape.h"
#include "kinds/proxmox/shared_objects.h"
#include "kinds/proxmox/visibility.h"

namespace aegis::proxmox {
namespace {

// The types whose lists have a path each; one without a name for a single list.
std::vector<std::string> listed_types(const ObjectType& type) {
  if (type.list.find("{type}") == std::string_view::npos) return {""};
  return split_any(type.types, " ");
}

struct Item {
  const Json* answer = nullptr;
  std::string type;
};

using Items = std::map<std::string, Item, std::less<>>;

// What the lists told.
struct Lists {
  Items items;
  std::set<std::string, std::less<>> unknown;  ///< types that the host's version does not know
};

bool is_unknown_path(const Replies& replies, const Query& query) {
  constexpr int k_not_implemented = 501;
  const auto found = replies.find(query);
  return found != replies.end() && found->second.status == k_not_implemented;
}

Result<Lists> read_lists(const ObjectType& type, const HostQueries& host, const Replies& replies) {
  Lists lists;
  for (const std::string& listed : listed_types(type)) {
    const Query query = host.get(read_path(type, listed));
    if (is_unknown_path(replies, query)) {
      lists.unknown.insert(listed);
      continue;
    }
    const auto list = data_of(replies, query, fmt::format("the list of {}s", type.noun));
    if (!list) return list.error();
    for (const Json& item : **list) {
      const bool leaves = type.is_leaving != nullptr && type.is_leaving(item);
      if (!leaves) lists.items[text_or(item, type.id_key)] = {&item, text_or(item, "type", listed)};
    }
  }
  return lists;
}

// The single answer where the list tells only names.
Result<const Json*> full_item(const ObjectType& type,
                              const HostQueries& host,
                              const Replies& replies,
                              const std::string& name,
                              const Item& item) {
  if (type.lists_all) return item.answer;
  return data_of(replies,
                 host.get(item_path(type, item.type, name)),
                 fmt::format("the {} {}", type.noun, name));
}

Result<Done> check_sight(const ObjectType& type,
                         const HostQueries& host,
                         const Replies& replies,
                         const std::string& name) {
  if (type.privileges.empty()) return Done{};
  const auto permissions = data_of(replies, host.permissions(), "our own permissions");
  if (!permissions) return permissions.error();
  const std::string path = type.guarded_path(name);
  if (may_see(**permissions, type.privileges, path)) return Done{};
  return Error{ErrorCode::forbidden,
               fmt::format("these credentials cannot see whether the {} {} is there: they lack {} "
                           "on {}. Give the user and, if it is separated, the token a role with "
                           "it; PVEAuditor on / is enough to plan.",
                           type.noun,
                           name,
                           list_words(split_any(type.privileges, " "), "or"),
                           path)};
}

Observation observation_of(const ObjectType& type, const Json& item, const Item& listed) {
  Observation observation;
  observation.exists = true;
  observation.owned = is_ours(type, item);
  observation.attributes = shape_of_item(type, item, listed.type);
  observation.context = {{"type", text_or(item, "type", listed.type)}};
  return observation;
}

// What a manifest does not say of what the host fills in is not its business.
void drop_host_made(const ObjectType& type, const Json& spec, Json& attributes) {
  for (const Field& field : type.fields) {
    if (field.host_made && get(spec, field.name).is_null()) {
      attributes.erase(std::string(field.name));
    }
  }
}

Result<Observation> observe(const ObjectType& type,
                            const Resource& resource,
                            const HostQueries& host,
                            const Replies& replies,
                            const Lists& lists) {
  Observation observation;
  const std::string& name = resource.address.name;
  if (const auto found = lists.items.find(name); found != lists.items.end()) {
    const auto item = full_item(type, host, replies, name, found->second);
    if (!item) return item.error();
    observation = observation_of(type, **item, found->second);
    drop_host_made(type, resource.spec, observation.attributes);
  } else if (const auto seen = check_sight(type, host, replies, name); !seen) {
    return seen.error();
  }
  observation.address = resource.address;
  observation.scope = resource.scope;
  observation.notes = notes_on_spec(type, resource);
  const std::string listed = listed_types(type).size() > 1 ? text_or(resource.spec, "type") : "";
  for (Diagnostic& note : notes_on_references(type, resource, host, replies)) {
    observation.notes.push_back(std::move(note));
  }
  if (lists.unknown.contains(listed)) observation.notes.push_back(unknown_to_host(type, resource));
  return observation;
}

}  // namespace

std::vector<Query> object_queries(const ObjectType& type,
                                  const Batch& batch,
                                  const Replies& replies) {
  if (!batch.manages(type.section)) return {};
  const HostQueries host(batch.scope);
  std::vector<Query> queries;
  for (const std::string& listed : listed_types(type)) {
    queries.push_back(host.get(read_path(type, listed)));
  }
  if (!type.privileges.empty()) queries.push_back(host.permissions());
  if (const auto query = SharedObjects(batch.scope, type.kind).query(host)) {
    queries.push_back(*query);
  }
  for (const Resource* resource : batch.resources) {
    for (Query& query : reference_queries(type, *resource, host)) {
      queries.push_back(std::move(query));
    }
  }
  if (type.lists_all) return queries;
  const auto lists = read_lists(type, host, replies);
  if (!lists) return queries;
  for (const auto& [name, item] : lists->items) {
    const bool declared = std::any_of(
        batch.resources.begin(), batch.resources.end(), [&name = name](const Resource* r) {
          return r->address.name == name;
        });
    if (declared) queries.push_back(host.get(item_path(type, item.type, name)));
  }
  return queries;
}

Result<std::vector<Observation>> interpret_objects(const ObjectType& type,
                                                   const Batch& batch,
                                                   const Replies& replies) {
  std::vector<Observation> observations;
  if (!batch.manages(type.section)) return observations;
  const HostQueries host(batch.scope);
  const auto lists = read_lists(type, host, replies);
  if (!lists) return lists.error();
  std::set<std::string> named;
  for (const Resource* resource : batch.resources) {
    auto observation = observe(type, *resource, host, replies, *lists);
    if (!observation) return observation.error();
    named.insert(resource->address.name);
    observations.push_back(std::move(*observation));
  }
  SharedObjects shared(batch.scope, type.kind);
  if (const auto read = shared.read(host, replies); !read) return read.error();
  for (const auto& [name, item] : lists->items) {
    const bool is_orphan = type.marked && !named.contains(name) && !shared.contain(name) &&
                           is_ours(type, *item.answer);
    if (!is_orphan) continue;
    Observation orphan = observation_of(type, *item.answer, item);
    orphan.address = {batch.scope.name, std::string(type.kind), name};
    orphan.scope = batch.scope.name;
    observations.push_back(std::move(orphan));
  }
  return observations;
}

Result<std::map<std::string, Json>> undeclared_objects(const ObjectType& type,
                                                       const Batch& batch,
                                                       const Replies& replies) {
  const auto lists = read_lists(type, HostQueries(batch.scope), replies);
  if (!lists) return lists.error();
  std::map<std::string, Json> undeclared;
  for (const auto& [name, item] : lists->items) {
    const bool builtin = type.is_builtin != nullptr && type.is_builtin(*item.answer);
    if (builtin) continue;
    undeclared[name] = type.types.empty() ? Json::object() : Json{{"type", item.type}};
  }
  for (const Resource* resource : batch.resources) undeclared.erase(resource->address.name);
  return undeclared;
}

}  // namespace aegis::proxmox
