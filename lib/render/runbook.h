#pragma once

#include <string>

#include "model/backup.h"
#include "model/desired.h"
#include "model/plan.h"

namespace aegis {

/// What a person does by hand to bring everything back when this tool cannot be run: the servers'
/// settings, the guests from their backups, the stacks; in Markdown, for paper. `from_nothing` is
/// the plan for systems that have nothing. Holds no secret: its place says which one belongs there.
std::string render_runbook(const Desired& desired,
                           const Backups& backups,
                           const Plan& from_nothing);

}  // namespace aegis
