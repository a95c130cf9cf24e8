#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A scheduled copy of a guest's ZFS volumes to another node of the cluster, called "VMID-NUMBER".
/// Ours are those whose comment starts with "aegisctl".
const Kind& replication_job_kind();

}  // namespace aegis
