#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "model/endpoint.h"
#include "transport/channel_job.h"
#include "transport/log.h"
#include "transport/options.h"
#include "transport/ssh_channel.h"
#include "transport/ssh_login.h"
#include "transport/unique_fd.h"

namespace aegis::transport {

/// One SSH connection and the one thread that owns it: libssh sessions are not thread-safe, so all
/// channels are multiplexed there. It logs in when it is made; jobs that come before that is done
/// wait. Methods are thread-safe.
class SshSession {
 public:
  /// Called on the session's thread with a job that another connection may take: this one was lost
  /// before it was opened (`running` = 0), or the host refused it while as many other programs run
  /// here.
  using Overflow = std::function<void(std::shared_ptr<ChannelJob>, int running)>;

  SshSession(SshConnection connection,
             const TransportOptions& options,
             const Log& log,
             Overflow overflow);

  /// Ends all jobs as `interrupted`, closes the connection, waits for the thread.
  ~SshSession();

  /// Takes the job; whatever happens, it will be finished or handed to `overflow`. False when the
  /// connection was lost: then the job is untouched.
  bool start(const std::shared_ptr<ChannelJob>& job);

  /// Makes the thread look at cancelled jobs.
  void wake();

  /// False once the log in has failed or the connection is lost: jobs end at once with the reason.
  [[nodiscard]] bool alive() const { return alive_; }

  /// Programs that run or wait here. Forwarded ports do not count: hosts do not limit them.
  [[nodiscard]] int programs() const { return programs_; }

 private:
  void run();
  bool log_in();
  void serve();
  void admit();
  bool step_channels();
  void wait_for_events(bool at_once);
  bool keep_alive();
  void settle(SshChannel& channel);
  void end_all();

  const SshConnection connection_;
  const TransportOptions& options_;
  const Log& log_;
  const Overflow overflow_;
  UniqueFd wake_fd_;
  std::atomic<bool> alive_ = true;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> programs_ = 0;

  std::mutex mutex_;
  std::vector<std::shared_ptr<ChannelJob>> queue_;
  std::optional<Error> death_;  // why jobs are refused
  bool gone_ = false;           // lost: another connection may do better

  // The thread's own.
  SshHandle session_;
  ssh_event event_ = nullptr;
  ssh_counter_struct received_{};
  std::vector<std::unique_ptr<SshChannel>> channels_;
  std::string lost_;  // why the connection is over
  std::chrono::steady_clock::time_point last_beat_;
  std::uint64_t bytes_at_beat_ = 0;
  int silent_beats_ = 0;

  std::thread thread_;  // last: starts when all the rest is there
};

}  // namespace aegis::transport
