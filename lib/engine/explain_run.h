#pragma once

#include <span>

#include "base/diagnostic.h"
#include "engine/journal.h"

namespace aegis {

/// Pure. What to tell the user of an earlier run that has no end, such as the result of
/// Journal::read_unfinished: who ran it and when, how far it came, and each step that was begun and
/// whose end was not seen. Nothing for no entries.
Diagnostics explain_run(std::span<const JournalEntry> entries);

}  // namespace aegis
