#include "exit_code.h"

namespace aegis {

ExitCode exit_code(const Error& error) {
  switch (error.code) {
    case ErrorCode::unauthorized:
    case ErrorCode::forbidden:
      return ExitCode::unauthorized;
    case ErrorCode::unreachable:
    case ErrorCode::outcome_unknown:
      return ExitCode::unreachable;
    case ErrorCode::conflict:
      return ExitCode::conflict;
    case ErrorCode::timed_out:
      return ExitCode::timed_out;
    case ErrorCode::interrupted:
      return ExitCode::interrupted;
    case ErrorCode::not_found:
    case ErrorCode::rejected:
    case ErrorCode::io:
      return ExitCode::failure;
  }
  return ExitCode::failure;
}

ExitCode exit_code(Outcome outcome) {
  switch (outcome) {
    case Outcome::succeeded:
      return ExitCode::success;
    case Outcome::rolled_back:
      return ExitCode::rolled_back;
    case Outcome::partial:
      return ExitCode::partial;
    case Outcome::interrupted:
      return ExitCode::interrupted;
  }
  return ExitCode::failure;
}

}  // namespace aegis
