#include "transport/channel_job.h"

namespace aegis::transport {

ChannelJob::ChannelJob(ChannelTarget target, std::string input)
    : target_(std::move(target)), input_(std::move(input)) {}

ChannelJob::ChannelJob(ChannelTarget target, BridgeDoor door)
    : target_(std::move(target)),
      bridge_(std::move(door.listener)),
      client_port_(door.client_port) {}

void ChannelJob::finish(ChannelEnd end) {
  {
    const std::lock_guard lock(mutex_);
    if (end_) return;
    end_ = std::move(end);
  }
  finished_.notify_all();
}

std::optional<ChannelEnd> ChannelJob::wait_until(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  finished_.wait_until(lock, deadline, [&] { return end_.has_value(); });
  return end_;
}

std::optional<ChannelEnd> ChannelJob::ended() {
  const std::lock_guard lock(mutex_);
  return end_;
}

}  // namespace aegis::transport
