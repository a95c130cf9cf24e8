#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/address.h"

namespace aegis {

/// One thing of an entry: a database, a directory, a volume, a repository.
struct DataItem {
  std::string declared;  ///< as the manifest says it: "stack/core/volume/data"
  std::string name;      ///< as its system knows it: "core_data"
};

/// What is declared of bringing data back.
struct DataRestore {
  std::vector<std::string> stops;  ///< units and services that stand still during the swap
  bool has_checks = false;
  bool has_replay = false;
};

/// Data that a script on their own system saves.
struct DataBackup {
  Address system;      ///< "container/aegis" or "server/fsn1"
  std::string source;  ///< "postgres", "directories", "volumes", "git" or "command"
  std::string folder;  ///< of the copies, there; of `git` there are none
  std::string script;  ///< its path there
  std::string schedule;
  bool is_enabled = true;            ///< by the schedule
  std::vector<DataItem> items = {};  ///< none of postgres: all databases
  std::string remote = {};           ///< "u123456@host:path"; empty: the copies are here alone
  DataRestore restore = {};
};

/// One entry of the section `backups`, as what came of it: of guests, or of data.
struct Backup {
  std::vector<Address> guests;          ///< containers and machines, sorted
  std::map<std::string, Address> jobs;  ///< by the scope of a server: the job there
  std::string storage;
  std::optional<std::chrono::seconds> rpo = {};  ///< the newest copy must not be older
  std::optional<std::chrono::seconds> rto = {};  ///< bringing a guest back must not take longer
  std::optional<DataBackup> data = {};
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
