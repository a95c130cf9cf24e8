#include "manifest/compose/resources.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "manifest/compose/build.h"
#include "manifest/compose/engine_name.h"
#include "manifest/compose/files.h"
#include "manifest/compose/links.h"
#include "manifest/compose/sealing.h"

namespace aegis::compose {
namespace {

// What is no wish for the container, or says nothing.
bool is_no_attribute(const Member& member) {
  return member.key == "profiles" || member.value.type == Node::Type::null;
}

Json service_spec(const Member& service, Vault& vault) {
  Node kept = service.value;
  std::erase_if(kept.members, is_no_attribute);
  Json spec = sealed_json(kept, {"services", service.key}, vault);
  for (const std::string key : {"configs", "secrets"}) {
    if (const Node* uses = kept.find(key)) spec[key] = files_json(*uses, key == "secrets", vault);
  }
  if (get(get(spec, "healthcheck"), "disable") == Json(true))
    spec["healthcheck"]["test"] = Json::array({"NONE"});
  return spec;
}

// Services first, for the reader.
bool goes_before(const Resource& left, const Resource& right) {
  const bool left_service = left.address.kind.ends_with("service");
  const bool right_service = right.address.kind.ends_with("service");
  if (left_service != right_service) return left_service;
  return left.address < right.address;
}

class Lowering {
 public:
  Lowering(const Node& project, const StackInput& input, Vault& vault, Diagnostics& diagnostics)
      : project_(project),
        input_(input),
        vault_(vault),
        diagnostics_(diagnostics),
        scope_("stack/" + input.stack_name) {
    for (const Member& service : section("services").members) {
      services_.emplace(service.key, &service.value);
    }
  }

  std::vector<Resource> run() {
    if (input_.for_swarm) return run_for_swarm();
    for (const Member& service : section("services").members) add_service(service);
    for (const char* kind : {"network", "volume"}) {
      for (const Member& shared : section(std::string(kind) + "s").members) {
        if (!is_external(shared.value)) add_shared(kind, shared, std::string(kind) + "s");
      }
    }
    std::sort(resources_.begin(), resources_.end(), goes_before);
    return std::move(resources_);
  }

 private:
  [[nodiscard]] const Node& section(const std::string& name) const {
    static const Node k_none;
    const Node* found = project_.find(name);
    return found == nullptr ? k_none : *found;
  }

  std::vector<Resource> run_for_swarm() {
    for (const Member& service : section("services").members) add_swarm_service(service);
    for (const Member& network : section("networks").members) {
      if (!is_external(network.value)) add_shared("swarm-network", network, "networks");
    }
    std::sort(resources_.begin(), resources_.end(), goes_before);
    return std::move(resources_);
  }

  void add_swarm_service(const Member& service) {
    Resource result = resource("swarm-service", service);
    result.spec = service_spec(service, vault_);
    if (const Node* networks = service.value.find("networks")) {
      for (const Member& network : networks->members) {
        const Node* definition = section("networks").find(network.key);
        if (definition != nullptr && !is_external(*definition)) {
          result.depends_on.push_back({scope_, "swarm-network", network.key});
        }
      }
    }
    for (const auto& [section_name, kind] :
         {std::pair{"configs", "swarm-config"}, std::pair{"secrets", "swarm-secret"}}) {
      for (const Json& use : get(result.spec, section_name)) {
        if (!use.contains("content")) continue;
        const Member* defined = find_member(section(section_name), text_or(use, "source"));
        if (defined != nullptr) result.depends_on.push_back(add_stored(kind, *defined, use));
      }
    }
    add_outer_dependencies(result);
    resources_.push_back(std::move(result));
  }

  static const Member* find_member(const Node& mapping, const std::string& key) {
    for (const Member& member : mapping.members) {
      if (member.key == key) return &member;
    }
    return nullptr;
  }

  // A config or secret, once however many services use it.
  Address add_stored(const char* kind, const Member& defined, const Json& use) {
    Resource result = resource(kind, defined);
    Address address = result.address;
    if (!stored_.insert(address).second) return address;
    result.spec = {{"name", engine_name(defined.value, defined.key, input_.project)},
                   {"content", use.at("content")}};
    for (const char* key : {"labels", "template_driver"}) {
      if (const Node* said = defined.value.find(key)) result.spec[key] = to_json(*said);
    }
    add_outer_dependencies(result);
    resources_.push_back(std::move(result));
    return address;
  }

  Resource resource(const char* kind, const Member& member) const {
    Resource result;
    result.address = {scope_, kind, member.key};
    result.scope = scope_;
    result.where = member.where;
    collect_places(member.value, "", result.places);
    return result;
  }

  void add_service(const Member& service) {
    Resource result = resource("service", service);
    Node known = service.value;
    add_peers(known, section("services"));
    result.spec = service_spec({service.key, service.where, std::move(known)}, vault_);
    if (const Node* build = service.value.find("build")) {
      result.spec["build"] = build_json(*build, diagnostics_);
    }
    result.depends_on = shared_dependencies(service.value);
    if (const Node* services = service.value.find("depends_on")) {
      for (const Member& other : services->members) need_service(result, other.key);
    }
    add_outer_dependencies(result);
    add_replicas(std::move(result));
  }

  // One after the other, or as many at a time as `update_config.parallelism` says, so that never
  // all of them are replaced at once.
  void add_replicas(Resource first) {
    first.spec.erase("scale");
    const std::string service = first.address.name;
    const std::int64_t count = count_of(service);
    const std::int64_t at_a_time = parallelism(service);
    const bool pauses = get(first.spec, "update_config").contains("delay");
    for (std::int64_t number = 1; number <= count; ++number) {
      Resource next = first;
      next.address = replica(service, number);
      if (number > at_a_time) {
        next.depends_on.push_back(replica(service, number - at_a_time));
        std::sort(next.depends_on.begin(), next.depends_on.end());
      }
      if (count > 1) next.spec["replica"] = {{"service", service}, {"number", number}};
      if (count > 1 && number == 1) next.spec["replica"]["count"] = count;
      if (pauses && number + at_a_time <= count) next.spec["replica"]["is_followed"] = true;
      resources_.push_back(std::move(next));
    }
  }

  [[nodiscard]] Address replica(const std::string& service, std::int64_t number) const {
    return {scope_, "service", number > 1 ? fmt::format("{}-{}", service, number) : service};
  }

  [[nodiscard]] std::int64_t count_of(const std::string& service) const {
    const auto definition = services_.find(service);
    const std::int64_t said =
        definition == services_.end() ? 1 : integer_at(*definition->second, "scale");
    return std::max<std::int64_t>(said, 1);
  }

  // 0 stands for all at once.
  [[nodiscard]] std::int64_t parallelism(const std::string& service) const {
    const auto definition = services_.find(service);
    if (definition == services_.end()) return 1;
    const Node* asked = definition->second->find("update_config");
    if (asked == nullptr || asked->find("parallelism") == nullptr) return 1;
    const std::int64_t said = integer_at(*asked, "parallelism");
    return said == 0 ? count_of(service) : said;
  }

  // Those that come after all the others: whoever needs the service needs all of its containers.
  void need_service(Resource& resource, const std::string& service) const {
    const std::int64_t count = count_of(service);
    const std::int64_t first = std::max<std::int64_t>(count - parallelism(service) + 1, 1);
    for (std::int64_t number = first; number <= count; ++number) {
      resource.depends_on.push_back(replica(service, number));
    }
  }

  void add_shared(const char* kind, const Member& shared, const std::string& section) {
    Resource result = resource(kind, shared);
    result.spec = sealed_json(shared.value, {section, shared.key}, vault_);
    result.spec.erase("external");
    result.spec["name"] = engine_name(shared.value, shared.key, input_.project);
    add_outer_dependencies(result);
    resources_.push_back(std::move(result));
  }

  // The networks and volumes of the stack's own that the service uses.
  std::vector<Address> shared_dependencies(const Node& service) const {
    std::vector<Address> needed;
    const auto need = [&](const char* kind, const std::string& key) {
      const Node* definition = section(std::string(kind) + "s").find(key);
      if (definition != nullptr && !is_external(*definition)) needed.push_back({scope_, kind, key});
    };
    if (const Node* networks = service.find("networks")) {
      for (const Member& network : networks->members) need("network", network.key);
    }
    if (const Node* mounts = service.find("volumes")) {
      for (const Node& mount : mounts->items) {
        if (text_at(mount, "type") == "volume") need("volume", text_at(mount, "source"));
      }
    }
    return needed;
  }

  void add_outer_dependencies(Resource& result) const {
    auto& needed = result.depends_on;
    needed.insert(needed.end(), input_.depends_on.begin(), input_.depends_on.end());
    std::sort(needed.begin(), needed.end());
    needed.erase(std::unique(needed.begin(), needed.end()), needed.end());
  }

  const Node& project_;
  const StackInput& input_;
  Vault& vault_;
  Diagnostics& diagnostics_;
  std::string scope_;
  // There may be thousands: each is looked up, not searched for.
  std::unordered_map<std::string_view, const Node*> services_;
  std::vector<Resource> resources_;
  std::set<Address> stored_;
};

}  // namespace

std::vector<Resource> make_resources(const Node& project,
                                     const StackInput& input,
                                     Vault& vault,
                                     Diagnostics& diagnostics) {
  return Lowering(project, input, vault, diagnostics).run();
}

Json name_table(const Node* section, const std::string& project_name) {
  Json table = Json::object();
  if (section == nullptr) return table;
  for (const Member& member : section->members) {
    table[member.key] = {{"name", engine_name(member.value, member.key, project_name)},
                         {"external", is_external(member.value)}};
  }
  return table;
}

}  // namespace aegis::compose
