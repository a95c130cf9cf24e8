#include "timeline_output.h"

#include "base/files.h"
#include "base/json.h"
#include "render/timeline_text.h"

namespace aegis {

ExitCode tell(const Timeline& timeline, const Options& options, Terminal& terminal) {
  if (!terminal.print(render_text(timeline, {terminal.color_out(), terminal.width()})))
    return ExitCode::failure;
  if (!options.out.empty()) {
    const auto written = write_private_file(options.out, dump_json(to_json(timeline)) + "\n");
    if (!written) {
      terminal.complain(written.error().message);
      return exit_code(written.error());
    }
  }
  return timeline.misses_objective() ? ExitCode::objective_missed : ExitCode::success;
}

}  // namespace aegis
