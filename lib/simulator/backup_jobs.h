#pragma once

#include <span>
#include <string>

#include "simulator/section_config.h"
#include "simulator/world.h"

namespace aegis::simulator {

/// The file of the backup jobs in `World::files`.
inline constexpr std::string_view k_jobs_file = "jobs.cfg";

/// The options of a backup, as jobs and POST /nodes/{node}/vzdump take them.
std::span<const Field> backup_options();

/// True when a job takes the guest into its backups.
bool is_in_job(const World& world, int vmid);

/// Takes the guest out of every job; a job that names no guest any more goes.
void leave_jobs(World& world, int vmid);

/// Refuses what only root may set (400) and what needs rights beside those of the call (403).
Refusal check_backup_rights(const World& world, const Call& call);

/// Exactly one of vmid, all and pool must say what is backed up; otherwise the complaint by
/// parameter.
FieldErrors check_selection(const Parameters& options);

}  // namespace aegis::simulator
