#include "engine/perform_step.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/scrub.h"
#include "model/report.h"

namespace aegis {
namespace {

std::optional<Error> write_down(JournalEntry::Event event,
                                const Step& step,
                                std::string_view status,
                                const Clock& clock,
                                Journal& journal) {
  JournalEntry entry;
  entry.event = event;
  entry.time = clock.now();
  entry.step = step.id;
  entry.address = step.address;
  entry.title = step.title;
  entry.status = status;
  const auto written = journal.append(entry);
  if (written) return std::nullopt;
  return written.error();
}

}  // namespace

TaskEnd Performed::end() const {
  if (!begun) return TaskEnd::not_begun;
  return error ? TaskEnd::failed : TaskEnd::succeeded;
}

std::chrono::milliseconds time_between(TimePoint start, TimePoint end) {
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(end - start),
                  std::chrono::milliseconds{0});
}

Step undo_of(const Step& step) {
  Step undo = step;
  undo.operation = step.undo;
  undo.title = "undo: " + step.title;
  return undo;
}

Performed perform_step(const Step& step,
                       Task::Type type,
                       const Kind& kind,
                       const Outputs& outputs,
                       Effects& effects,
                       Journal& journal) {
  Performed performed;
  using Event = JournalEntry::Event;
  performed.journal_error = write_down(Event::step_started, step, "", effects.clock, journal);
  if (performed.journal_error && type == Task::Type::perform) {
    performed.begun = false;
    return performed;
  }
  const TimePoint start = effects.clock.now();
  auto output = kind.perform(step, outputs, effects);
  performed.duration = time_between(start, effects.clock.now());
  StepStatus status = type == Task::Type::undo ? StepStatus::rolled_back : StepStatus::done;
  if (output) {
    performed.output = std::move(*output);
  } else {
    performed.error = output.error();
    // The remote may repeat what it was sent.
    performed.error->message =
        scrub(std::move(performed.error->message), step.input, effects.vault);
    status = StepStatus::failed;
  }
  auto problem = write_down(Event::step_ended, step, to_string(status), effects.clock, journal);
  if (!performed.journal_error) performed.journal_error = std::move(problem);
  return performed;
}

}  // namespace aegis
