#pragma once

#include <optional>

#include "engine/run_silences.h"
#include "session.h"
#include "terminal.h"

namespace aegis {

/// Keeps alerts about what a plan disturbs silent while it is performed, where the manifests
/// declare alerts. What Alertmanager refuses, or that it cannot be reached, is a warning and stops
/// nothing.
class Quiet {
 public:
  /// Opens the silences that `plan` needs.
  Quiet(Session& session, const Plan& plan, Terminal& terminal);

  /// Closes them, when the plan came to its end in whatever way.
  void end(bool succeeded);

 private:
  Terminal& terminal_;
  std::optional<Alertmanager> alertmanager_;
  std::optional<RunSilences> silences_;
};

}  // namespace aegis
