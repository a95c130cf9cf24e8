#pragma once

#include "base/json.h"
#include "model/status.h"

namespace aegis {

/// How everything is, for programs: {"format_version", "hosts", "guests", "services", "checks",
/// "alerts" (null without a section of that name), "last_run" (null before the first), "drift":
/// {"changes", "unknown"}, "findings": [{"subject", "text"}], "gaps": [{"scope", "message"}],
/// "well"}. Bytes, seconds and cores are numbers; what is not known is null.
Json to_json(const Status& status);

}  // namespace aegis
