#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/coverage.h"
#include "render/style.h"

namespace aegis {

/// How guests are backed up, for people, at `now` (seconds since 1970): of each the newest backup
/// with its age, the objective, what keeps it, and what is in no backup.
std::string render_text(const CoverageReport& report, std::int64_t now, const Style& style);

/// The same for programs: {"format_version", "guests": [{"address", "server", "vmid", "exists",
/// "jobs", "objective": {"state", "rpo"}, "newest", "backups", "snapshots", "gaps", "unread"}],
/// "failures"}. Times are in UTC, ages and `rpo` in seconds, sizes in bytes.
Json to_json(const CoverageReport& report, std::int64_t now);

/// What looking into backups found, for people: a line a guest.
std::string render_text(const std::vector<Verification>& verifications, const Style& style);

/// The same for programs: {"format_version", "backups": [{"address", "name", "time", "size",
/// "problem"}]}.
Json to_json(const std::vector<Verification>& verifications);

}  // namespace aegis
