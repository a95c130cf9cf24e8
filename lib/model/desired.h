#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/json.h"
#include "model/address.h"

namespace aegis {

/// A place where resources live and are listed together: "server/fsn1", "stack/core", and the
/// operating systems "host/fsn1" (of a server) and "guest/aegis" (of a container).
struct Scope {
  std::string name;
  /// For a server: {endpoint, node, root: bool, sections: the paths of those that the manifest
  /// has, ssh_port and api_port: the server's TCP ports that we come in by, as far as we do}. For a
  /// stack: {endpoint, project, working_dir, config_files, guest: {endpoint, node, vmid, address}
  /// when the engine is in a container}. For an operating system: {endpoint: of the server's API,
  /// shell, paths, packages, groups, users, units: all that the manifest names there; guest as
  /// above for that of a container}.
  Json settings;
  SourceSpan where;

  /// What kinds ask for: "server", "stack", or "os" for the operating system of a host or a guest.
  [[nodiscard]] std::string_view type() const;

  /// True when the manifest of a server has the section, be it empty: "jobs.backup".
  [[nodiscard]] bool has_section(std::string_view path) const;
};

/// One thing that the manifests ask for.
struct Resource {
  Address address;
  std::string scope;  ///< the name of the Scope it lives in
  Json spec;          ///< as the manifest says it, references resolved, secrets as seals
  std::vector<Address> depends_on;
  SourceSpan where;
  std::map<std::string, SourceSpan, std::less<>> places;  ///< of attributes: "rootfs.size" -> where

  /// The place of `path`, else of the nearest thing around it.
  [[nodiscard]] const SourceSpan& place_of(std::string_view path) const;

  /// True when it depends on something of that kind.
  [[nodiscard]] bool needs_kind(std::string_view kind) const;
};

/// Everything that the manifests ask for.
struct Desired {
  std::map<std::string, Scope, std::less<>> scopes;
  std::map<Address, Resource> resources;
};

}  // namespace aegis
