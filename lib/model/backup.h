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
  std::optional<std::chrono::seconds> rpo = {};  ///< the newest copy must not be older
  std::optional<std::chrono::seconds> rto = {};  ///< bringing a guest back must not take longer
};

/// By name.
using Backups = std::map<std::string, Backup>;

/// The name of an entry that the guest is in; empty when there is none.
std::string entry_of(const Backups& backups, const Address& guest);

/// The strictest of an objective (`&Backup::rpo`, `&Backup::rto`) in the entries that the guest is
/// in.
std::optional<std::chrono::seconds> strictest(
    const Backups& backups,
    const Address& guest,
    std::optional<std::chrono::seconds> Backup::*objective);

}  // namespace aegis
