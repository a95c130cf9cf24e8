#include "kinds/docker/service_observe.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

#include "kinds/docker/labels.h"
#include "kinds/docker/service_notes.h"
#include "kinds/docker/service_state.h"

namespace aegis::docker {
namespace {

Query inspect_query(const Stack& stack, ApiVersion api, const std::string& id) {
  return engine_query(stack, api, "/containers/" + id + "/json");
}

Query image_query(const Stack& stack, ApiVersion api, const std::string& image) {
  return engine_query(stack, api, "/images/" + name_in_path(image) + "/json");
}

// The engine's containers by what they can be to a service, so that no service looks at them all.
class ContainerIndex {
 public:
  ContainerIndex(const Stack& stack, const StackView& view) {
    for (const Json& item : *view.containers) {
      const Json& labels = get(item, "Labels");
      by_name_[name_of(item)] = &item;
      if (!view.in_project(stack, labels)) continue;
      if (text_or(labels, k_oneoff_label, "False") != "False") continue;
      by_service_[text_or(labels, k_service_label, name_of(item))].push_back(&item);
    }
  }

  // Those of the service, and whoever has the name that it is to have.
  [[nodiscard]] std::vector<const Json*> candidates(const std::string& service,
                                                    const std::string& final_name) const {
    std::vector<const Json*> found;
    if (const auto own = by_service_.find(service); own != by_service_.end()) found = own->second;
    const auto named = by_name_.find(final_name);
    if (named == by_name_.end()) return found;
    for (const Json* item : found) {
      if (item == named->second) return found;
    }
    found.push_back(named->second);
    return found;
  }

  [[nodiscard]] const std::map<std::string, std::vector<const Json*>>& by_service() const {
    return by_service_;
  }

 private:
  std::map<std::string, std::vector<const Json*>> by_service_;
  std::map<std::string, const Json*> by_name_;
};

struct Interpretation {
  const Stack& stack;
  const StackView& view;
  const Replies& replies;
  Vault& vault;
  ContainerIndex index;
};

const Json* present(const Json& body) {
  return body.is_null() ? nullptr : &body;
}

Json leftovers_of(const std::vector<std::string>& ids, const std::vector<const Json*>& items) {
  Json leftovers = Json::array();
  for (const std::string& id : ids) {
    for (const Json* item : items) {
      if (text_or(*item, "Id") == id) leftovers.push_back({{"id", id}, {"name", name_of(*item)}});
    }
  }
  return leftovers;
}

void describe_container(const Interpretation& all, ServiceReading& reading, Observation& seen) {
  const Json& labels = get(get(*reading.inspect, "Config"), "Labels");
  seen.exists = true;
  seen.owned = all.view.owns(all.stack, labels);
  reading.live_image = present(body_of(
      all.replies, image_query(all.stack, all.view.api, text_or(*reading.inspect, "Image"))));
}

Result<Observation> observe_service(const Interpretation& all,
                                    const Address& address,
                                    const std::string& scope,
                                    const Resource* resource) {
  static const Json k_no_spec;
  const Json& spec = resource != nullptr ? resource->spec : k_no_spec;
  const std::string final_name = all.stack.container_name(address.name, spec);
  const auto candidates = all.index.candidates(address.name, final_name);
  const auto found = find_containers(candidates, all.stack, address.name, final_name);
  Observation seen;
  seen.address = address;
  seen.scope = scope;
  ServiceReading reading;
  reading.resource = resource;
  reading.service = address.name;
  reading.networks = all.view.networks;
  reading.leftovers = leftovers_of(found.rest, candidates);
  if (resource != nullptr) {
    reading.wanted_image =
        present(body_of(all.replies, image_query(all.stack, all.view.api, text_or(spec, "image"))));
  }
  if (!found.current.empty()) {
    const Query query = inspect_query(all.stack, all.view.api, found.current);
    reading.inspect = present(body_of(all.replies, query));
    if (reading.inspect == nullptr) {
      return Error{ErrorCode::conflict,
                   fmt::format("the container of {} vanished while it was read; try again",
                               to_string(address))};
    }
    describe_container(all, reading, seen);
  }
  seen.context = service_context(all.stack, reading, all.view.api);
  std::vector<std::string> foreign;
  if (seen.exists) {
    const Json wanted =
        resource != nullptr ? wanted_service(spec, address.name, seen.context) : Json();
    seen.attributes = live_service(reading, seen.context, wanted, all.vault, foreign);
  }
  seen.notes = service_notes(all.stack, reading, foreign);
  return seen;
}

Observation absent(const Resource& resource, const Stack& stack) {
  Observation seen;
  seen.address = resource.address;
  seen.scope = resource.scope;
  ServiceReading reading;
  reading.resource = &resource;
  reading.service = resource.address.name;
  seen.context = service_context(stack, reading, std::nullopt);
  seen.notes = service_notes(stack, reading, {});
  return seen;
}

// Owned services that no resource names.
Result<Done> add_orphans(const Interpretation& all,
                         const Batch& batch,
                         std::vector<Observation>& observations) {
  std::set<std::string> declared;
  for (const Resource* resource : batch.resources) declared.insert(resource->address.name);
  for (const auto& [service, items] : all.index.by_service()) {
    const bool owned = all.view.owns(all.stack, get(*items.front(), "Labels"));
    if (declared.contains(service) || !owned) continue;
    auto seen =
        observe_service(all, {batch.scope.name, "service", service}, batch.scope.name, nullptr);
    if (!seen) return seen.error();
    observations.push_back(std::move(*seen));
  }
  return Done{};
}

}  // namespace

std::vector<Query> service_queries(const Batch& batch, const Replies& replies) {
  const Stack stack = read_stack(batch.scope);
  auto queries = stack_queries(stack, replies);
  const auto view = stack_view(stack, replies);
  if (!view || !*view) return queries;
  const ApiVersion api = (*view)->api;
  const ContainerIndex index(stack, **view);
  const auto ask = [&](const Json& item) {
    queries.push_back(inspect_query(stack, api, text_or(item, "Id")));
    queries.push_back(image_query(stack, api, text_or(item, "ImageID")));
  };
  for (const auto& [service, items] : index.by_service()) {
    for (const Json* item : items) ask(*item);
  }
  for (const Resource* resource : batch.resources) {
    const std::string& service = resource->address.name;
    const std::string name = stack.container_name(service, resource->spec);
    for (const Json* item : index.candidates(service, name)) {
      if (!(*view)->in_project(stack, get(*item, "Labels"))) ask(*item);
    }
    queries.push_back(image_query(stack, api, text_or(resource->spec, "image")));
  }
  return queries;
}

Result<std::vector<Observation>> interpret_services(const Batch& batch,
                                                    const Replies& replies,
                                                    Vault& vault) {
  const Stack stack = read_stack(batch.scope);
  const auto view = stack_view(stack, replies);
  if (!view) return view.error();
  std::vector<Observation> observations;
  if (!*view) {
    for (const Resource* resource : batch.resources) {
      observations.push_back(absent(*resource, stack));
    }
    return observations;
  }
  const Interpretation all{stack, **view, replies, vault, ContainerIndex(stack, **view)};
  for (const Resource* resource : batch.resources) {
    auto seen = observe_service(all, resource->address, resource->scope, resource);
    if (!seen) return seen.error();
    observations.push_back(std::move(*seen));
  }
  const auto orphans = add_orphans(all, batch, observations);
  if (!orphans) return orphans.error();
  return observations;
}

Json normalize_service(const Resource& resource, const Observation& live) {
  return wanted_service(resource.spec, resource.address.name, live.context);
}

}  // namespace aegis::docker
