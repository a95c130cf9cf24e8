#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kinds/proxmox/host_view.h"
#include "model/coverage.h"

namespace aegis::proxmox {

/// The lists of all backups that a server can reach: in the first wave its storages, in the second
/// what is on those for backups.
std::vector<Query> backup_queries(const HostQueries& queries, const Replies& replies);

/// The backups that those lists tell. Refers to the replies.
class BackupView {
 public:
  /// Fails when the host did not answer, or refused to tell its storages.
  static Result<BackupView> read(const HostQueries& queries, const Replies& replies);

  /// The backups of a guest, newest first.
  [[nodiscard]] std::vector<Copy> of(std::int64_t vmid, const GuestSystem& system) const;

  /// Why there may be more of them than `of` tells: storages that could not be read, or whose
  /// backups these credentials do not see (Proxmox leaves them out without a word).
  [[nodiscard]] std::vector<Error> unread(std::int64_t vmid) const;

 private:
  BackupView() = default;

  const Json* permissions_ = nullptr;
  std::vector<std::string> storages_;  ///< those that were read
  std::vector<const Json*> items_;
  std::vector<Error> problems_;
};

}  // namespace aegis::proxmox
