#pragma once

#include <string>

#include "base/json.h"
#include "model/status.h"
#include "render/style.h"

namespace aegis {

/// How everything is, on one screen: servers, containers and machines, services, alerts that fire;
/// at the end what is not as it should be.
std::string render_text(const Status& status, const Style& style);

/// The same for programs: {"format_version", "hosts", "guests", "services", "alerts" (null without
/// a section of that name), "findings": [{"subject", "text"}], "gaps": [{"scope", "message"}],
/// "well"}. Bytes, seconds and cores are numbers; what is not known is null.
Json to_json(const Status& status);

}  // namespace aegis
