#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "effects/effects.h"
#include "kinds/query.h"
#include "model/backup.h"
#include "model/data_coverage.h"
#include "model/desired.h"
#include "model/plan.h"

namespace aegis::os {

/// What to read next to know the copies that the backups of data have made: whether their systems
/// run, then one script a system.
std::vector<Query> data_backup_queries(const Desired& desired,
                                       const Backups& backups,
                                       const Replies& replies);

/// What those replies tell of each entry that saves data, sorted by name.
std::vector<DataCoverage> data_coverage_of(const Desired& desired,
                                           const Backups& backups,
                                           const Replies& replies);

/// The operating system that the data are on.
const Scope& system_of(const Desired& desired, const DataBackup& backup);

/// What the script `query` printed there. Fails when the system does not run or cannot be asked.
Result<std::string> answer_of(const Scope& scope, const Query& query, const Replies& replies);

/// The operations of the unit of a backup of data.
inline constexpr std::string_view k_make_copy = "make copy";
inline constexpr std::string_view k_verify_copy = "verify copy";

/// The step that makes a copy of the entry `name` now, or (`k_verify_copy`) reads the newest from
/// end to end.
Plan data_backup_plan(const Desired& desired,
                      const std::string& name,
                      const DataBackup& backup,
                      std::string_view operation);

/// Does such a step. Making a copy starts the service and waits for its end; a failure comes with
/// what it wrote last.
Result<Json> perform_data_backup(const Step& step, Effects& effects);

}  // namespace aegis::os
