#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "relay/notice.h"

namespace aegis::relay {

/// Notices that wait, in the order of their arrival: one file each, in a folder of its own. What
/// was put in is still there after a crash or a loss of power. Thread-safe.
class DiskQueue {
 public:
  /// Opens the queue in `folder`, which is made when it is not there, with what it held. `io` when
  /// that cannot be done.
  static Result<std::unique_ptr<DiskQueue>> open(const std::filesystem::path& folder);

  /// Puts one at the end. It is on disk when this returns. `rejected` when the queue is full, `io`
  /// when it cannot be written.
  Result<Done> put(const Notice& notice);

  /// The first one, which stays; nothing when none waits.
  [[nodiscard]] std::optional<Notice> front();

  /// Takes the first one away.
  void pop();

  /// Puts the first one aside, with why, where a person finds it. The newest hundred are kept.
  void set_aside(const std::string& reason);

  [[nodiscard]] std::size_t size() const;

  /// How long the first one waits; zero when none does.
  [[nodiscard]] std::chrono::seconds age() const;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  explicit DiskQueue(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void find_files();
  [[nodiscard]] std::filesystem::path file_of(std::uint64_t number) const;
  void sync_folder() const;

  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::deque<std::uint64_t> waiting_;
  std::uint64_t last_ = 0;
};

}  // namespace aegis::relay
