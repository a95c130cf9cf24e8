#pragma once

#include <chrono>
#include <optional>

#include "base/json.h"
#include "engine/journal.h"
#include "engine/schedule.h"
#include "kinds/kind.h"

namespace aegis {

/// What came of performing a step or its undo.
struct Performed {
  bool begun = true;  ///< false: the journal could not be written, so nothing was done
  Json output;
  std::optional<Error> error;          ///< why it failed, in the remote's words
  std::optional<Error> journal_error;  ///< its beginning or its end is not written down
  std::chrono::milliseconds duration{0};

  [[nodiscard]] TaskEnd end() const;
};

/// The time from `start` to `end`; zero when the system's clock was set back meanwhile.
std::chrono::milliseconds time_between(TimePoint start, TimePoint end);

/// `step` as it is handed to Kind::perform to undo it: same id, input and lane, the operation is
/// the undo, the title says so.
Step undo_of(const Step& step);

/// Writes the beginning down, performs `step`, writes the end down. A step whose beginning cannot
/// be written down is not begun; an undo is, for it brings back what is down. Runs on any thread.
Performed perform_step(const Step& step,
                       Task::Type type,
                       const Kind& kind,
                       const Outputs& outputs,
                       Effects& effects,
                       Journal& journal);

}  // namespace aegis
