#include "engine/workers.h"

#include <utility>

namespace aegis {

Workers::Workers(std::size_t threads) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Workers::~Workers() {
  for (std::size_t i = 0; i < threads_.size(); ++i) jobs_.put({});
  for (std::thread& thread : threads_) thread.join();
}

void Workers::submit(std::function<void()> job) {
  jobs_.put(std::move(job));
}

void Workers::work() {
  while (const auto job = jobs_.take()) job();
}

}  // namespace aegis
