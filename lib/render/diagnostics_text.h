#pragma once

#include <map>
#include <string>

#include "base/diagnostic.h"
#include "render/style.h"

namespace aegis {

/// Diagnostics for people, in their order: summary, place, the line in question with what is meant
/// underlined, detail; at the end a line that counts errors and warnings. `sources` maps file names
/// to their text; a place in another file is shown without its line. No line end at the end.
std::string render_diagnostics(const Diagnostics& diagnostics,
                               const std::map<std::string, std::string>& sources,
                               const Style& style);

}  // namespace aegis
