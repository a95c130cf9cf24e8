#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/data_coverage.h"
#include "render/style.h"

namespace aegis {

/// How data are backed up, for people, at `now` (seconds since 1970); empty when none are.
std::string render_text(const std::vector<DataCoverage>& data,
                        std::int64_t now,
                        const Style& style);

/// The same for programs: [{"name", "on", "source", "schedule", "installed", "objective": {"state",
/// "rpo"}, "newest", "copies", "failure", "unread"}].
Json to_json(const std::vector<DataCoverage>& data, std::int64_t now);

}  // namespace aegis
