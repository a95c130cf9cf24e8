#pragma once

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <poll.h>

#include <memory>
#include <string>
#include <string_view>

#include "transport/channel_job.h"

namespace aegis::transport {

/// One channel of a session, moved forward in small steps that never wait. Belongs to the session's
/// thread; the session must be in non-blocking mode and outlive it.
class SshChannel {
 public:
  SshChannel(ssh_session session, std::shared_ptr<ChannelJob> job);
  SshChannel(const SshChannel&) = delete;
  SshChannel& operator=(const SshChannel&) = delete;
  ~SshChannel();

  /// Does all that can be done now: opens, asks for the program, moves bytes, ends.
  void step();

  /// The connection is gone: ends the job with what that means for it.
  void lose(std::string_view why);

  /// True when the job is finished, or given back (`denied`).
  [[nodiscard]] bool over() const { return state_ == State::over; }

  /// True while nothing has been asked of the host that could have an effect.
  [[nodiscard]] bool unopened() const { return state_ == State::opening; }

  /// True when the host refused to open the channel. The job is then not finished, because another
  /// connection may take it: see `refusal`.
  [[nodiscard]] bool denied() const { return denied_; }
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  [[nodiscard]] const std::shared_ptr<ChannelJob>& job() const { return job_; }

  /// What to wait for on the bridge; fd -1 when there is none.
  [[nodiscard]] pollfd interest() const;

  /// The other side of the bridge has closed it.
  void hang_up() { hung_up_ = true; }

 private:
  enum class State { opening, requesting, running, discarding, over };

  int try_open();
  void open();
  void discard();
  void request();
  void move_bytes();
  void accept_bridge();
  void read_bridge();
  void write_remote();
  bool drain_remote();
  void flush_bridge();
  void cancel();
  void conclude(std::optional<Error> failure);
  [[nodiscard]] bool bridged() const { return job_->bridge().valid(); }
  [[nodiscard]] std::string_view unsent() const;
  int take_data(std::string_view data, bool is_stderr);
  void install_callbacks();

  ssh_session session_;
  ssh_channel channel_;
  ssh_channel_callbacks_struct callbacks_{};
  std::shared_ptr<ChannelJob> job_;
  State state_ = State::opening;
  bool denied_ = false;
  std::string refusal_;
  std::string outgoing_;        // read from the bridge, not yet sent
  std::size_t sent_ = 0;        // of outgoing_, or of the job's input
  std::string incoming_;        // received, not yet written to the bridge
  std::size_t flushed_ = 0;     // of incoming_
  bool accepted_ = false;       // the bridge is a stream, no door any more
  bool hung_up_ = false;        // the bridge is closed on the other side
  bool eof_sent_ = false;       // to the host
  bool remote_eof_ = false;     // from the host
  bool remote_closed_ = false;  // by the host: nothing more will come
  bool write_shut_ = false;     // the bridge was told the host's end of file
  ChannelEnd end_;
};

}  // namespace aegis::transport
