#include "kinds/os/data_recovery.h"

#include <fmt/format.h>

#include "base/shell_words.h"
#include "base/text.h"
#include "kinds/os/data_backups.h"
#include "kinds/os/place.h"

namespace aegis::os {
namespace {

Query behind_query(const Scope& scope, const DataBackup& backup) {
  return {Query::Type::facts,
          text_or(scope.settings, "shell"),
          fmt::format("[ ! -f {0} ] || exec sh {0} behind 2>&1\n", quote_word(backup.script))};
}

// Files whose way back nobody declared cannot be put anywhere.
bool can_come_back(const DataBackup& backup) {
  return backup.source != "command" || backup.restore.has_replay;
}

void take_answer(const std::string& answer, const DataBackup& backup, DataRestoreWish& wish) {
  for (const std::string& line : split(answer, '\n')) {
    const auto fields = split(line, '\t');
    if (fields.size() != 2) continue;
    if (fields.front() == "copy" && backup.source != "git") wish.from = fields.back();
    if (fields.front() == "item") wish.items.push_back(fields.back());
  }
}

}  // namespace

std::vector<Query> data_recovery_queries(const Desired& desired,
                                         const Backups& backups,
                                         const Replies& replies) {
  std::vector<Query> queries;
  for (const auto& [name, backup] : backups) {
    if (!backup.data || !can_come_back(*backup.data)) continue;
    const Scope& scope = system_of(desired, *backup.data);
    for (Query& query : presence_queries(scope)) queries.push_back(std::move(query));
    const auto running = is_running(scope, replies);
    if (running && *running) queries.push_back(behind_query(scope, *backup.data));
  }
  return queries;
}

DataRecovery data_recovery_of(const Desired& desired,
                              const Backups& backups,
                              const std::string& now,
                              const Replies& replies) {
  DataRecovery recovery;
  for (const auto& [name, backup] : backups) {
    if (!backup.data || !can_come_back(*backup.data)) continue;
    const Scope& scope = system_of(desired, *backup.data);
    const auto answer = answer_of(scope, behind_query(scope, *backup.data), replies);
    if (!answer) {
      recovery.unread.push_back(answer.error().in_context("backup/" + name));
      continue;
    }
    DataRestoreWish wish{.entry = name, .now = now};
    take_answer(*answer, *backup.data, wish);
    if (!wish.from.empty() || !wish.items.empty()) recovery.wishes.push_back(std::move(wish));
  }
  return recovery;
}

}  // namespace aegis::os
