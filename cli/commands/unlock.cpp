#include <fmt/format.h>

#include "commands.h"
#include "kinds/lock.h"
#include "session.h"

namespace aegis {
namespace {

ExitCode unlock(const Scope& scope, const Options& options, Effects& effects, Terminal& terminal) {
  const auto holder = read_lock(scope, effects);
  if (!holder) {
    terminal.complain(holder.error().in_context(scope.name).message);
    return exit_code(holder.error());
  }
  if (!*holder) {
    terminal.print(fmt::format("{}: not locked\n", scope.name));
    return ExitCode::success;
  }
  terminal.print(fmt::format("{}: locked, {}\n", scope.name, describe(**holder)));
  if (!options.force) return ExitCode::conflict;
  const auto released = release_lock(scope, "", effects);
  if (!released) {
    terminal.complain(released.error().in_context(scope.name).message);
    return exit_code(released.error());
  }
  terminal.print(fmt::format("{}: released\n", scope.name));
  return ExitCode::success;
}

}  // namespace

ExitCode run_unlock(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  Effects effects = session.effects();
  ExitCode ending = ExitCode::success;
  bool found = false;
  for (const Scope* scope : session.lock_scopes()) {
    if (!options.path.empty() && options.path != scope->name) continue;
    found = true;
    const ExitCode one = unlock(*scope, options, effects, terminal);
    if (ending == ExitCode::success) ending = one;
  }
  if (found) return ending;
  terminal.complain(fmt::format(
      "\"{}\" has no lock of its own; `aegisctl unlock` lists those that do.", options.path));
  return ExitCode::invalid;
}

}  // namespace aegis
