#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace aegis::transport {

/// Serialises the lines of all threads into the user's callback. Thread-safe.
class Log {
 public:
  /// An empty `sink` drops everything.
  explicit Log(std::function<void(std::string_view)> sink) : sink_(std::move(sink)) {}

  /// False when lines are dropped: then there is no need to make one.
  [[nodiscard]] bool wanted() const { return static_cast<bool>(sink_); }

  void write(std::string_view line) const;

 private:
  std::function<void(std::string_view)> sink_;
  mutable std::mutex mutex_;
};

/// `path` without its query, which may carry values that are nobody's business.
std::string_view without_query(std::string_view path);

}  // namespace aegis::transport
