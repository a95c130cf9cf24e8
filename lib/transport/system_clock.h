#pragma once

#include "effects/clock.h"

namespace aegis::transport {

/// The wall clock of this machine.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
  void sleep_for(std::chrono::milliseconds duration) override;
};

}  // namespace aegis::transport
