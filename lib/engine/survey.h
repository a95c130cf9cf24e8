#pragma once

#include <span>
#include <vector>

#include "effects/effects.h"
#include "engine/reading.h"
#include "kinds/kind.h"
#include "model/declaration.h"

namespace aegis {

/// What lives where the manifests look, and is not in them.
struct Surveyed {
  std::vector<Declaration>
      declarations;                  ///< sorted by address; no address is one of the manifests'
  std::vector<Unreadable> failures;  ///< when not empty, there may be more
};

/// Reads all objects of every kind that can be imported, in the scopes of `desired`, ours or not.
/// Fields whose value is the default are left out. Sends nothing but GET requests.
Surveyed survey(const Desired& desired,
                std::span<const Kind> kinds,
                HttpTransport& http,
                RemoteShell& shell,
                const Vault& vault);

/// The spec without the members, at any depth, that `kind` compares and takes for granted.
Json without_defaults(const Kind& kind, const Declaration& declaration);

}  // namespace aegis
