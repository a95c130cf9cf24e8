#pragma once

#include <string>

namespace aegis::monitoring {

/// The script that tells a Proxmox server's node exporter of the newest backup of each guest:
/// `backup-ages [ENTRY GUEST VMID STORAGE RPO]...`, with the objective in seconds. Series:
/// aegisctl_backup_newest_seconds (0 without any) and aegisctl_backup_rpo_seconds, with the labels
/// `entry` and `resource`. Where a storage does not answer, what was known stays, and gets older.
std::string backup_ages_script();

}  // namespace aegis::monitoring
