#pragma once

#include <string>

#include "model/status.h"
#include "render/style.h"

namespace aegis {

/// How everything is, on one screen: servers, containers and machines, services, checks, alerts
/// that fire, the last run and what is not as declared; at the end what is not as it should be.
std::string render_text(const Status& status, const Style& style);

}  // namespace aegis
