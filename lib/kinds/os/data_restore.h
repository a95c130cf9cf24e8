#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "effects/effects.h"
#include "kinds/query.h"
#include "model/backup.h"
#include "model/coverage.h"
#include "model/desired.h"
#include "model/plan.h"

namespace aegis::os {

/// What of a backup of data is to be brought back, to which point.
struct DataRestoreWish {
  std::string entry;
  std::string from = {};                ///< a copy's name, of git a commit; empty: the newest
  std::optional<std::int64_t> at = {};  ///< not later than this (seconds since 1970)
  std::vector<std::string> items = {};  ///< as declared; none: all
  std::string now = {};                 ///< "2026-01-31T023000Z": the names of what is kept
};

/// A restore that was begun and has not ended.
struct BegunRestore {
  std::string from;
  std::string stamp;
  std::vector<std::string> items;  ///< by their names on the system
  bool is_swapping = false;        ///< what is in use may be changed already
};

/// What is there to plan with.
struct DataRestoreFacts {
  bool is_installed = false;
  std::vector<Copy> copies;            ///< newest first; of git none
  std::vector<std::string> databases;  ///< those that the copies of postgres hold, sorted
  std::vector<std::string> users;      ///< containers that have the volumes
  std::optional<BegunRestore> begun;
  std::optional<std::int64_t> took;  ///< seconds that making the newest copy took
};

/// How data are brought back: steps one after the other, or why not.
struct DataRestorePlan {
  Plan plan;  ///< its steps alone
  std::string from;
  std::vector<std::string> notes;  ///< what somebody should know before agreeing
  std::string refusal;             ///< not empty: it is not to be done, and what would allow it
};

/// What to read next for `wish`, whose entry is one of data.
std::vector<Query> data_restore_queries(const Desired& desired,
                                        const Backups& backups,
                                        const DataRestoreWish& wish,
                                        const Replies& replies);

/// What those replies tell. Fails when the system cannot be asked.
Result<DataRestoreFacts> read_data_restore(const Desired& desired,
                                           const Backups& backups,
                                           const DataRestoreWish& wish,
                                           const Replies& replies);

/// Pure. Each thing is restored beside what is there, counted, checked and replayed; then all are
/// swapped at once, and what was in use is kept. One that was begun goes on.
DataRestorePlan plan_data_restore(const Desired& desired,
                                  const Backups& backups,
                                  const DataRestoreWish& wish,
                                  const DataRestoreFacts& facts);

/// The operation of these steps, whose address is the backup's unit.
inline constexpr std::string_view k_restore_data = "restore data";

/// Does one of them: a word of the backup's own script. Repeating one that was done does nothing.
Result<Json> perform_data_restore(const Step& step, Effects& effects);

}  // namespace aegis::os
