#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "commands.h"
#include "engine/alertmanager.h"
#include "engine/silences.h"
#include "engine/test_alert.h"
#include "engine/utc_time.h"
#include "render/alerting_text.h"
#include "session.h"

namespace aegis {
namespace {

Result<Done> write_into(const std::filesystem::path& folder,
                        const std::string& name,
                        const std::string& text) {
  const std::filesystem::path file = folder / name;
  std::error_code ignored;  // the file cannot be written then, and says so
  std::filesystem::create_directories(file.parent_path(), ignored);
  return write_private_file(file, text);
}

ExitCode render_files(const Session& session, const Options& options, Terminal& terminal) {
  for (const auto& [name, text] : session.manifests().alert_files) {
    if (options.out.empty()) {
      if (!terminal.print(fmt::format("--- # {}\n{}", name, text))) return ExitCode::failure;
      continue;
    }
    const auto written = write_into(options.out, name, text);
    if (written) continue;
    terminal.complain(written.error().message);
    return ExitCode::failure;
  }
  return ExitCode::success;
}

ExitCode fail(const Error& error, Terminal& terminal) {
  terminal.complain(error.message);
  return exit_code(error);
}

template <class Value>
bool print(const Value& value, const Options& options, Terminal& terminal) {
  if (options.format == "json") return terminal.print(dump_json(to_json(value)) + "\n");
  return terminal.print(render_text(value, {terminal.color_out(), terminal.width()}));
}

ExitCode test_channel(Session& session,
                      const Alerting& alerting,
                      const Options& options,
                      Terminal& terminal) {
  if (!options.channel.empty() && !severity_to_reach(alerting, options.channel)) {
    terminal.complain(
        fmt::format("no severity is routed to a channel `{}`; `alerts.channels` and "
                    "`alerts.routes` say which are",
                    options.channel));
    return ExitCode::invalid;
  }
  Effects effects = session.effects();
  terminal.show_transient("waiting for the alert to be sent");
  const RunIdentity& identity = session.identity();
  const auto test = test_alerts(alerting,
                                {options.channel, identity.run, identity.who, options.timeout},
                                effects.http,
                                effects.clock);
  if (!test) return fail(test.error(), terminal);
  if (!print(*test, options, terminal)) return ExitCode::failure;
  return test->arrived() ? ExitCode::success : ExitCode::failure;
}

ExitCode add_silences(Session& session,
                      const Alerting& alerting,
                      const Options& options,
                      Terminal& terminal) {
  auto silences = silences_for(options.address, session.manifests().desired, alerting);
  if (silences.empty()) {
    terminal.complain(fmt::format("the manifests have no `{}`; `aegisctl plan` prints addresses",
                                  options.address));
    return ExitCode::invalid;
  }
  Effects effects = session.effects();
  const Alertmanager alertmanager(effects.http, alerting.endpoint);
  const TimePoint now = effects.clock.now();
  for (Silence& silence : silences) {
    silence.from = format_utc(now);
    silence.until = format_utc(now + options.duration);
    silence.by = session.identity().who;
    silence.comment = options.comment.empty() ? "silenced by aegisctl" : options.comment;
    const auto id = alertmanager.add(silence);
    if (!id) return fail(id.error(), terminal);
    silence.id = *id;
  }
  return print(silences, options, terminal) ? ExitCode::success : ExitCode::failure;
}

ExitCode list_silences(Session& session,
                       const Alerting& alerting,
                       const Options& options,
                       Terminal& terminal) {
  const auto silences = Alertmanager(session.effects().http, alerting.endpoint).silences();
  if (!silences) return fail(silences.error(), terminal);
  return print(*silences, options, terminal) ? ExitCode::success : ExitCode::failure;
}

}  // namespace

ExitCode run_alerts(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  const auto& alerting = session.manifests().alerting;
  if (!alerting) {
    terminal.complain("the manifests have no section `alerts`; see `aegisctl explain alerts`");
    return ExitCode::invalid;
  }
  if (options.action == "test") return test_channel(session, *alerting, options, terminal);
  if (options.action == "silence") return add_silences(session, *alerting, options, terminal);
  if (options.action == "silences") return list_silences(session, *alerting, options, terminal);
  return render_files(session, options, terminal);
}

}  // namespace aegis
