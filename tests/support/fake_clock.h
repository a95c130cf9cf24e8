#pragma once

#include <atomic>
#include <chrono>

#include "effects/clock.h"

namespace aegis {

/// A clock that stands still, except that sleeping moves it on and takes no time. Starts at
/// 2026-01-31T02:30:00Z.
class FakeClock : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override {
    using namespace std::chrono;
    return sys_days{year{2026} / 1 / 31} + hours{2} + minutes{30} + milliseconds{passed_.load()};
  }

  void sleep_for(std::chrono::milliseconds duration) override { passed_ += duration.count(); }

  /// How far it has moved since it was made.
  [[nodiscard]] std::chrono::milliseconds passed() const {
    return std::chrono::milliseconds{passed_.load()};
  }

 private:
  std::atomic<std::chrono::milliseconds::rep> passed_ = 0;
};

}  // namespace aegis
