#pragma once

#include <span>

#include "effects/clock.h"
#include "effects/http.h"
#include "effects/shell.h"
#include "engine/observe.h"
#include "kinds/status.h"
#include "model/desired.h"
#include "model/status.h"

namespace aegis {

/// What is looked at. `alerting` is null without a section `alerts`; of `kinds` the objects are
/// observed besides, so that a plan can tell what differs from the manifests.
struct StatusQuestion {
  const Desired& desired;
  const Alerting* alerting = nullptr;
  std::span<const StatusReader> readers;
  std::span<const Kind> kinds;
};

struct Look {
  Status status;
  Observed observed;
};

/// Reads how everything is that the manifests have, all systems at once, has the declared checks
/// made, and reads the alerts that fire. Sends nothing but GET requests and read-only fact scripts.
/// What one system does not tell is a gap, and the others are told.
Look read_status(const StatusQuestion& question,
                 HttpTransport& http,
                 RemoteShell& shell,
                 Vault& vault,
                 TimePoint now);

/// Pure. What in `status` is not as it should be: something declared as started that does not run,
/// a service or a check that is not well, a certificate that expires within two weeks, a storage or
/// a disk that is nearly full or cannot be reached, an alert of the severity `critical`.
std::vector<Finding> findings_of(const Status& status);

}  // namespace aegis
