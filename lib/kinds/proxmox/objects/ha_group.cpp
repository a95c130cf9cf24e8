#include "kinds/proxmox/objects/ha_group.h"

#include <array>

#include "kinds/proxmox/objects/object_kind.h"

namespace aegis {
namespace {

using proxmox::Field;
using enum proxmox::ValueForm;

constexpr std::array k_fields{
    Field{.name = "comment"},
    Field{.name = "nodes", .form = word_list, .needed = "*"},
    Field{.name = "restricted", .form = flag, .fallback = "0"},
    Field{.name = "nofailback", .form = flag, .fallback = "0"},
};

constexpr proxmox::ObjectType k_type{.kind = "ha-group",
                                     .schema = "ha",
                                     .section = "ha.groups",
                                     .noun = "high-availability group",
                                     .list = "/cluster/ha/groups",
                                     .id_key = "group",
                                     .fields = k_fields,
                                     .marked = true};

}  // namespace

const Kind& ha_group_kind() {
  return proxmox::object_kind<k_type>();
}

}  // namespace aegis
