#include "kinds/docker/swarm/swarm_service_observe.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

#include "base/text.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/service_seals.h"
#include "kinds/docker/shape.h"
#include "kinds/docker/swarm/container_spec.h"
#include "kinds/docker/swarm/labels.h"
#include "kinds/docker/swarm/service_spec.h"
#include "kinds/docker/swarm/stored_file.h"
#include "kinds/docker/swarm/swarm_image.h"
#include "kinds/docker/swarm/swarm_view.h"
#include "kinds/docker/swarm/task_state.h"

namespace aegis::docker {
namespace {

constexpr StoredAs k_stores[] = {StoredAs::config, StoredAs::secret};

const Json& no_spec() {
  static const Json k_null;
  return k_null;
}

// A variable that is not set takes the image's away.
Json plain_environment(Json shape) {
  if (!shape.contains("environment")) return shape;
  for (Json& value : shape["environment"]) {
    if (value.is_null()) value = false;
  }
  return shape;
}

Json wanted_shape(const Json& desired) {
  return plain_environment(swarm_service_shape(desired, Json::object()));
}

// An update that has come to a halt; empty when none has.
std::string halted_update(const Json& service) {
  const std::string state = text_or(get(service, "UpdateStatus"), "State");
  return state == "paused" || state == "rollback_paused" ? state : "";
}

class Reader {
 public:
  Reader(const Batch& batch, const Replies& replies, Vault& vault)
      : batch_(batch), replies_(replies), vault_(vault), stack_(read_stack(batch.scope)) {}

  Result<std::vector<Observation>> read() {
    auto view = swarm_view(stack_, replies_);
    if (!view) return view.error();
    if (*view) view_ = &**view;
    std::map<std::string, const Json*> by_name;
    if (view_ != nullptr) {
      for (const Json& service : *view_->services) {
        by_name[text_or(get(service, "Spec"), "Name")] = &service;
      }
    }
    for (const Resource* resource : batch_.resources) {
      const auto found = by_name.find(stack_.project + "_" + resource->address.name);
      const Json* service = found == by_name.end() ? nullptr : found->second;
      keep(declared(*resource, service), resource->address.name);
      if (service != nullptr) by_name.erase(found);
    }
    for (const auto& [name, service] : by_name) add_orphan(name, *service);
    return std::move(observations_);
  }

 private:
  void keep(Observation seen, const std::string& name) {
    seen.address = {batch_.scope.name, "swarm-service", name};
    seen.scope = batch_.scope.name;
    observations_.push_back(std::move(seen));
  }

  // The names of the configs and secrets that are asked for, and of those that they replace.
  void add_files(const Json& spec, Json& names, Json& replaced) {
    for (const StoredAs type : k_stores) {
      const std::string section(section_of(type));
      names[section] = Json::object();
      replaced[section] = Json::array();
      for (const Json& use : get(spec, section)) {
        const std::string key = text_or(use, "source");
        const Json& defined = get(get(batch_.scope.settings, section), key);
        const std::string base = stored_base(batch_.scope, type, key);
        names[section][key] = base;
        if (get(defined, "external") == true) continue;
        const StoredFile file =
            find_stored(type, stack_, view_, key, base, get(use, "content"), vault_);
        names[section][key] = file.name;
        add_replaced(type, key, file.name, replaced[section]);
      }
    }
  }

  void add_replaced(StoredAs type, const std::string& key, const std::string& kept, Json& names) {
    if (view_ == nullptr) return;
    for (const Json* object : stored_objects(type, stack_, *view_)) {
      const Json& spec = get(*object, "Spec");
      const bool ours = view_->owns(stack_, get(spec, "Labels"));
      const bool is_other = stored_key(stack_, *object) == key && get(spec, "Name") != kept;
      if (ours && is_other) names.push_back(get(spec, "Name"));
    }
  }

  Json desired_spec(const Resource& resource, const Json& live, Observation& seen) {
    Json context = Json::object();
    Json replaced = Json::object();
    add_files(resource.spec, context, replaced);
    if (view_ != nullptr) {
      const SwarmImage image = swarm_image(stack_, view_->stack.api, resource.spec, live, replies_);
      context["image"] = image.name;
      context["platforms"] = image.platforms;
      if (!image.problem.empty()) note_unresolved(resource, image, seen);
    }
    seen.context["replaced"] = std::move(replaced);
    return swarm_service_spec(stack_, resource.address.name, resource.spec, context);
  }

  static void note_unresolved(const Resource& resource,
                              const SwarmImage& image,
                              Observation& seen) {
    seen.notes.push_back({Severity::warning,
                          "Image without a digest",
                          fmt::format("{}: its registry does not tell what {} is ({}). Each node "
                                      "takes what it finds under that name, and they may differ.",
                                      to_string(resource.address),
                                      text_or(resource.spec, "image"),
                                      image.problem),
                          resource.place_of("image"),
                          std::nullopt});
  }

  Observation declared(const Resource& resource, const Json* service) {
    Observation seen;
    const Json& live = service == nullptr ? no_spec() : get(*service, "Spec");
    if (service != nullptr) {
      seen = found(*service);
      add_task_notes(*service, *view_->tasks, resource, seen.notes);
    }
    seen.context["desired"] = desired_spec(resource, live, seen);
    if (view_ != nullptr) seen.context["api"] = to_string(view_->stack.api);
    if (service != nullptr) {
      seal_live(seen.attributes,
                wanted_shape(seen.context["desired"]),
                text_or(get(live, "Labels"), k_sealed_label),
                vault_);
    }
    return seen;
  }

  [[nodiscard]] Observation found(const Json& service) const {
    Observation seen;
    const Json& spec = get(service, "Spec");
    seen.exists = true;
    seen.owned = view_->owns(stack_, get(spec, "Labels"));
    seen.context = {{"api", to_string(view_->stack.api)},
                    {"id", text_or(service, "ID")},
                    {"version", get(get(service, "Version"), "Index")}};
    seen.attributes = swarm_service_shape(readable(spec), view_->network_names);
    put(seen.attributes, "update", halted_update(service));
    return seen;
  }

  void add_orphan(const std::string& name, const Json& service) {
    const Json& labels = get(get(service, "Spec"), "Labels");
    if (!SwarmView::in_namespace(stack_, labels) || !view_->owns(stack_, labels)) return;
    Observation seen = found(service);
    seal_live(seen.attributes, no_spec(), text_or(labels, k_sealed_label), vault_);
    const std::string prefix = stack_.project + "_";
    keep(std::move(seen), name.starts_with(prefix) ? name.substr(prefix.size()) : name);
  }

  const Batch& batch_;
  const Replies& replies_;
  Vault& vault_;
  Stack stack_;
  const SwarmView* view_ = nullptr;
  std::vector<Observation> observations_;
};

const Json& live_spec(const SwarmView& view, const std::string& name) {
  for (const Json& service : *view.services) {
    const Json& spec = get(service, "Spec");
    if (text_or(spec, "Name") == name) return spec;
  }
  return no_spec();
}

}  // namespace

std::vector<Query> swarm_service_queries(const Batch& batch, const Replies& replies) {
  if (!is_swarm(batch.scope)) return {};
  const Stack stack = read_stack(batch.scope);
  auto queries = swarm_queries(stack, replies);
  const auto view = swarm_view(stack, replies);
  if (!view || !*view) return queries;
  for (const Resource* resource : batch.resources) {
    const Json& live = live_spec(**view, stack.project + "_" + resource->address.name);
    for (Query& query : swarm_image_queries(stack, (*view)->stack.api, resource->spec, live)) {
      queries.push_back(std::move(query));
    }
  }
  return queries;
}

Result<std::vector<Observation>> interpret_swarm_services(const Batch& batch,
                                                          const Replies& replies,
                                                          Vault& vault) {
  if (!is_swarm(batch.scope)) return std::vector<Observation>();
  return Reader(batch, replies, vault).read();
}

Json normalize_swarm_service(const Resource& resource, const Observation& live) {
  const Json& desired = get(live.context, "desired");
  if (!desired.is_null()) return wanted_shape(desired);
  return wanted_shape(
      swarm_service_spec(Stack(), resource.address.name, resource.spec, Json::object()));
}

}  // namespace aegis::docker
