#include "quiet.h"

#include <fmt/format.h>

#include <utility>

namespace aegis {

Quiet::Quiet(Session& session, const Plan& plan, Terminal& terminal) : terminal_(terminal) {
  const auto& alerting = session.manifests().alerting;
  if (!alerting) return;
  auto silences = silences_for_plan(plan, session.manifests().desired, *alerting);
  if (silences.empty()) return;
  const Effects effects = session.effects();
  alertmanager_.emplace(effects.http, alerting->endpoint);
  silences_.emplace(*alertmanager_, effects.clock);
  const auto opened = silences_->open(std::move(silences), session.identity().who);
  if (opened) return;
  terminal_.say(fmt::format("warning: alerts about what changes are not silenced: {}",
                            opened.error().message));
}

void Quiet::end(bool succeeded) {
  if (!silences_) return;
  const auto closed = silences_->close(succeeded);
  if (closed) return;
  terminal_.say(fmt::format(
      "warning: silenced alerts stay so for at most an hour, because that could not be ended: {}",
      closed.error().message));
}

}  // namespace aegis
