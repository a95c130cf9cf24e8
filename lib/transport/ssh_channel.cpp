#include "transport/ssh_channel.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "transport/bridge.h"

namespace aegis::transport {
namespace {

constexpr std::size_t k_bridge_buffer = std::size_t{256} * 1024;
constexpr std::size_t k_bridge_stderr = std::size_t{4} * 1024;
constexpr std::size_t k_piece = std::size_t{64} * 1024;

// The names of RFC 4254 section 6.10 with Linux's numbers.
constexpr std::array<std::pair<std::string_view, int>, 13> k_signals{{{"HUP", 1},
                                                                      {"INT", 2},
                                                                      {"QUIT", 3},
                                                                      {"ILL", 4},
                                                                      {"ABRT", 6},
                                                                      {"FPE", 8},
                                                                      {"KILL", 9},
                                                                      {"USR1", 10},
                                                                      {"SEGV", 11},
                                                                      {"USR2", 12},
                                                                      {"PIPE", 13},
                                                                      {"ALRM", 14},
                                                                      {"TERM", 15}}};

int status_of_signal(std::string_view name) {
  for (const auto& [known, number] : k_signals) {
    if (known == name) return 128 + number;
  }
  return 255;
}

}  // namespace

SshChannel::SshChannel(ssh_session session, std::shared_ptr<ChannelJob> job)
    : session_(session), channel_(ssh_channel_new(session)), job_(std::move(job)) {
  install_callbacks();
}

SshChannel::~SshChannel() {
  if (channel_ == nullptr) return;
  // The library keeps a freed channel until the host has closed it too, and would call back.
  ssh_remove_channel_callbacks(channel_, &callbacks_);
  ssh_channel_free(channel_);
}

void SshChannel::install_callbacks() {
  if (channel_ == nullptr) return;
  callbacks_.userdata = this;
  callbacks_.channel_data_function =
      [](ssh_session, ssh_channel, void* data, uint32_t size, int is_stderr, void* self) {
        const std::string_view bytes(static_cast<const char*>(data), size);
        return static_cast<SshChannel*>(self)->take_data(bytes, is_stderr != 0);
      };
  callbacks_.channel_eof_function = [](ssh_session, ssh_channel, void* self) {
    static_cast<SshChannel*>(self)->remote_eof_ = true;
  };
  callbacks_.channel_close_function = [](ssh_session, ssh_channel, void* self) {
    static_cast<SshChannel*>(self)->remote_closed_ = true;
  };
  callbacks_.channel_exit_status_function = [](ssh_session, ssh_channel, int status, void* self) {
    static_cast<SshChannel*>(self)->end_.exit_status = status;
  };
  callbacks_.channel_exit_signal_function =
      [](ssh_session, ssh_channel, const char* signal, int, const char*, const char*, void* self) {
        static_cast<SshChannel*>(self)->end_.exit_status = status_of_signal(signal);
      };
  ssh_callbacks_init(&callbacks_);
  ssh_set_channel_callbacks(channel_, &callbacks_);
}

// Bytes that are not taken stay in the library and keep the channel's window closed: that is the
// back-pressure for a reader of the bridge that is slower than the host.
int SshChannel::take_data(std::string_view data, bool is_stderr) {
  if (is_stderr) {
    end_.err += data;
    if (bridged() && end_.err.size() > k_bridge_stderr) {
      end_.err.erase(0, end_.err.size() - k_bridge_stderr);
    }
    return static_cast<int>(data.size());
  }
  if (bridged() && incoming_.size() >= k_bridge_buffer) return 0;
  end_.received += data.size();
  (bridged() ? incoming_ : end_.out) += data;
  return static_cast<int>(data.size());
}

void SshChannel::step() {
  if (state_ == State::over) return;
  if (state_ == State::discarding) return discard();
  if (job_->cancelled() || (hung_up_ && incoming_.empty())) return cancel();
  if (state_ == State::opening) open();
  if (state_ == State::requesting) request();
  if (state_ == State::running) move_bytes();
}

int SshChannel::try_open() {
  if (channel_ == nullptr) return SSH_ERROR;
  if (const auto* forward = std::get_if<ForwardTarget>(&job_->target())) {
    return ssh_channel_open_forward(channel_, forward->host.c_str(), forward->port, "127.0.0.1", 0);
  }
  return ssh_channel_open_session(channel_);
}

void SshChannel::open() {
  const int code = try_open();
  if (code == SSH_AGAIN) return;
  if (code == SSH_OK) {
    state_ = job_->is_program() ? State::requesting : State::running;
    return;
  }
  denied_ = true;
  refusal_ = ssh_get_error(session_);
  state_ = State::over;
}

void SshChannel::request() {
  const std::string& command = std::get<ExecTarget>(job_->target()).command;
  const int code = ssh_channel_request_exec(channel_, command.c_str());
  if (code == SSH_AGAIN) return;
  if (code == SSH_OK) {
    state_ = State::running;
    return;
  }
  conclude(Error{ErrorCode::unreachable,
                 fmt::format("the host did not start the program: {}", ssh_get_error(session_))});
}

void SshChannel::move_bytes() {
  read_bridge();
  write_remote();
  // What the library holds back brings no event of its own: go on until one side is exhausted.
  while (drain_remote() || !incoming_.empty()) {
    flush_bridge();
    if (!incoming_.empty()) break;
  }
  if (state_ != State::running) return;
  const bool flushed = !bridged() || incoming_.empty() || hung_up_;
  if (remote_closed_ && flushed) {
    const bool unseen = job_->is_program() && !end_.exit_status;
    if (unseen && !bridged()) {
      return conclude(Error{ErrorCode::outcome_unknown,
                            "the host closed the channel without the program's exit status"});
    }
    return conclude(std::nullopt);
  }
  // An end of file before any byte is left to the channel's close, which tells why.
  if (remote_eof_ && flushed && bridged() && end_.received > 0 &&
      !std::exchange(write_shut_, true)) {
    ::shutdown(job_->bridge().get(), SHUT_WR);
  }
}

std::string_view SshChannel::unsent() const {
  return std::string_view(bridged() ? outgoing_ : job_->input()).substr(sent_);
}

void SshChannel::accept_bridge() {
  UniqueFd stream = accept_own(job_->bridge().get(), job_->client_port());
  if (!stream.valid()) return;
  job_->bridge() = std::move(stream);
  accepted_ = true;
}

void SshChannel::read_bridge() {
  if (!bridged()) return;
  if (!accepted_) accept_bridge();
  if (!accepted_ || !outgoing_.empty()) return;
  std::array<char, k_piece> buffer;
  const ssize_t size = ::recv(job_->bridge().get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (size > 0) {
    outgoing_.assign(buffer.data(), static_cast<std::size_t>(size));
  } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
    hung_up_ = true;
  }
}

void SshChannel::write_remote() {
  while (!unsent().empty() && !remote_closed_) {
    const std::uint32_t window = ssh_channel_window_size(channel_);
    if (window == 0) return;
    const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(unsent().size(), window));
    const int written = ssh_channel_write(channel_, unsent().data(), size);
    if (written == SSH_ERROR) return;  // the session's thread sees a lost connection by itself
    if (written == 0) return;
    sent_ += static_cast<std::size_t>(written);
  }
  if (bridged()) {
    outgoing_.clear();
    sent_ = 0;
  } else if (!eof_sent_ && !remote_closed_) {
    eof_sent_ = ssh_channel_send_eof(channel_) == SSH_OK;
  }
}

// True when something came.
bool SshChannel::drain_remote() {
  if (!bridged()) return false;
  const std::size_t before = incoming_.size();
  std::array<char, k_piece> buffer;
  while (incoming_.size() < k_bridge_buffer) {
    const int size = ssh_channel_read_nonblocking(channel_, buffer.data(), buffer.size(), 0);
    if (size <= 0) break;
    incoming_.append(buffer.data(), static_cast<std::size_t>(size));
    end_.received += static_cast<std::size_t>(size);
  }
  return incoming_.size() > before;
}

void SshChannel::flush_bridge() {
  if (!bridged() || !accepted_) return;
  while (flushed_ < incoming_.size()) {
    const ssize_t size = ::send(job_->bridge().get(),
                                incoming_.data() + flushed_,
                                incoming_.size() - flushed_,
                                MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0) {
      if (errno != EAGAIN && errno != EINTR) hung_up_ = true;
      break;
    }
    flushed_ += static_cast<std::size_t>(size);
  }
  if (flushed_ == incoming_.size() || hung_up_) {
    incoming_.clear();
    flushed_ = 0;
  }
}

pollfd SshChannel::interest() const {
  if (state_ == State::over || !bridged()) return {-1, 0, 0};
  short events = accepted_ ? POLLRDHUP : 0;
  if (state_ == State::running && outgoing_.empty()) events |= POLLIN;
  if (accepted_ && !incoming_.empty()) events |= POLLOUT;
  return {job_->bridge().get(), events, 0};
}

// A channel that is freed before the host has answered would stay open over there, and count.
void SshChannel::discard() {
  if (try_open() != SSH_AGAIN) state_ = State::over;
}

void SshChannel::cancel() {
  const bool unanswered = state_ == State::opening && channel_ != nullptr;
  conclude(Error{ErrorCode::interrupted, "the channel was given up"});
  if (unanswered) state_ = State::discarding;
}

void SshChannel::lose(std::string_view why) {
  const bool begun = state_ == State::running || state_ == State::requesting;
  conclude(Error{begun ? ErrorCode::outcome_unknown : ErrorCode::unreachable,
                 fmt::format("the SSH connection was lost: {}", why)});
}

void SshChannel::conclude(std::optional<Error> failure) {
  if (state_ == State::over) return;
  end_.failure = std::move(failure);
  state_ = State::over;
  job_->finish(std::move(end_));
  job_->bridge().reset();
}

}  // namespace aegis::transport
