#pragma once

#include <optional>
#include <span>

#include "base/diagnostic.h"
#include "engine/journal.h"
#include "model/status.h"

namespace aegis {

/// Pure. What to tell the user of an earlier run that has no end, such as the result of
/// Journal::read_unfinished: who ran it and when, how far it came, and each step that was begun and
/// whose end was not seen. Nothing for no entries.
Diagnostics explain_run(std::span<const JournalEntry> entries);

/// Pure. What `entries` tell of a run, its first and its last among them; nothing for no entries.
std::optional<RunStatus> run_status(std::span<const JournalEntry> entries, TimePoint now);

}  // namespace aegis
