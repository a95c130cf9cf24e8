#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "kinds/proxmox/api.h"

namespace aegis::proxmox {

/// The end of a wait: a point in time on the step's clock.
using Deadline = TimePoint;

/// Pauses that grow from 0.1 s to 2 s, never beyond the deadline.
class Pauses {
 public:
  Pauses(Clock& clock, Deadline deadline) : clock_(clock), deadline_(deadline) {}

  /// Sleeps once. False, without sleeping, when the deadline has passed.
  bool wait();

 private:
  Clock& clock_;
  Deadline deadline_;
  std::chrono::milliseconds next_{100};
};

/// Waits for the task `upid` to end and tells its last log line as progress. Its exit status has
/// the last word: "OK" gives an empty text, "WARNINGS: 2" is given as it is, anything else is an
/// error with the task's words. `timed_out` at the deadline (the task goes on), `outcome_unknown`
/// when the host stays silent.
Result<std::string> wait_for_task(const ApiClient& api, std::string_view upid, Deadline deadline);

/// The task of `type` ("vzcreate") on container `vmid` that is running now, or nothing. An empty
/// `type` stands for any.
Result<std::optional<std::string>> find_running_task(const ApiClient& api,
                                                     std::string_view node,
                                                     std::string_view type,
                                                     std::int64_t vmid);

}  // namespace aegis::proxmox
