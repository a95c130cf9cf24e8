#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A scheduled backup of guests. Ours are those whose comment starts with "aegisctl".
const Kind& backup_job_kind();

}  // namespace aegis
