#pragma once

#include <string>
#include <vector>

#include "model/desired.h"
#include "model/diagnosis.h"

namespace aegis::proxmox {

/// A privilege that something declared needs.
struct Need {
  std::string attribute;  ///< empty: the resource as a whole
  Purpose purpose = Purpose::plan;
  std::string privileges;  ///< "A B": one of them
  std::string path;        ///< where
};

/// What planning and applying `resource` needs, as far as its spec has the attributes. Nothing for
/// a kind without privileges of its own.
std::vector<Need> needs_of(const Resource& resource, const Scope& scope);

/// What every run on a server needs: its lock.
std::vector<Need> needs_of_server();

/// A privilege of the least role for a purpose, and the kinds that it is for.
struct RolePrivilege {
  std::string name;
  std::vector<std::string> kinds;
};

/// The least that `plan`, or `plan` and `apply`, need on / for all kinds; sorted.
std::vector<RolePrivilege> role_privileges(Purpose purpose);

}  // namespace aegis::proxmox
