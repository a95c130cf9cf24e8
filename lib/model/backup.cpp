#include "model/backup.h"

#include <algorithm>

namespace aegis {
namespace {

bool holds(const Backup& backup, const Address& guest) {
  return std::find(backup.guests.begin(), backup.guests.end(), guest) != backup.guests.end();
}

}  // namespace

std::string entry_of(const Backups& backups, const Address& guest) {
  for (const auto& [name, backup] : backups) {
    if (holds(backup, guest)) return name;
  }
  return {};
}

std::optional<std::chrono::seconds> strictest(
    const Backups& backups,
    const Address& guest,
    std::optional<std::chrono::seconds> Backup::*objective) {
  std::optional<std::chrono::seconds> least;
  for (const auto& [name, backup] : backups) {
    const auto& one = backup.*objective;
    if (one && holds(backup, guest) && (!least || *one < *least)) least = one;
  }
  return least;
}

}  // namespace aegis
