#pragma once

#include <span>

#include "effects/http.h"
#include "effects/shell.h"
#include "kinds/kind.h"

namespace aegis {

/// Sends all of `queries` at once (one network round trip) and adds their replies to `replies`.
/// Fact scripts run at the same time as the GET requests. What could not be answered is recorded in
/// Reply::error. `queries` must not repeat themselves; `vault` opens their credentials.
void read_wave(std::span<const Query> queries,
               HttpTransport& http,
               RemoteShell& shell,
               const Vault& vault,
               Replies& replies);

}  // namespace aegis
