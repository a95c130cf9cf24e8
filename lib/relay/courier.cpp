#include "relay/courier.h"

#include <fmt/format.h>

#include <algorithm>

namespace aegis::relay {
namespace {

using Outcome = Verdict::Outcome;

constexpr std::size_t k_most_reason = 200;
constexpr int k_most_doublings = 20;

// One line of the journal.
std::string one_line(const std::string& text) {
  std::string line = cut_text(text, k_most_reason);
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < ' '; }, ' ');
  return line;
}

}  // namespace

std::chrono::milliseconds pause_after(int failures,
                                      const Verdict& verdict,
                                      const Patience& patience) {
  const int doublings = std::clamp(failures - 1, 0, k_most_doublings);
  const auto pause = verdict.outcome == Outcome::amiss
                         ? patience.longest
                         : std::min(patience.first * (1 << doublings), patience.longest);
  return std::max(pause, verdict.wait);
}

Courier::Courier(Destination destination,
                 const Service& service,
                 std::string endpoint,
                 std::unique_ptr<DiskQueue> queue,
                 HttpTransport& http,
                 Log log,
                 Patience patience)
    : destination_(std::move(destination)),
      service_(service),
      endpoint_(std::move(endpoint)),
      queue_(std::move(queue)),
      http_(http),
      log_(std::move(log)),
      patience_(patience),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Courier::~Courier() = default;

Result<Done> Courier::accept(const Notice& notice) {
  auto put = queue_->put(notice);
  {
    const std::lock_guard guard(mutex_);  // or the courier falls asleep between looking and waiting
  }
  changed_.notify_all();
  return put;
}

Courier::Counts Courier::counts() const {
  const std::lock_guard guard(mutex_);
  Counts counts = counts_;
  counts.waiting = queue_->size();
  counts.oldest = queue_->age();
  return counts;
}

void Courier::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const std::optional<Notice> notice = queue_->front();
    if (notice) {
      rest(stop, settle(send(*notice)));
      continue;
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop, [this] { return queue_->size() > 0; });
  }
}

Verdict Courier::send(const Notice& notice) {
  HttpRequest request = service_.request(destination_, notice);
  request.endpoint = endpoint_;
  const auto response = http_.send(request);
  if (!response) return {Outcome::later, response.error().message};
  return service_.judge(*response);
}

// Notes what became of the first message, and says how long to wait before the next exchange.
std::chrono::milliseconds Courier::settle(const Verdict& verdict) {
  const bool is_done = verdict.outcome == Outcome::sent || verdict.outcome == Outcome::refused;
  if (verdict.outcome == Outcome::sent) queue_->pop();
  if (verdict.outcome == Outcome::refused) queue_->set_aside(verdict.reason);
  std::chrono::milliseconds pause = service_.pace;
  {
    const std::lock_guard guard(mutex_);
    failures_ = is_done ? 0 : failures_ + 1;
    if (verdict.outcome == Outcome::sent) ++counts_.sent;
    if (verdict.outcome == Outcome::refused) ++counts_.refused;
    if (!is_done) ++counts_.failed;
    if (!is_done) pause = std::max(pause, pause_after(failures_, verdict, patience_));
  }
  const std::string& channel = destination_.channel;
  if (verdict.outcome == Outcome::sent) {
    log_(fmt::format("{}: sent, {} waiting", channel, queue_->size()));
  } else if (verdict.outcome == Outcome::refused) {
    log_(fmt::format("{}: refused for good, kept in {}/refused: {}",
                     channel,
                     queue_->folder().string(),
                     one_line(verdict.reason)));
  } else {
    log_(fmt::format("{}: not sent, again in {} s: {}",
                     channel,
                     pause.count() / 1000,
                     one_line(verdict.reason)));
  }
  return pause;
}

void Courier::rest(const std::stop_token& stop, std::chrono::milliseconds pause) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, pause, [] { return false; });
}

}  // namespace aegis::relay
