#include "model/report.h"

namespace aegis {

std::string_view to_string(StepStatus status) {
  switch (status) {
    case StepStatus::done:
      return "done";
    case StepStatus::failed:
      return "failed";
    case StepStatus::skipped:
      return "skipped";
    case StepStatus::not_started:
      return "not started";
    case StepStatus::rolled_back:
      return "rolled back";
  }
  return {};
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::succeeded:
      return "succeeded";
    case Outcome::rolled_back:
      return "rolled back";
    case Outcome::partial:
      return "partial";
    case Outcome::interrupted:
      return "interrupted";
  }
  return {};
}

}  // namespace aegis
