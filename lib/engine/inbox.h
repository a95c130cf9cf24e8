#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

namespace aegis {

/// A queue that many threads put into and one takes from, in the order of arrival.
template <class Message>
class Inbox {
 public:
  void put(Message message) {
    {
      const std::lock_guard guard(mutex_);
      messages_.push_back(std::move(message));
    }
    arrived_.notify_one();
  }

  /// The oldest message; waits until there is one.
  Message take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !messages_.empty(); });
    Message message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Message> messages_;
};

}  // namespace aegis
