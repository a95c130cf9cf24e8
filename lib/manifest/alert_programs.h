#pragma once

#include <map>
#include <vector>

#include "base/json.h"
#include "manifest/section_reader.h"

namespace aegis {

/// What makes the checks that are programs, on the system that `on` names: their script, and a
/// service and a timer each. Addresses without a scope; nothing when there are none. `where` is the
/// place of the section, whose value with seals is `alerts`.
std::vector<Resource> program_check_resources(const Json& alerts,
                                              const SourceSpan& where,
                                              Reading& reading);

/// By server, what tells its node exporter of its guests' newest backups, for the rule
/// `backup_overdue`; nothing when no rule looks at them.
std::map<std::string, std::vector<Resource>> backup_age_resources(const Json& alerts,
                                                                  const SourceSpan& where,
                                                                  Reading& reading);

}  // namespace aegis
