#include <utility>

#include "simulator/qemu_calls.h"
#include "simulator/qemu_fields.h"
#include "simulator/qemu_update.h"
#include "simulator/routes.h"

namespace aegis::simulator {
namespace {

using enum FieldType;
using Fields = std::vector<Field>;

const Field k_node{.name = "node", .required = true, .format = formats::node};
const Field k_vmid{.name = "vmid", .type = integer, .required = true, .format = formats::vmid};
const Field k_skiplock{.name = "skiplock", .type = boolean};
const Field k_timeout{.name = "timeout", .type = integer, .minimum = 0};

const Fields k_of_node{k_node, {.name = "full", .type = boolean}};
const Fields k_of_machine{k_node, k_vmid};
const Fields k_config{k_node,
                      k_vmid,
                      {.name = "current", .type = boolean},
                      {.name = "snapshot", .max_length = 40, .format = formats::configid}};
const Fields k_destroy{k_node,
                       k_vmid,
                       k_skiplock,
                       {.name = "destroy-unreferenced-disks", .type = boolean},
                       {.name = "purge", .type = boolean}};
const Fields k_start{k_node, k_vmid, k_skiplock, k_timeout};
const Fields k_stop{
    k_node, k_vmid, k_skiplock, k_timeout, {.name = "overrule-shutdown", .type = boolean}};
const Fields k_shutdown{
    k_node, k_vmid, k_skiplock, k_timeout, {.name = "forceStop", .type = boolean}};
const Fields k_reboot{k_node, k_vmid, k_timeout};
const Fields k_resize{
    k_node,
    k_vmid,
    k_skiplock,
    {.name = "digest", .max_length = 40},
    {.name = "disk",
     .required = true,
     .pattern = "ide[0-3]|scsi([0-9]|[12][0-9]|30)|virtio([0-9]|1[0-5])|sata[0-5]|efidisk0|"
                "tpmstate0"},
    {.name = "size", .required = true, .pattern = "\\+?[0-9]+(\\.[0-9]+)?[KMGT]?"}};
const Fields k_clone{k_node,
                     k_vmid,
                     {.name = "newid", .type = integer, .required = true, .format = formats::vmid},
                     {.name = "description"},
                     {.name = "full", .type = boolean},
                     {.name = "name", .format = formats::dns_name},
                     {.name = "pool", .format = formats::poolid},
                     {.name = "storage", .format = formats::storage_id}};

constexpr std::string_view k_guest = "/vms/{vmid}";
constexpr std::string_view k_machines = "/nodes/{node}/qemu";
const std::vector<std::string_view> k_sees{"VM.Audit"};
const std::vector<std::string_view> k_allocates{"VM.Allocate"};
const std::vector<std::string_view> k_switches{"VM.PowerMgmt"};
const std::vector<std::string_view> k_changes{"VM.Config.Disk",
                                              "VM.Config.CDROM",
                                              "VM.Config.CPU",
                                              "VM.Config.Memory",
                                              "VM.Config.Network",
                                              "VM.Config.HWType",
                                              "VM.Config.Options",
                                              "VM.Config.Cloudinit"};

constexpr std::string_view k_machine = "/nodes/{node}/qemu/{vmid}";
constexpr std::string_view k_config_path = "/nodes/{node}/qemu/{vmid}/config";
constexpr std::string_view k_cloudinit = "/nodes/{node}/qemu/{vmid}/cloudinit";

std::vector<Route> configuration_routes() {
  return {
      {"GET", k_machines, k_of_node, list_machines},
      {"POST", k_machines, create_machine_fields(), create_machine},
      {"GET", k_machine, k_of_machine, machine_index},
      {"DELETE", k_machine, k_destroy, destroy_machine, k_guest, k_allocates},
      {"GET", k_config_path, k_config, read_machine_config, k_guest, k_sees},
      {"PUT", k_config_path, update_machine_fields(), update_machine, k_guest, k_changes},
      {"POST",
       k_config_path,
       update_machine_later_fields(),
       update_machine_later,
       k_guest,
       k_changes},
      {"GET",
       "/nodes/{node}/qemu/{vmid}/pending",
       k_of_machine,
       read_machine_pending,
       k_guest,
       k_sees},
      {"GET", k_cloudinit, k_of_machine, read_cloudinit, k_guest, k_sees},
      {"PUT", k_cloudinit, k_of_machine, regenerate_cloudinit, k_guest, {"VM.Config.Cloudinit"}},
      {"PUT",
       "/nodes/{node}/qemu/{vmid}/resize",
       k_resize,
       resize_machine_disk,
       k_guest,
       {"VM.Config.Disk"}},
      {"POST",
       "/nodes/{node}/qemu/{vmid}/template",
       k_of_machine,
       make_template,
       k_guest,
       k_allocates},
      {"POST", "/nodes/{node}/qemu/{vmid}/clone", k_clone, clone_machine, k_guest, {"VM.Clone"}},
  };
}

std::vector<Route> power_routes() {
  return {
      {"GET",
       "/nodes/{node}/qemu/{vmid}/status/current",
       k_of_machine,
       read_machine_status,
       k_guest,
       k_sees},
      {"POST",
       "/nodes/{node}/qemu/{vmid}/status/start",
       k_start,
       start_machine,
       k_guest,
       k_switches},
      {"POST", "/nodes/{node}/qemu/{vmid}/status/stop", k_stop, stop_machine, k_guest, k_switches},
      {"POST",
       "/nodes/{node}/qemu/{vmid}/status/shutdown",
       k_shutdown,
       shut_machine_down,
       k_guest,
       k_switches},
      {"POST",
       "/nodes/{node}/qemu/{vmid}/status/reboot",
       k_reboot,
       reboot_machine,
       k_guest,
       k_switches},
  };
}

}  // namespace

std::vector<Route> qemu_routes() {
  std::vector<Route> routes = configuration_routes();
  for (Route& route : power_routes()) routes.push_back(std::move(route));
  return routes;
}

}  // namespace aegis::simulator
