#pragma once

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "engine/inbox.h"

namespace aegis {

/// A fixed number of threads that do jobs, in the order they were handed in.
class Workers {
 public:
  explicit Workers(std::size_t threads);

  /// Waits for every job that was handed in.
  ~Workers();

  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Hands in a job. It must not throw.
  void submit(std::function<void()> job);

 private:
  void work();

  Inbox<std::function<void()>> jobs_;  ///< an empty function sends one thread home
  std::vector<std::thread> threads_;
};

}  // namespace aegis
