#include "kinds/proxmox/objects/replication_job.h"

#include <fmt/format.h>

#include <array>

#include "kinds/proxmox/objects/object_kind.h"

namespace aegis {
namespace {

using proxmox::Field;
using enum proxmox::ValueForm;

constexpr std::array k_fields{
    Field{.name = "comment"},
    Field{.name = "target", .needed = "*", .fixed = true},
    Field{.name = "schedule", .fallback = "*/15"},
    Field{.name = "rate", .form = number},
    Field{.name = "disable", .form = flag, .fallback = "0"},
};

// The guest that "103-0" is about.
std::string path_of(std::string_view name) {
  return fmt::format("/vms/{}", name.substr(0, name.find('-')));
}

// Removing one only marks it; it goes when the scheduler has removed the copies.
bool is_leaving(const Json& item) {
  return !get(item, "remove_job").is_null();
}

// "103" of "103-0".
std::string vmid_of(std::string_view id) {
  return std::string(id.substr(0, id.find('-')));
}

constexpr std::array k_references{proxmox::Reference{.field = "",
                                                     .kind = "guest",
                                                     .list = "/cluster/resources?type=vm",
                                                     .id_key = "vmid",
                                                     .id = vmid_of}};

constexpr proxmox::ObjectType k_type{.kind = "replication-job",
                                     .schema = "jobs",
                                     .section = "jobs.replication",
                                     .noun = "replication job",
                                     .list = "/cluster/replication",
                                     .id_key = "id",
                                     .fields = k_fields,
                                     .references = k_references,
                                     .constant_type = "local",
                                     .marked = true,
                                     .removal = "the copies on the other node go with it",
                                     .privileges = "VM.Audit",
                                     .guarded_path = path_of,
                                     .is_leaving = is_leaving};

}  // namespace

const Kind& replication_job_kind() {
  return proxmox::object_kind<k_type>();
}

}  // namespace aegis
