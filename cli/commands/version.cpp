#include "version.h"

#include <fmt/format.h>

#include "base/json.h"
#include "commands.h"

namespace aegis {

ExitCode run_version(const Options& options, Terminal& terminal) {
  const Json version{{"format_version", "1.0"}, {"version", k_version}};
  terminal.print(options.format == "json" ? dump_json(version) + "\n"
                                          : fmt::format("aegisctl {}\n", k_version));
  return ExitCode::success;
}

}  // namespace aegis
