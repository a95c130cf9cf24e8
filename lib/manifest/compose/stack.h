#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/json.h"
#include "base/vault.h"
#include "manifest/load.h"
#include "model/address.h"
#include "model/desired.h"

namespace aegis {

/// One stack of the manifests: which Compose files it is made of, and what they may refer to.
struct StackInput {
  std::string stack_name;
  std::string project;  ///< the Compose project name: [a-z0-9][a-z0-9_-]*
  /// The Compose project folder: relative paths inside the files (bind mounts, env_file) and the
  /// default `.env` are looked up here. By Compose's rule, the folder of the first file.
  std::filesystem::path folder;
  std::vector<std::filesystem::path> files;  ///< relative to `folder`; later ones are merged over
  /// Files of interpolation variables, relative to `folder`, later ones win. When there are none,
  /// `.env` is read if it exists.
  std::vector<std::string> env_files;
  std::map<std::string, std::string> environment;  ///< interpolation variables; win over all others
  /// Names in `environment` whose values are secrets, and those whose values came from outside the
  /// manifests and may be. Secrets are sealed in the specs; where they cannot be, they are refused.
  std::set<std::string> secret_variables;
  std::set<std::string> outside_variables;
  /// Enabled profiles; "*" enables all. When there are none, the variable COMPOSE_PROFILES decides.
  std::vector<std::string> profiles;
  std::vector<Address> depends_on;  ///< what must exist first: the container the engine is in
  SourceSpan where;                 ///< of the stack in the manifests
  bool for_swarm = false;           ///< whether it goes to a Docker Swarm
  bool with_model = false;          ///< whether StackResources::model is wanted
};

/// What the files ask for.
struct StackResources {
  /// Services, then networks, then volumes, each sorted by name; for a Swarm its services,
  /// networks, configs and secrets. Only what enabled services use; nothing external. Specs are in
  /// Compose's long form, secrets as seals.
  std::vector<Resource> resources;
  /// {project, working_dir, config_files: [..], services: [..], images: [..], networks: {key:
  /// {name, external}}, volumes: {key: {name, external}}}: what the kinds must know about the stack
  /// as a whole. Paths are absolute. For a Swarm also {orchestrator: "swarm", configs and secrets:
  /// {key: {name, external}}}, and volumes have {driver, driver_opts, labels}.
  Json settings;
  /// What the files mean together, in the form of `docker compose config`; secrets are redacted.
  /// Null when there are errors, and when it is not wanted.
  Json model;
  /// Compose file name as in the diagnostics (`folder`/file) -> its text. Files of variables are
  /// left out, because they hold secrets.
  std::map<std::string, std::string> sources;
};

/// Reads and merges the Compose files of a stack. Every mistake (unreadable file, syntax, a key
/// that Compose does not know or that is not supported yet, a value of the wrong shape, an
/// undefined reference) goes to `diagnostics` with its place; when there are errors the result is
/// incomplete. Unset variables are warnings. The process environment is read through `environment`
/// only.
StackResources load_stack(const StackInput& input,
                          const Environment& environment,
                          Vault& vault,
                          Diagnostics& diagnostics);

}  // namespace aegis
