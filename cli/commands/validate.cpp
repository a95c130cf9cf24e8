#include <fmt/format.h>

#include "base/text.h"
#include "commands.h"
#include "plan/plan_json.h"
#include "session.h"

namespace aegis {

ExitCode run_validate(const Options& options, Terminal& terminal) {
  const Session session(options, terminal);
  const Manifests& manifests = session.manifests();
  if (options.format == "json") {
    terminal.print(dump_json(to_json(manifests.diagnostics)) + "\n");
  } else if (session.is_valid()) {
    terminal.print(fmt::format("The manifests are valid: {} in {}.\n",
                               count_of(manifests.desired.resources.size(), "resource"),
                               count_of(manifests.desired.scopes.size(), "scope")));
  }
  return session.is_valid() ? ExitCode::success : ExitCode::invalid;
}

}  // namespace aegis
