#include "transport/ssh_session.h"

#include <fmt/format.h>
#include <libssh/server.h>
#include <sys/eventfd.h>

#include <algorithm>

namespace aegis::transport {
namespace {

constexpr std::chrono::seconds k_beat{15};
constexpr int k_silent_beats = 3;
constexpr short k_hung_up = POLLRDHUP | POLLHUP | POLLERR | POLLNVAL;

}  // namespace

SshSession::SshSession(SshConnection connection,
                       const TransportOptions& options,
                       const Log& log,
                       Overflow overflow)
    : connection_(std::move(connection)),
      options_(options),
      log_(log),
      overflow_(std::move(overflow)),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { run(); }) {}

SshSession::~SshSession() {
  stopping_ = true;
  wake();
  thread_.join();
}

bool SshSession::start(const std::shared_ptr<ChannelJob>& job) {
  std::optional<Error> refused;
  {
    const std::lock_guard lock(mutex_);
    if (gone_) return false;
    refused = death_;
    if (!refused) {
      if (job->is_program()) ++programs_;
      queue_.push_back(job);
    }
  }
  if (!refused) {
    wake();
    return true;
  }
  job->finish({.failure = refused});
  job->bridge().reset();
  return true;
}

void SshSession::wake() {
  const std::uint64_t one = 1;
  // Cannot fail but by a full counter, and then the thread is awake already.
  [[maybe_unused]] const ssize_t written = ::write(wake_fd_.get(), &one, sizeof one);
}

void SshSession::run() {
  if (log_in()) {
    serve();
    ssh_event_remove_session(event_, session_.get());
  }
  if (event_ != nullptr) ssh_event_free(event_);
  end_all();
  session_.reset();
}

bool SshSession::log_in() {
  Result<SshHandle> session = open_ssh(connection_, options_);
  if (!session) {
    log_.write(fmt::format("ssh {}: {}", connection_.host, session.error().message));
    const std::lock_guard lock(mutex_);
    death_ = session.error();
    return false;
  }
  log_.write(fmt::format("ssh {}: connected", connection_.host));
  session_ = std::move(*session);
  ssh_set_blocking(session_.get(), 0);
  ssh_set_counters(session_.get(), nullptr, &received_);
  event_ = ssh_event_new();
  if (event_ != nullptr && ssh_event_add_session(event_, session_.get()) == SSH_OK) return true;
  const std::lock_guard lock(mutex_);
  death_ = Error{ErrorCode::io, "no memory for an SSH connection"};
  return false;
}

void SshSession::serve() {
  last_beat_ = std::chrono::steady_clock::now();
  while (!stopping_ && lost_.empty()) {
    admit();
    const bool moved = step_channels();
    wait_for_events(moved);
    if (ssh_is_connected(session_.get()) == 0) {
      lost_ = ssh_get_error(session_.get());
      if (lost_.empty()) lost_ = "the host closed it";
    } else if (!keep_alive()) {
      lost_ = "the host does not answer any more";
    }
  }
}

void SshSession::admit() {
  std::vector<std::shared_ptr<ChannelJob>> jobs;
  {
    const std::lock_guard lock(mutex_);
    jobs.swap(queue_);
  }
  for (std::shared_ptr<ChannelJob>& job : jobs) {
    channels_.push_back(std::make_unique<SshChannel>(session_.get(), std::move(job)));
  }
}

// True when another look is due before waiting: a step of one channel may have read packets that
// belong to another.
bool SshSession::step_channels() {
  const std::uint64_t before = received_.in_packets;
  for (const auto& channel : channels_) channel->step();
  for (const auto& channel : channels_) {
    if (channel->over()) settle(*channel);
  }
  std::erase_if(channels_, [](const auto& channel) { return channel->over(); });
  return received_.in_packets != before;
}

void SshSession::settle(SshChannel& channel) {
  const std::shared_ptr<ChannelJob>& job = channel.job();
  const int others = job->is_program() ? --programs_ : 0;
  if (!channel.denied()) return;
  if (others > 0 && !stopping_) return overflow_(job, others);
  const std::string why =
      fmt::format("{} refused a channel: {}", connection_.host, channel.refusal());
  job->finish({.failure = Error{ErrorCode::unreachable, why}});
  job->bridge().reset();
}

void SshSession::wait_for_events(bool at_once) {
  const int pending = ssh_get_poll_flags(session_.get());
  const short writing = (pending & SSH_WRITE_PENDING) != 0 ? POLLOUT : 0;
  std::vector<pollfd> fds{{ssh_get_fd(session_.get()), static_cast<short>(POLLIN | writing), 0},
                          {wake_fd_.get(), POLLIN, 0}};
  for (const auto& channel : channels_) fds.push_back(channel->interest());
  const auto until_beat = std::chrono::duration_cast<std::chrono::milliseconds>(
      last_beat_ + k_beat - std::chrono::steady_clock::now());
  const auto wait = at_once ? 0 : std::max<std::int64_t>(0, until_beat.count() + 1);
  if (::poll(fds.data(), fds.size(), static_cast<int>(wait)) <= 0) return;

  std::uint64_t wakes = 0;
  if (fds[1].revents != 0) {
    [[maybe_unused]] const ssize_t size = ::read(wake_fd_.get(), &wakes, sizeof wakes);
  }
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    if ((fds[i + 2].revents & k_hung_up) != 0) channels_[i]->hang_up();
  }
  if (fds[0].revents != 0 && ssh_event_dopoll(event_, 0) == SSH_ERROR) {
    lost_ = ssh_get_error(session_.get());
    if (lost_.empty()) lost_ = "the host closed it";
  }
}

// Asks the host for a sign of life when it has been silent; false when it has been for too long.
bool SshSession::keep_alive() {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_beat_ < k_beat) return true;
  last_beat_ = now;
  silent_beats_ = received_.in_bytes == bytes_at_beat_ ? silent_beats_ + 1 : 0;
  bytes_at_beat_ = received_.in_bytes;
  if (silent_beats_ > k_silent_beats) return false;
  ssh_send_keepalive(session_.get());
  return true;
}

void SshSession::end_all() {
  alive_ = false;
  std::vector<std::shared_ptr<ChannelJob>> untouched;
  Error why{ErrorCode::interrupted, "the connections are being closed"};
  {
    const std::lock_guard lock(mutex_);
    gone_ = !lost_.empty() && !stopping_;
    if (!death_) death_ = why;
    why = *death_;
    untouched.swap(queue_);
  }
  if (gone_) log_.write(fmt::format("ssh {}: connection lost: {}", connection_.host, lost_));
  for (const auto& channel : channels_) {
    if (gone_ && channel->unopened()) {
      untouched.push_back(channel->job());
    } else {
      channel->lose(lost_.empty() ? "it is being closed" : lost_);
    }
  }
  channels_.clear();
  programs_ = 0;
  for (const auto& job : untouched) {
    if (gone_) {
      overflow_(job, 0);
    } else {
      job->finish({.failure = why});
      job->bridge().reset();
    }
  }
}

}  // namespace aegis::transport
