#pragma once

#include <chrono>
#include <cstdint>
#include <regex>
#include <string>
#include <vector>

#include "simulator/message.h"
#include "simulator/tasks.h"

namespace aegis::simulator {

/// One thing that goes wrong.
struct Fault {
  enum class Kind {
    answer,       ///< `status` and `text` instead of doing the work
    lose_answer,  ///< the work is done, the answer is 596 without a body
    drop_before,  ///< the connection ends, nothing was done
    drop_after,   ///< the work is done, then the connection ends
    slow,         ///< the answer comes `delay` later
    lock,         ///< before the work, container `vmid` is locked ("backup") for `delay`
    fail_task,    ///< the task that the request starts ends with `text` and does no work
    warn_task,    ///< the task that the request starts ends with "WARNINGS: `status`"
  };

  Kind kind = Kind::answer;
  std::uint64_t number = 0;  ///< the request it meets, counted from 1; 0: any that matches
  std::string method = {};   ///< empty: any
  std::string path = {};     ///< a regex that is searched in the path; empty: any
  int times = 1;             ///< how often it strikes; negative: always
  int status = 500;
  std::string text = {};
  std::chrono::milliseconds delay{0};
  int vmid = 0;
};

/// What goes wrong, and how slow everything is.
struct FaultPlan {
  std::vector<Fault> faults;
  std::chrono::milliseconds latency{0};  ///< of every answer
};

/// Watches requests go by and says which faults strike. Not thread-safe: Host guards it.
class Faults {
 public:
  /// Replaces the plan and counts requests from 1 again.
  void set(FaultPlan plan);

  /// Counts the request; the faults that strike it.
  std::vector<Fault> strike(const Request& request);

  [[nodiscard]] std::uint64_t requests() const { return requests_; }
  [[nodiscard]] std::chrono::milliseconds latency() const { return plan_.latency; }

 private:
  FaultPlan plan_;
  std::vector<std::regex> paths_;
  std::uint64_t requests_ = 0;
};

}  // namespace aegis::simulator
