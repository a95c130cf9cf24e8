#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"
#include "effects/clock.h"
#include "effects/http.h"
#include "model/alerting.h"

namespace aegis {

struct AlertTestOptions {
  std::string channel;  ///< the one that is meant; empty: all that a critical alert reaches
  std::string run;      ///< makes the alert's name one that no other has
  std::string who;      ///< told in the alert
  std::chrono::milliseconds patience{60'000};  ///< Alertmanager waits 30 s for more of a group
};

/// The severity whose routes lead to `channel`: the mildest one, and rather one that is not silent
/// in the quiet hours. Nothing when none does.
std::optional<std::string> severity_to_reach(const Alerting& alerting, const std::string& channel);

/// Sends an alert that says it is a test to the declared Alertmanager, and watches what becomes of
/// it until every channel on its routes was tried, or patience ends. It has a name of its own, so
/// that it is told at once and is no part of any other group, and it is over after some minutes.
/// Fails when Alertmanager cannot be reached or refuses; `not_found` for a channel that no severity
/// reaches.
Result<AlertTest> test_alerts(const Alerting& alerting,
                              const AlertTestOptions& options,
                              HttpTransport& http,
                              Clock& clock);

}  // namespace aegis
