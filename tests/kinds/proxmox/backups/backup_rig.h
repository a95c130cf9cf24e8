#pragma once

#include <array>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/reading.h"
#include "kinds/proxmox/rig.h"
#include "laws/breaking_doors.h"
#include "model/backup.h"
#include "model/report.h"

namespace aegis::test {

/// The ways in which a run is broken at every write.
inline constexpr std::array<laws::Break, 5> k_breaks{laws::Break::refuse,
                                                     laws::Break::lose_answer,
                                                     laws::Break::hang_up_before,
                                                     laws::Break::hang_up_after,
                                                     laws::Break::stop};

/// A simulated host with the container "web" (103), running, in the entry "weekly" of `backups`,
/// whose objective is a day.
class BackupRig : public ContainerRig {
 public:
  explicit BackupRig(const Json& more = Json::object(), simulator::SimulatorOptions options = {});

  /// A backup of 103 by hand; its volume. A minute passes before.
  std::string back_up(const std::string& storage = "local");

  /// The volumes of all backups on `local`.
  std::vector<std::string> archives();

  /// Seconds since 1970.
  [[nodiscard]] std::int64_t now();

  /// Asks wave by wave, as the command line does; how much was asked.
  Asked ask(const NextQueries& next, Replies& replies);

  /// Performs a plan through `http`.
  Report run(const Plan& plan, HttpTransport& http, std::stop_token stop = {});

  [[nodiscard]] bool is_there(std::int64_t vmid);

  Backups backups;
};

}  // namespace aegis::test
