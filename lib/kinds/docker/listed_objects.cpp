#include "kinds/docker/listed_objects.h"

#include <map>
#include <set>
#include <string>

#include "kinds/docker/labels.h"
#include "kinds/docker/service_seals.h"

namespace aegis::docker {
namespace {

Observation observation_of(const ListedKind& kind,
                           const Scope& scope,
                           const Stack& stack,
                           const StackView& view,
                           const Json* item,
                           const Json& spec,
                           Vault& vault) {
  Observation seen;
  seen.context = {{"api", to_string(view.api)}};
  if (item == nullptr) return seen;
  seen.exists = true;
  seen.owned = view.owns(stack, get(*item, "Labels"));
  seen.attributes = kind.live(*item, spec);
  const std::string sealed = text_or(get(*item, "Labels"), k_sealed_label);
  seal_live(seen.attributes, spec.is_null() ? Json() : kind.wanted(spec), sealed, vault);
  seen.context["id"] = text_or(*item, "Id");
  seen.context["name"] = text_or(*item, "Name");
  if (kind.more != nullptr) seen.context.update(kind.more(scope, view, text_or(*item, "Name")));
  return seen;
}

// Docker's own and ours: not the stack's.
bool is_reserved(const Stack& stack, const std::string& name) {
  return name == stack.marker() || name == "aegisctl-lock";
}

}  // namespace

std::vector<Query> listed_queries(const Batch& batch, const Replies& replies) {
  return stack_queries(read_stack(batch.scope), replies);
}

Result<std::vector<Observation>> interpret_listed(const ListedKind& kind,
                                                  const Batch& batch,
                                                  const Replies& replies,
                                                  Vault& vault) {
  const auto view = stack_view(read_stack(batch.scope), replies);
  if (!view) return view.error();
  return interpret_view(kind, batch, *view, vault);
}

std::vector<Observation> interpret_view(const ListedKind& kind,
                                        const Batch& batch,
                                        const std::optional<StackView>& view,
                                        Vault& vault) {
  const Stack stack = read_stack(batch.scope);
  std::map<std::string, const Json*> by_name;
  if (view) {
    for (const Json& item : kind.items(*view)) by_name[text_or(item, "Name")] = &item;
  }
  std::set<std::string> wanted_names;
  std::vector<Observation> observations;
  const auto keep = [&](Observation seen, const Address& address) {
    seen.address = address;
    seen.scope = batch.scope.name;
    observations.push_back(std::move(seen));
  };
  for (const Resource* resource : batch.resources) {
    const std::string name = text_or(resource->spec, "name");
    wanted_names.insert(name);
    const auto found = by_name.find(name);
    const Json* item = found == by_name.end() ? nullptr : found->second;
    keep(view ? observation_of(kind, batch.scope, stack, *view, item, resource->spec, vault)
              : Observation(),
         resource->address);
  }
  static const Json k_no_spec;
  for (const auto& [name, item] : by_name) {
    const Json& labels = get(*item, "Labels");
    const bool is_orphan = view->in_project(stack, labels) && view->owns(stack, labels) &&
                           !wanted_names.contains(name) && !is_reserved(stack, name);
    if (!is_orphan) continue;
    keep(observation_of(kind, batch.scope, stack, *view, item, k_no_spec, vault),
         {batch.scope.name, std::string(kind.kind), text_or(labels, kind.label, name)});
  }
  return observations;
}

}  // namespace aegis::docker
