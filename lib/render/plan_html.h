#pragma once

#include <string>

#include "model/plan.h"

namespace aegis {

/// The plan as one self-contained page: no script, nothing loaded from elsewhere, everything
/// escaped.
std::string render_html(const Plan& plan);

}  // namespace aegis
