#pragma once

#include <vector>

#include "base/json.h"
#include "manifest/section_reader.h"

namespace aegis {

/// What the relay of the section `alerts` (`alerts` with seals, placed at `where`) is on its
/// system, whose scope is called `scope`; addresses without one: its folder and its file, its
/// service and its socket. Nothing when nothing goes through one. Their texts go to
/// Manifests::alert_files, without secrets.
std::vector<Resource> relay_resources(const Json& alerts,
                                      const std::string& scope,
                                      const SourceSpan& where,
                                      Reading& reading);

}  // namespace aegis
