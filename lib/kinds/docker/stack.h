#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "model/desired.h"

namespace aegis::docker {

/// The container that an engine runs in, as its host's API knows it.
struct Guest {
  std::string endpoint;  ///< of the host's API
  std::string node;
  std::int64_t vmid = 0;
};

/// A stack's scope, read from its settings.
struct Stack {
  std::string name;      ///< "core" of the scope "stack/core"
  std::string endpoint;  ///< of the engine
  std::string project;
  std::string working_dir;
  std::string config_files;  ///< joined by commas, as Compose's label has it
  Json networks;             ///< {key: {name, external}}
  Json volumes;              ///< {key: {name, external}}
  Json registries;           ///< {registry: seal of its login}
  std::optional<Guest> guest;

  /// True when the engine sees this machine's files.
  [[nodiscard]] bool is_local() const { return endpoint.starts_with("docker/unix:"); }

  /// The engine's name of the network or volume called `key` in the Compose file:
  /// "<project>_<key>" unless the settings say otherwise.
  [[nodiscard]] std::string network_name(const std::string& key) const;
  [[nodiscard]] std::string volume_name(const std::string& key) const;

  /// The name of the container of a service's resource `name`: what its spec says, or else
  /// "<project>-<service>-<number>".
  [[nodiscard]] std::string container_name(const std::string& name, const Json& spec) const;

  /// The seal of the login for the registry of `image`; null when there is none.
  [[nodiscard]] const Json& login_for(const std::string& image) const;

  /// The volume whose presence says that all of the project's objects were taken over.
  [[nodiscard]] std::string marker() const { return "aegisctl-adopted-" + project; }
};

Stack read_stack(const Scope& scope);

}  // namespace aegis::docker
