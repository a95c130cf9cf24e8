#include "manifest/compose/selection.h"

#include <algorithm>

namespace aegis::compose {
namespace {

constexpr const char* k_default = "default";

bool is_enabled(const Node& service, const std::vector<std::string>& profiles) {
  const Node* own = service.find("profiles");
  if (own == nullptr || own->items.empty()) return true;
  return std::any_of(profiles.begin(), profiles.end(), [&](const std::string& profile) {
    return profile == "*" || std::any_of(own->items.begin(),
                                         own->items.end(),
                                         [&](const Node& item) { return item.text == profile; });
  });
}

void drop_optional_dependencies(Node& service, const Node& services) {
  Node* dependencies = service.find("depends_on");
  if (dependencies == nullptr) return;
  std::erase_if(dependencies->members, [&](const Member& dependency) {
    return text_at(dependency.value, "required") == "false" &&
           services.find(dependency.key) == nullptr;
  });
}

Node& section(Node& project, const std::string& name) {
  if (project.find(name) == nullptr) {
    Node empty = make_mapping(project);
    empty.path = name;
    set(project, name, std::move(empty));
  }
  return *project.find(name);
}

void keep_only(Node& project, const std::string& name, const std::set<std::string>& used) {
  if (Node* all = project.find(name))
    std::erase_if(all->members, [&](const Member& m) { return !used.contains(m.key); });
}

}  // namespace

std::set<std::string> select_services(Node& project, const std::vector<std::string>& profiles) {
  std::set<std::string> removed;
  Node& services = section(project, "services");
  std::erase_if(services.members, [&](const Member& service) {
    if (is_enabled(service.value, profiles)) return false;
    removed.insert(service.key);
    return true;
  });
  for (Member& service : services.members) drop_optional_dependencies(service.value, services);
  return removed;
}

void add_default_network(Node& project) {
  Node& networks = section(project, "networks");
  for (Member& service : section(project, "services").members) {
    const Node* own = service.value.find("networks");
    const bool joins = own != nullptr && (own->type == Node::Type::null || !own->members.empty());
    if (joins || service.value.find("network_mode") != nullptr) continue;
    Node attachment = make_mapping(service.value);
    attachment.where = service.where;
    Node all = attachment;
    set(all, k_default, attachment);
    set(service.value, "networks", std::move(all));
  }
  for (const Member& service : project.find("services")->members) {
    if (service.value.find("networks", k_default) == nullptr) continue;
    if (networks.find(k_default) != nullptr) continue;
    Node definition = make_mapping(*service.value.find("networks", k_default));
    definition.path = "networks.default";
    set(networks, k_default, std::move(definition));
  }
}

void drop_unused(Node& project) {
  std::set<std::string> networks;
  std::set<std::string> volumes;
  for (const Member& service : project.find("services")->members) {
    if (const Node* joined = service.value.find("networks")) {
      for (const Member& attachment : joined->members) networks.insert(attachment.key);
    }
    if (const Node* mounts = service.value.find("volumes")) {
      for (const Node& mount : mounts->items) {
        if (text_at(mount, "type") == "volume") volumes.insert(text_at(mount, "source"));
      }
    }
  }
  keep_only(project, "networks", networks);
  keep_only(project, "volumes", volumes);
}

}  // namespace aegis::compose
