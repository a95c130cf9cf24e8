#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/journal.h"
#include "engine/run_identity.h"

namespace aegis {

/// How journals are written: a file a run, named by its start and its id so that names sort by
/// time, one entry a line as JSON with sorted keys.

/// `entry` with what `apply` does not know filled in: the run's id, and who runs it as the title of
/// `run_started`.
JournalEntry with_identity(JournalEntry entry, const RunIdentity& identity);

/// The entry as one line, its end included. It never holds another line end.
std::string to_line(const JournalEntry& entry);

/// The entries in `text`. A last line without its end was torn by a crash and is left out; any
/// other line that is not an entry is an `io` error with its number.
Result<std::vector<JournalEntry>> parse_journal(std::string_view text);

/// "20260131T023000250Z-3f2a.jsonl" for a run with its first entry at that time.
std::string journal_file_name(TimePoint start, std::string_view run);

/// True for the names that journal_file_name makes; other files in the folder are not touched.
bool is_journal_file_name(std::string_view name);

/// What has become of a run. Its end is its journal's last entry, so nothing before it is parsed.
enum class RunEnd { none, succeeded, otherwise };
RunEnd end_of_run(std::string_view journal);

/// A run that succeeded makes the earlier ones meaningless; of the others this many are kept.
inline constexpr std::size_t k_kept_runs = 20;

}  // namespace aegis
