#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace aegis::transport {

/// A bounded number of places; who finds none waits. Thread-safe.
class Slots {
 public:
  explicit Slots(int count) : free_(count) {}

  /// Takes a place. False when none became free before `deadline`.
  bool take(std::chrono::steady_clock::time_point deadline);

  /// Gives one back.
  void give();

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  int free_;
};

/// A place that is given back when this dies. `taken()` says whether there was one in time.
class SlotGuard {
 public:
  SlotGuard(Slots& slots, std::chrono::steady_clock::time_point deadline)
      : slots_(slots), taken_(slots.take(deadline)) {}
  SlotGuard(const SlotGuard&) = delete;
  SlotGuard& operator=(const SlotGuard&) = delete;
  ~SlotGuard() {
    if (taken_) slots_.give();
  }

  [[nodiscard]] bool taken() const { return taken_; }

 private:
  Slots& slots_;
  bool taken_;
};

}  // namespace aegis::transport
