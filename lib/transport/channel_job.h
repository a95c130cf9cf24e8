#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

#include "base/result.h"
#include "transport/bridge.h"
#include "transport/unique_fd.h"

namespace aegis::transport {

/// A command line for the host's login shell.
struct ExecTarget {
  std::string command;
};

/// A TCP port, as the host sees it.
struct ForwardTarget {
  std::string host;
  int port = 0;
};

using ChannelTarget = std::variant<ExecTarget, ForwardTarget>;

/// What became of a channel.
struct ChannelEnd {
  std::optional<Error> failure;         ///< it did not open, or its end was not seen
  std::optional<int> exit_status = {};  ///< of a program; 128 + n when signal n ended it
  std::string out = {};                 ///< empty for a bridged channel
  std::string err = {};                 ///< for a bridged channel only its last 4 KiB
  std::size_t received = 0;             ///< bytes that came back, without `err`
};

/// One channel as its user sees it: what it is for, what goes in, and what became of it. The
/// session's thread fulfils it. Thread-safe.
class ChannelJob {
 public:
  /// A channel whose input is `input` and whose output is collected.
  ChannelJob(ChannelTarget target, std::string input);

  /// A channel between the host and the connection that arrives at `door`. The connection is closed
  /// after the end was recorded, so who reads its end of file can ask why.
  ChannelJob(ChannelTarget target, BridgeDoor door);

  [[nodiscard]] const ChannelTarget& target() const { return target_; }
  [[nodiscard]] bool is_program() const { return std::holds_alternative<ExecTarget>(target_); }
  [[nodiscard]] const std::string& input() const { return input_; }
  /// The door's listener, later the connection; invalid when output is collected, and at the end.
  [[nodiscard]] UniqueFd& bridge() { return bridge_; }
  [[nodiscard]] in_port_t client_port() const { return client_port_; }

  /// Asks the session's thread to close the channel. The session must be woken.
  void cancel() { cancelled_ = true; }
  [[nodiscard]] bool cancelled() const { return cancelled_; }

  /// Records the end. Later calls change nothing.
  void finish(ChannelEnd end);

  /// The end, or nothing when it has not come by `deadline`.
  std::optional<ChannelEnd> wait_until(std::chrono::steady_clock::time_point deadline);

  /// The end if it has come.
  std::optional<ChannelEnd> ended();

  /// How often a host that allows fewer channels than expected has sent it to another connection.
  int moves = 0;

 private:
  ChannelTarget target_;
  std::string input_;
  UniqueFd bridge_;
  in_port_t client_port_ = 0;
  std::atomic<bool> cancelled_ = false;
  std::mutex mutex_;
  std::condition_variable finished_;
  std::optional<ChannelEnd> end_;
};

}  // namespace aegis::transport
