#pragma once

#include <chrono>

namespace aegis {

using TimePoint = std::chrono::system_clock::time_point;

/// The door to time, so that tests wait for nothing. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  [[nodiscard]] virtual TimePoint now() const = 0;

  virtual void sleep_for(std::chrono::milliseconds duration) = 0;
};

}  // namespace aegis
