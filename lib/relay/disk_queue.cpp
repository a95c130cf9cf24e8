#include "relay/disk_queue.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/files.h"

namespace aegis::relay {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_most_waiting = 10'000;
constexpr std::size_t k_most_aside = 100;
constexpr std::size_t k_most_text = 16'384;  // no service takes more
constexpr const char* k_ending = ".json";
constexpr const char* k_aside = "refused";

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<std::unique_ptr<DiskQueue>> DiskQueue::open(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (!problem) fs::permissions(folder, fs::perms::owner_all, problem);
  if (problem) {
    return Error{ErrorCode::io,
                 fmt::format("cannot make the queue {}: {}", folder.string(), problem.message())};
  }
  std::unique_ptr<DiskQueue> queue(new DiskQueue(folder));
  queue->find_files();
  return queue;
}

void DiskQueue::find_files() {
  std::error_code ignored;
  for (const fs::path& file : entries_of(folder_)) {
    if (file.extension() == ".tmp") fs::remove(file, ignored);  // it was never answered for
    const std::string name = file.stem().string();
    std::uint64_t number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool is_ours =
        file.extension() == k_ending && read.ptr == name.data() + name.size() && number > 0;
    if (is_ours) waiting_.push_back(number);
  }
  for (const fs::path& file : entries_of(folder_ / k_aside)) {
    const std::string name = file.stem().string();
    std::uint64_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    last_ = std::max(last_, number);
  }
  if (!waiting_.empty()) last_ = std::max(last_, waiting_.back());
}

fs::path DiskQueue::file_of(std::uint64_t number) const {
  return folder_ / fmt::format("{:020}{}", number, k_ending);
}

// A new name in a folder survives a loss of power only when the folder was written too.
void DiskQueue::sync_folder() const {
  const int descriptor = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

Result<Done> DiskQueue::put(const Notice& notice) {
  const std::lock_guard guard(mutex_);
  if (waiting_.size() >= k_most_waiting) {
    return Error{ErrorCode::rejected, fmt::format("{} messages wait already", waiting_.size())};
  }
  Notice kept = notice;
  kept.text = cut_text(kept.text, k_most_text);
  const std::uint64_t number = last_ + 1;
  const auto written = write_private_file(file_of(number), dump_json(to_json(kept)));
  if (!written) return written.error();
  sync_folder();
  last_ = number;
  waiting_.push_back(number);
  return Done{};
}

std::optional<Notice> DiskQueue::front() {
  const std::lock_guard guard(mutex_);
  while (!waiting_.empty()) {
    const auto text = read_file(file_of(waiting_.front()));
    const auto json = text ? parse_json(*text) : Result<Json>(text.error());
    if (json && json->is_object()) return notice_from(*json);
    // Somebody removed or broke it: the others must not wait for it.
    std::error_code ignored;
    fs::remove(file_of(waiting_.front()), ignored);
    waiting_.pop_front();
  }
  return std::nullopt;
}

void DiskQueue::pop() {
  const std::lock_guard guard(mutex_);
  if (waiting_.empty()) return;
  std::error_code ignored;
  fs::remove(file_of(waiting_.front()), ignored);
  waiting_.pop_front();
}

void DiskQueue::set_aside(const std::string& reason) {
  const std::optional<Notice> notice = front();
  if (!notice) return;
  const fs::path aside = folder_ / k_aside;
  {
    const std::lock_guard guard(mutex_);
    std::error_code ignored;
    fs::create_directories(aside, ignored);
    Json kept = to_json(*notice);
    kept["reason"] = reason;
    static_cast<void>(
        write_private_file(aside / file_of(waiting_.front()).filename(), dump_json(kept)));
    const std::vector<fs::path> files = entries_of(aside);
    for (std::size_t i = 0; i + k_most_aside < files.size(); ++i) fs::remove(files[i], ignored);
  }
  pop();
}

std::size_t DiskQueue::size() const {
  const std::lock_guard guard(mutex_);
  return waiting_.size();
}

std::chrono::seconds DiskQueue::age() const {
  const std::lock_guard guard(mutex_);
  if (waiting_.empty()) return {};
  std::error_code problem;
  const auto written = fs::last_write_time(file_of(waiting_.front()), problem);
  if (problem) return {};
  const auto age = fs::file_time_type::clock::now() - written;
  return std::max(std::chrono::duration_cast<std::chrono::seconds>(age), std::chrono::seconds{0});
}

}  // namespace aegis::relay
