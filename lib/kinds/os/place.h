#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "kinds/kind.h"
#include "kinds/os/fact_script.h"

namespace aegis::os {

/// An operating system that is reached by a root shell: of a server or of a container.
struct Place {
  std::string name;   ///< of its scope: "host/fsn1", "guest/aegis"
  std::string shell;  ///< "host/fsn1", "guest/fsn1/103"
  Asks asks;          ///< all that the manifest names there
};

Place read_place(const Scope& scope);

/// What tells whether the system runs: the list of its host's containers; nothing for a host, which
/// is there or cannot be reached.
std::vector<Query> presence_queries(const Scope& scope);

/// True when the system can be asked: a host always, a container when it runs. Fails when its host
/// does not tell.
Result<bool> is_running(const Scope& scope, const Replies& replies);

}  // namespace aegis::os
