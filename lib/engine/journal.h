#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "effects/clock.h"
#include "model/address.h"

namespace aegis {

/// One line of a run's journal. It explains an interrupted run; nothing is ever decided by it.
struct JournalEntry {
  enum class Event { run_started, step_started, step_ended, run_ended };
  Event event = Event::run_started;
  std::string run;  ///< the run's id
  TimePoint time;
  int step = 0;        ///< 0 for run events
  Address address;     ///< of step events
  std::string title;   ///< the step's title; for run_started: who runs it
  std::string status;  ///< of ended events: "done", "failed", ..., the outcome
};

/// Where a run writes down what it began and what ended. Implementations keep it on the host that
/// it describes when there is a shell, else on this machine. Thread-safe.
class Journal {
 public:
  virtual ~Journal() = default;

  /// Durable when it returns. An error (disk full) must stop a run before its first step.
  virtual Result<Done> append(const JournalEntry& entry) = 0;

  /// The entries of the last run that did not end, oldest first; empty when there is none.
  virtual Result<std::vector<JournalEntry>> read_unfinished() = 0;

  /// The first and the last entry of the newest run before this one; empty when there is none.
  virtual Result<std::vector<JournalEntry>> read_newest() = 0;
};

}  // namespace aegis
