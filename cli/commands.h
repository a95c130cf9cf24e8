#pragma once

#include "exit_code.h"
#include "options.h"
#include "terminal.h"

namespace CLI {
class App;
}

namespace aegis {

/// Each runs one verb and returns what the process ends with. They wire; they decide nothing.
ExitCode run_validate(const Options& options, Terminal& terminal);
ExitCode run_plan(const Options& options, Terminal& terminal);
ExitCode run_apply(const Options& options, Terminal& terminal);
ExitCode run_drift(const Options& options, Terminal& terminal);
ExitCode run_destroy(const Options& options, Terminal& terminal);
ExitCode run_import(const Options& options, Terminal& terminal);
ExitCode run_graph(const Options& options, Terminal& terminal);
ExitCode run_doctor(const Options& options, Terminal& terminal);
ExitCode run_explain(const Options& options, Terminal& terminal);
ExitCode run_alerts(const Options& options, Terminal& terminal);
ExitCode run_secrets(const Options& options, Terminal& terminal);
ExitCode run_status(const Options& options, Terminal& terminal);
ExitCode run_backup(const Options& options, Terminal& terminal);
ExitCode run_drill(const Options& options, Terminal& terminal);
ExitCode run_rebuild(const Options& options, Terminal& terminal);
ExitCode run_restore(const Options& options, Terminal& terminal);
ExitCode run_stack(const Options& options, Terminal& terminal);
ExitCode run_unlock(const Options& options, Terminal& terminal);
ExitCode run_init(const Options& options, Terminal& terminal);
ExitCode run_relay(const Options& options, Terminal& terminal);
ExitCode run_version(const Options& options, Terminal& terminal);
ExitCode run_simulate(const Options& options, Terminal& terminal);
ExitCode run_completion(const CLI::App& app, const Options& options, Terminal& terminal);

}  // namespace aegis
