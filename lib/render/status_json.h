#pragma once

#include "base/json.h"
#include "model/status.h"

namespace aegis {

/// The same for programs: {"format_version", "hosts", "guests", "services", "alerts" (null without
/// a section of that name), "findings": [{"subject", "text"}], "gaps": [{"scope", "message"}],
/// "well"}. Bytes, seconds and cores are numbers; what is not known is null.
Json to_json(const Status& status);

}  // namespace aegis
