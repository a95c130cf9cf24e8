#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/plan.h"

namespace aegis {

/// What credentials are used for: reading what is there, or changing it.
enum class Purpose { plan, apply };

/// How far the credentials of one server reach.
struct ServerHealth {
  std::string name;
  std::string login;                  ///< "token ci@pve!plan", "root@pam over SSH"
  std::string version;                ///< of Proxmox; empty when it could not be asked
  std::optional<Error> problem;       ///< why the API cannot be used: address, certificate, login
  bool has_root = false;              ///< what Proxmox keeps for root@pam can be done
  std::optional<Error> root_problem;  ///< why not, where the manifest gives a way to be root
};

/// Something that is declared and that these credentials cannot read or do.
struct Obstacle {
  std::string server;
  std::string resource;   ///< its address; empty: the server as a whole
  std::string attribute;  ///< empty: the resource as a whole
  Purpose purpose = Purpose::apply;
  Door door = Door::api;  ///< the way that it would take
  std::string need;       ///< "VM.Config.CPU on /vms/103", "root@pam"
};

/// What `doctor` found.
struct Diagnosis {
  std::vector<ServerHealth> servers;
  std::vector<Obstacle> obstacles;  ///< in the order of servers and addresses
};

}  // namespace aegis
