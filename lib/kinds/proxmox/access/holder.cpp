#include "kinds/proxmox/access/holder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/task.h"
#include "kinds/proxmox/visibility.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_operation = "grant";
constexpr std::string_view k_acl = "acl";

bool is_grant_attribute(const AttributeChange& attribute) {
  return attribute.path == k_acl || attribute.path.starts_with("acl.");
}

Query acl_query(const HostQueries& host) {
  return host.get("/access/acl");
}

Query roles_query(const HostQueries& host) {
  return host.get("/access/roles");
}

const Resource* declared(const Batch& batch, const Address& address) {
  for (const Resource* resource : batch.resources) {
    if (resource->address == address) return resource;
  }
  return nullptr;
}

std::set<std::string> granted_roles(const Json& acl) {
  std::set<std::string> roles;
  if (!acl.is_object()) return roles;
  for (const Json& given : acl) {
    for (const Json& role : given.is_array() ? given : get(given, "roles")) {
      roles.insert(as_text(role));
    }
  }
  return roles;
}

// A role that is neither there nor declared would stop the run half way.
void add_role_notes(const Resource& resource, const Json& roles, Diagnostics& notes) {
  std::vector<std::string> known;
  for (const Json& role : roles) known.push_back(text_or(role, "roleid"));
  for (const Address& need : resource.depends_on) {
    if (need.kind == "role") known.push_back(need.name);
  }
  for (const std::string& role : granted_roles(get(resource.spec, k_acl))) {
    if (std::find(known.begin(), known.end(), role) != known.end()) continue;
    const auto closest = closest_match(role, known);
    notes.push_back({Severity::error,
                     "an unknown role",
                     fmt::format("{} is granted the role {}, which neither Proxmox has nor "
                                 "`access.roles` declares.{}",
                                 resource.address.name,
                                 role,
                                 closest ? fmt::format(" Did you mean {}?", *closest) : ""),
                     resource.place_of(k_acl),
                     std::nullopt});
  }
}

Result<Done> check_sight(const HostQueries& host, const Replies& replies) {
  const auto permissions = data_of(replies, host.permissions(), "our own permissions");
  if (!permissions) return permissions.error();
  if (may_see(**permissions, "Sys.Audit", "/access")) return Done{};
  return Error{ErrorCode::forbidden,
               "these credentials see only some of the grants: they lack Sys.Audit on /access. "
               "Give the user and, if it is separated, the token a role with it; PVEAuditor on / "
               "is enough to plan."};
}

}  // namespace

AttributeRule grants_rule() {
  AttributeRule rule{};
  rule.path = k_acl;
  rule.compare = Compare::as_set;
  rule.note = "takes effect with the holder's next request";
  return rule;
}

std::vector<Query> grant_queries(const Scope& scope) {
  const HostQueries host(scope);
  return {acl_query(host), roles_query(host), host.permissions()};
}

Result<Done> add_live_grants(Holder holder,
                             const Batch& batch,
                             const Replies& replies,
                             std::vector<Observation>& observations) {
  if (observations.empty()) return Done{};
  const HostQueries host(batch.scope);
  if (auto seen = check_sight(host, replies); !seen) return seen;
  const auto list = data_of(replies, acl_query(host), "the list of grants");
  if (!list) return list.error();
  const auto roles = data_of(replies, roles_query(host), "the list of roles");
  if (!roles) return roles.error();
  for (Observation& observation : observations) {
    if (const Resource* resource = declared(batch, observation.address)) {
      add_role_notes(*resource, **roles, observation.notes);
    }
    if (!observation.exists) continue;
    Json grants = grants_of_list(**list, **roles, holder, observation.address.name);
    if (!grants.empty()) observation.attributes[std::string(k_acl)] = std::move(grants);
  }
  return Done{};
}

void write_grants_as_specs(std::vector<Declaration>& declarations) {
  for (Declaration& declaration : declarations) {
    const auto acl = declaration.spec.find(k_acl);
    if (acl != declaration.spec.end()) *acl = spec_of_grants(*acl);
  }
}

void add_wanted_grants(const Resource& resource, Json& wanted) {
  Json grants = grants_of_spec(get(resource.spec, k_acl));
  if (!grants.empty()) wanted[std::string(k_acl)] = std::move(grants);
}

Change without_grants(const Change& change) {
  Change rest = change;
  std::erase_if(rest.attributes, is_grant_attribute);
  return rest;
}

void add_grant_steps(Holder holder, const Lowering& lowering, std::vector<Step>& steps) {
  const Change& change = lowering.change;
  if (change.action == Action::remove) return;
  const bool is_new = change.action == Action::create || change.action == Action::replace;
  const Json& live = is_new ? Json::object() : get(lowering.live.attributes, k_acl);
  const std::string endpoint = text_or(lowering.scope.settings, "endpoint");
  const std::string& name = change.address.name;
  for (const GrantCall& call : grant_calls(get(lowering.wanted, k_acl), live)) {
    Step step;
    step.id = static_cast<StepId>(steps.size()) + 1;
    if (!steps.empty()) step.after = {step.id - 1};
    step.address = change.address;
    step.operation = k_operation;
    step.title = title_of(call, holder, name);
    // All of it is in one file.
    step.lane = fmt::format("{}/access", endpoint);
    step.input = {{"endpoint", endpoint}, {"name", name}, {"call", to_json(call)}};
    steps.push_back(std::move(step));
  }
}

bool is_grant_step(const Step& step) {
  return step.operation == k_operation;
}

Result<Json> perform_grant(Holder holder, const Step& step, Effects& effects) {
  const ApiClient api(effects, text_or(step.input, "endpoint"));
  const std::string name = text_or(step.input, "name");
  const Form form = form_of_grant(get(step.input, "call"), holder, name);
  Pauses pauses(effects.clock, effects.clock.now() + step.timeout);
  while (true) {
    const auto written = api.put(api_path("/access/acl"), form);
    if (written) return Json::object();
    const Error& error = written.error();
    // What is repeated changes nothing, so a lost answer needs no look.
    if (!may_begin_again(error) || !pauses.wait()) return error.in_context(name);
  }
}

}  // namespace aegis::proxmox
