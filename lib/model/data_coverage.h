#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/backup.h"
#include "model/coverage.h"

namespace aegis {

/// How data are backed up: one entry of `backups` that is not about guests.
struct DataCoverage {
  std::string name;  ///< of the entry
  DataBackup backup;
  bool is_installed = false;                     ///< its script is on its system
  std::vector<Copy> copies;                      ///< newest first; of `git` the last push
  std::string failure;                           ///< systemd's word for how the last run failed
  std::vector<Error> unread;                     ///< why the copies are not known
  std::optional<std::chrono::seconds> rpo = {};  ///< the newest copy must not be older
};

/// The objective at `now` (seconds since 1970).
Objective judge(const DataCoverage& coverage, std::int64_t now);

}  // namespace aegis
