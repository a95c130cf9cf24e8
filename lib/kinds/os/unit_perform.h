#pragma once

#include "kinds/kind.h"

namespace aegis::os {

/// Kind::lower and Kind::perform of units. Operations: "switch", which does to the unit what
/// systemctl calls by input.verbs, its undo "switch back", those of files, and those of
/// kinds/os/data_backups.h and data_restore.h.
std::vector<Step> lower_unit(const Lowering& lowering);
Result<Json> perform_unit(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::os
