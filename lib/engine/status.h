#pragma once

#include <span>

#include "effects/clock.h"
#include "effects/http.h"
#include "effects/shell.h"
#include "kinds/status.h"
#include "model/desired.h"
#include "model/status.h"

namespace aegis {

/// Reads how everything is that the manifests have, all systems at once, and the alerts that fire;
/// `alerting` is null without a section `alerts`. Sends nothing but GET requests and read-only fact
/// scripts. What one system does not tell is a gap, and the others are told.
Status read_status(const Desired& desired,
                   const Alerting* alerting,
                   std::span<const StatusReader> readers,
                   HttpTransport& http,
                   RemoteShell& shell,
                   TimePoint now);

/// Pure. What in `status` is not as it should be: something declared as started that does not run,
/// a service that is not well, a storage or a disk that is nearly full or cannot be reached, an
/// alert of the severity `critical`.
std::vector<Finding> findings_of(const Status& status);

}  // namespace aegis
