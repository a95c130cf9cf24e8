#include "kinds/proxmox/access/role.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/objects/object_kind.h"

namespace aegis {
namespace {

using proxmox::Field;
using enum proxmox::ValueForm;

constexpr std::string_view k_roles = "/access/roles";

constexpr std::array k_fields{
    Field{.name = "privileges",
          .form = word_list,
          .key = "privs",
          .stays = true,
          .note = "changes what everybody with this role may do, with their next request"}};

bool is_builtin(const Json& role) {
  return as_bool(get(role, "special")).value_or(false);
}

constexpr proxmox::ObjectType k_type{.kind = "role",
                                     .schema = "access",
                                     .section = "access.roles",
                                     .noun = "role",
                                     .list = k_roles,
                                     .id_key = "roleid",
                                     .fields = k_fields,
                                     .found_in_list = true,
                                     .digest = false,
                                     .removal = "whoever has it keeps the other roles only",
                                     .is_builtin = is_builtin};

// Which privileges there are depends on the version; this role has all of them.
std::vector<std::string> all_privileges(const Json& roles) {
  for (const Json& role : roles) {
    if (text_or(role, "roleid") == "Administrator") return split_any(text_or(role, "privs"), ", ");
  }
  return {};
}

void add_notes(const Resource& resource,
               const std::vector<std::string>& known,
               Diagnostics& notes) {
  const Json& privileges = get(resource.spec, "privileges");
  for (std::size_t i = 0; i < privileges.size(); ++i) {
    const std::string name = as_text(privileges[i]);
    if (known.empty() || std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto closest = closest_match(name, known);
    notes.push_back({Severity::error,
                     "an unknown privilege",
                     fmt::format("this version of Proxmox has no privilege {}.{}",
                                 name,
                                 closest ? fmt::format(" Did you mean {}?", *closest) : ""),
                     resource.place_of(fmt::format("privileges[{}]", i)),
                     std::nullopt});
  }
}

Result<std::vector<Observation>> interpret(const Batch& batch, const Replies& replies, Vault&) {
  auto observations = proxmox::interpret_objects(k_type, batch, replies);
  if (!observations || observations->empty()) return observations;
  const proxmox::HostQueries host(batch.scope);
  const auto roles = proxmox::data_of(replies, host.get(k_roles), "the list of roles");
  if (!roles) return roles.error();
  const auto known = all_privileges(**roles);
  for (std::size_t i = 0; i < batch.resources.size(); ++i) {
    add_notes(*batch.resources[i], known, (*observations)[i].notes);
  }
  return observations;
}

}  // namespace

const Kind& role_kind() {
  static const Kind k_kind = [] {
    Kind kind = proxmox::object_kind<k_type>();
    kind.interpret = interpret;
    return kind;
  }();
  return k_kind;
}

}  // namespace aegis
