#pragma once

#include <string>

#include "base/json.h"
#include "model/status.h"
#include "render/style.h"

namespace aegis {

/// How everything is, on one screen: servers, containers and machines, services, alerts that fire;
/// at the end what is not as it should be.
std::string render_text(const Status& status, const Style& style);

}  // namespace aegis
