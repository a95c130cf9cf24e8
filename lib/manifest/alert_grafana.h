#pragma once

#include <vector>

#include "base/json.h"
#include "manifest/section_reader.h"

namespace aegis {

/// The files of `alerts.grafana`: the dashboards, and what provisions them and their data source.
/// Addresses without a scope; nothing when the section has no `grafana`. `where` is the place of
/// the section, whose value is `alerts`.
std::vector<Resource> grafana_resources(const Json& alerts,
                                        const SourceSpan& where,
                                        Reading& reading);

}  // namespace aegis
