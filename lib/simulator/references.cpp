#include "simulator/references.h"

#include <fmt/format.h>

#include "simulator/backup_jobs.h"
#include "simulator/ha.h"
#include "simulator/replication.h"

namespace aegis::simulator {

Refusal check_references(const World& world, const Call& call, std::string_view noun) {
  const int vmid = call.vmid();
  if (call.flag("purge")) return {};
  const std::string job = replication_job_of(world, vmid);
  if (!job.empty()) {
    return refuse(fmt::format(
        "There is a replication job '{}' for guest '{}' - Please remove that first.", job, vmid));
  }
  const std::string sid = ha_id(world, vmid);
  if (!as_bool(get(ha_json(world, sid), "managed")).value_or(false)) return {};
  return refuse(fmt::format(
      "unable to remove {} {} - used in HA resources and purge parameter not set.", noun, vmid));
}

void purge_references(World& world, int vmid) {
  leave_jobs(world, vmid);
  SectionFile& resources = world.files[std::string(k_ha_resources_file)];
  for (const char* type : {"ct", "vm"}) resources.sections.erase(fmt::format("{}:{}", type, vmid));
  for (std::string job = replication_job_of(world, vmid); !job.empty();
       job = replication_job_of(world, vmid)) {
    world.files[std::string(k_replication_file)].sections.erase(job);
  }
}

void forget_guest(World& world, int vmid) {
  for (auto& [name, pool] : world.pools) pool.vms.erase(vmid);
  const std::string path = fmt::format("/vms/{}", vmid);
  std::erase_if(world.access.acl, [&](const AclEntry& entry) { return entry.path == path; });
}

}  // namespace aegis::simulator
