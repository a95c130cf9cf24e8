#include "commands.h"
#include "execution.h"
#include "session.h"

namespace aegis {

ExitCode run_apply(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  return plan_and_perform(session, options, terminal);
}

ExitCode run_destroy(const Options& options, Terminal& terminal) {
  if (options.destroy_all == !options.plan.destroys.empty()) {
    terminal.complain(
        "Name what to destroy (container/web, stack/core), or pass --all for everything declared.");
    return ExitCode::invalid;
  }
  Options named = options;
  named.plan.now = true;  // what is named one by one waits for nothing
  if (options.destroy_all) named.plan.destroys = {"container", "machine", "stack"};
  return run_apply(named, terminal);
}

}  // namespace aegis
