#include "kinds/proxmox/objects/ha_resource.h"

#include <array>

#include "kinds/proxmox/objects/object_kind.h"

namespace aegis {
namespace {

using proxmox::Field;
using enum proxmox::ValueForm;

constexpr std::array k_fields{
    Field{.name = "comment"},
    Field{.name = "group"},
    Field{.name = "state",
          .fallback = "started",
          .disruption = Disruption::reboot_container,
          .note = "the cluster starts or stops the guest"},
    Field{.name = "max_restart", .form = number, .fallback = "1"},
    Field{.name = "max_relocate", .form = number, .fallback = "1"},
};

// "103" of "ct:103".
std::string vmid_of(std::string_view sid) {
  return std::string(sid.substr(sid.find(':') + 1));
}

constexpr std::array k_references{
    proxmox::Reference{
        .field = "group", .kind = "ha-group", .list = "/cluster/ha/groups", .id_key = "group"},
    proxmox::Reference{.field = "",
                       .kind = "guest",
                       .list = "/cluster/resources?type=vm",
                       .id_key = "vmid",
                       .id = vmid_of}};

constexpr proxmox::ObjectType k_type{.kind = "ha-resource",
                                     .schema = "ha",
                                     .section = "ha.resources",
                                     .noun = "high-availability resource",
                                     .list = "/cluster/ha/resources",
                                     .id_key = "sid",
                                     .fields = k_fields,
                                     .references = k_references,
                                     .marked = true,
                                     .removal = "the guest stays as it is"};

}  // namespace

const Kind& ha_resource_kind() {
  return proxmox::object_kind<k_type>();
}

}  // namespace aegis
