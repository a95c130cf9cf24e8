#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "kinds/proxmox/host_view.h"

namespace aegis::proxmox {

/// What other servers of the manifests declare of a kind. A cluster has one list of storages, users
/// or jobs for all its nodes: what another of its servers declares is no orphan of this one.
class SharedObjects {
 public:
  /// Of the objects of `kind`; reads the scope's settings ("shared").
  SharedObjects(const Scope& scope, std::string_view kind);

  /// What has to be read besides; nothing when no other server declares such an object.
  [[nodiscard]] std::optional<Query> query(const HostQueries& host) const;

  /// Takes in the answer, which it refers to. Fails when it was asked for and the nodes cannot be
  /// read.
  Result<Done> read(const HostQueries& host, const Replies& replies);

  /// True when a server of this cluster, other than this one, declares the object `name`.
  [[nodiscard]] bool contain(const std::string& name) const;

 private:
  const Json& declared_;         ///< {name: [nodes]}, or null
  const Json* nodes_ = nullptr;  ///< of this cluster
};

}  // namespace aegis::proxmox
