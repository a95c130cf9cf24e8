#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/address.h"

namespace aegis {

/// One entry of the section `backups`, as what came of it.
struct Backup {
  std::vector<Address> guests;          ///< containers and machines, sorted
  std::map<std::string, Address> jobs;  ///< by the scope of a server: the job there
  std::string storage;
  std::optional<std::chrono::seconds> rpo;  ///< the newest copy must not be older
};

/// By name.
using Backups = std::map<std::string, Backup>;

}  // namespace aegis
