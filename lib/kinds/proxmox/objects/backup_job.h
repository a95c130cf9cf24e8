#pragma once

#include "kinds/kind.h"
#include "kinds/proxmox/api.h"

namespace aegis {

/// A scheduled backup of guests. Ours are those whose comment starts with "aegisctl".
const Kind& backup_job_kind();

namespace proxmox {

/// The parameters of a backup made now with the options of `job` (a spec in the manifest's form):
/// all but which guests it is for.
Form one_shot_form(const Json& job);

}  // namespace proxmox

}  // namespace aegis
