#include "kinds/proxmox/access/group.h"

#include <fmt/format.h>

#include <array>

#include "kinds/proxmox/access/holder_kind.h"

namespace aegis {
namespace {

using proxmox::Field;

constexpr std::array k_fields{Field{.name = "comment", .stays = true}};

std::string guarded_path(std::string_view name) {
  return fmt::format("/access/groups/{}", name);
}

constexpr proxmox::ObjectType k_type{.kind = "group",
                                     .schema = "access",
                                     .section = "access.groups",
                                     .noun = "group",
                                     .list = "/access/groups",
                                     .id_key = "groupid",
                                     .fields = k_fields,
                                     .found_in_list = true,
                                     .marked = true,
                                     .digest = false,
                                     .removal = "its grants go with it",
                                     .privileges = "Sys.Audit User.Modify Group.Allocate",
                                     .guarded_path = guarded_path};

}  // namespace

const Kind& group_kind() {
  return proxmox::holder_kind<k_type, proxmox::Holder::group>();
}

}  // namespace aegis
