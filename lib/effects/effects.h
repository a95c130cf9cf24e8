#pragma once

#include <functional>
#include <string_view>

#include "base/vault.h"
#include "effects/clock.h"
#include "effects/http.h"
#include "effects/secret_sink.h"
#include "effects/shell.h"

namespace aegis {

/// All doors, as a step sees them.
struct Effects {
  HttpTransport& http;
  RemoteShell& shell;
  Clock& clock;
  const Vault& vault;
  SecretSink* secrets = nullptr;  ///< null: there is no place to keep a new secret

  /// Called with a line on what a long step is doing ("pulling redis:7: 40%"). Never with a secret.
  std::function<void(std::string_view)> progress = [](std::string_view) {};
};

}  // namespace aegis
