#include "kinds/proxmox/node/interface_observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/node/interface_shape.h"
#include "kinds/proxmox/node/network_changes.h"
#include "kinds/proxmox/visibility.h"
#include "model/owner_comment.h"

namespace aegis::proxmox {
namespace {

Query list_query(const HostQueries& host) {
  return host.of_node("/network");
}

/// What one wave told of a server's network.
struct View {
  const Batch& batch;
  const Json& permissions;
  std::map<std::string, const Json*> interfaces;
  PendingNetwork pending;
};

// The address of `interface` that the server is reached at; empty when it is another's.
std::string reached_at(const Scope& scope, const Json& interface) {
  for (const Json& host : get(scope.settings, "reached_at")) {
    std::string address = as_text(host);
    for (const char* key : {"cidr", "cidr6"}) {
      const std::string cidr = text_or(interface, key);
      if (!address.empty() && cidr.substr(0, cidr.find('/')) == address) return address;
    }
  }
  return {};
}

Observation observe_present(const View& view, const std::string& name, const Json& interface) {
  Observation observation;
  observation.exists = true;
  const std::string comments(trim(text_or(interface, "comments")));
  observation.owned = comments.empty() || is_owned_comment(comments);
  observation.attributes = shape_of_live_interface(name, interface);
  if (view.pending.known.contains(name)) observation.attributes["pending"] = true;
  const std::string address = reached_at(view.batch.scope, interface);
  if (!address.empty()) observation.context["reached_at"] = address;
  return observation;
}

Diagnostic foreign_note(const View& view, const Resource* resource, Severity severity) {
  std::vector<std::string> names;
  for (const std::string& name : view.pending.foreign) {
    names.push_back(name == "?" ? "an interface that Proxmox does not name" : name);
  }
  const std::string node = text_or(view.batch.scope.settings, "node");
  Diagnostic note;
  note.severity = severity;
  note.summary = "others' network changes wait for a reload";
  note.detail = fmt::format(
      "On node {} changes of {} are staged that these manifests do not make; a reload would put "
      "them in force as well. Apply them or take them back first (Apply Configuration or Revert "
      "in the web interface, `pvesh set` or `pvesh delete /nodes/{}/network` on the host), then "
      "plan again.",
      node,
      list_words(names),
      node);
  if (resource != nullptr) note.where = resource->where;
  return note;
}

// Only a difference makes it a reason to stop.
void note_foreign_changes(const View& view, const Resource& resource, Observation& observation) {
  if (view.pending.foreign.empty()) return;
  const Json wanted = shape_of_interface(resource.address.name, resource.spec);
  const bool differs = !observation.owned || observation.attributes != wanted;
  observation.notes.push_back(
      foreign_note(view, &resource, differs ? Severity::error : Severity::warning));
}

Result<Observation> observe(const View& view, const Resource& resource) {
  const std::string& name = resource.address.name;
  const auto found = view.interfaces.find(name);
  const bool bridge = text_or(resource.spec, "type") == "bridge";
  const std::string path = fmt::format("/sdn/zones/localnetwork/{}", name);
  Observation observation;
  if (found != view.interfaces.end()) {
    observation = observe_present(view, name, *found->second);
  } else if (bridge && !may_see(view.permissions, "SDN.Audit SDN.Use", path)) {
    return Error{ErrorCode::forbidden,
                 fmt::format("these credentials cannot see whether bridge {} is there: they lack "
                             "SDN.Audit on {}. Give the user and, if it is separated, the token a "
                             "role with it; PVEAuditor on / is enough to plan.",
                             name,
                             path)};
  }
  note_foreign_changes(view, resource, observation);
  observation.address = resource.address;
  observation.scope = resource.scope;
  return observation;
}

Observation orphan_of(const View& view, const std::string& name, Observation orphan) {
  orphan.address = {view.batch.scope.name, "interface", name};
  orphan.scope = view.batch.scope.name;
  return orphan;
}

// Ours that nobody declares, those included whose removal already waits for the reload. Cards are
// there as long as the machine has them, and the way to the server is not cut.
void add_orphans(const View& view,
                 const std::set<std::string>& declared,
                 std::vector<Observation>& observations) {
  if (!view.pending.foreign.empty()) return;
  for (const auto& [name, interface] : view.interfaces) {
    if (declared.contains(name) || !is_owned_comment(text_or(*interface, "comments"))) continue;
    if (text_or(*interface, "type") == "eth") continue;
    if (!reached_at(view.batch.scope, *interface).empty()) continue;
    observations.push_back(orphan_of(view, name, observe_present(view, name, *interface)));
  }
  for (const std::string& name : view.pending.gone) {
    if (declared.contains(name)) continue;
    Observation leaving;
    leaving.exists = true;
    leaving.owned = true;
    leaving.attributes = {{"pending", true}};
    observations.push_back(orphan_of(view, name, std::move(leaving)));
  }
}

// A card without settings of its own is there as long as the machine has it.
bool is_worth_telling(const Json& interface) {
  const std::string type = text_or(interface, "type");
  if (type != "eth") return type == "bridge" || type == "bond" || type == "vlan";
  return interface.contains("cidr") || interface.contains("cidr6") || interface.contains("mtu");
}

}  // namespace

std::vector<Query> interface_queries(const Batch& batch, const Replies&) {
  if (!batch.manages("interfaces")) return {};
  const HostQueries host(batch.scope);
  return {host.permissions(), list_query(host)};
}

Result<std::vector<Observation>> interpret_interfaces(const Batch& batch,
                                                      const Replies& replies,
                                                      Vault&) {
  std::vector<Observation> observations;
  if (!batch.manages("interfaces")) return observations;
  const HostQueries host(batch.scope);
  const auto permissions = data_of(replies, host.permissions(), "our own permissions");
  if (!permissions) return permissions.error();
  const std::string what = fmt::format("the network interfaces of node {}", host.node);
  const auto list = data_of(replies, list_query(host), what);
  if (!list) return list.error();
  std::set<std::string> declared;
  for (const Resource* resource : batch.resources) declared.insert(resource->address.name);
  View view{batch, **permissions, {}, {}};
  for (const Json& interface : **list) view.interfaces[text_or(interface, "iface")] = &interface;
  view.pending = pending_network(replies.at(list_query(host)).body, declared);
  for (const Resource* resource : batch.resources) {
    auto observation = observe(view, *resource);
    if (!observation) return observation.error();
    observations.push_back(std::move(*observation));
  }
  add_orphans(view, declared, observations);
  return observations;
}

std::vector<Query> survey_interfaces(const Batch& batch, const Replies& /*replies*/) {
  return {list_query(HostQueries(batch.scope))};
}

Result<std::vector<Declaration>> declare_interfaces(const Batch& batch, const Replies& replies) {
  const HostQueries host(batch.scope);
  const std::string what = fmt::format("the network interfaces of node {}", host.node);
  const auto list = data_of(replies, list_query(host), what);
  if (!list) return list.error();
  std::set<std::string> declared;
  for (const Resource* resource : batch.resources) declared.insert(resource->address.name);
  std::vector<Declaration> declarations;
  for (const Json& interface : **list) {
    const std::string name = text_or(interface, "iface");
    if (declared.contains(name) || !is_worth_telling(interface)) continue;
    declarations.push_back(
        {{batch.scope.name, "interface", name}, shape_of_live_interface(name, interface), {}});
  }
  return declarations;
}

}  // namespace aegis::proxmox
