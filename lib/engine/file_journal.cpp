#include "engine/file_journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/journal_text.h"

namespace aegis {
namespace {

namespace fs = std::filesystem;

Error io_error(std::string_view what, const fs::path& path, std::error_code why) {
  return {ErrorCode::io, fmt::format("{} {}: {}", what, path.string(), why.message())};
}

std::error_code last_error() {
  return {errno, std::system_category()};
}

/// Creates what is missing of `folder`; the folder itself is for its owner only.
Result<Done> make_folder(const fs::path& folder) {
  std::error_code problem;
  if (fs::is_directory(folder, problem)) return Done{};
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), problem);
  if (mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return io_error("cannot create", folder, last_error());
  }
  return Done{};
}

/// Makes a new name in `folder` survive a power cut.
Result<Done> flush_folder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return io_error("cannot open", folder, last_error());
  const bool flushed = fsync(descriptor) == 0;
  const std::error_code problem = last_error();
  close(descriptor);
  if (!flushed) return io_error("cannot flush", folder, problem);
  return Done{};
}

/// The journals' names in `folder`, newest first. A folder that does not exist has none.
Result<std::vector<std::string>> list_journals(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code problem;
  fs::directory_iterator file(folder, problem);
  if (problem == std::errc::no_such_file_or_directory) return names;
  while (!problem && file != fs::directory_iterator()) {
    std::string name = file->path().filename().string();
    if (is_journal_file_name(name)) names.push_back(std::move(name));
    file.increment(problem);
  }
  if (problem) return io_error("cannot list", folder, problem);
  std::sort(names.rbegin(), names.rend());
  return names;
}

Result<std::string> read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) return io_error("cannot read", path, last_error());
  return text;
}

}  // namespace

FileJournal::FileJournal(fs::path folder, RunIdentity identity)
    : folder_(std::move(folder)), identity_(std::move(identity)) {}

FileJournal::~FileJournal() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<Done> FileJournal::append(const JournalEntry& entry) {
  const std::lock_guard guard(mutex_);
  if (descriptor_ < 0) {
    if (auto opened = open_file(entry.time); !opened) return opened;
  }
  auto written = write_line(to_line(with_identity(entry, identity_)));
  if (written && entry.event == JournalEntry::Event::run_ended) prune();
  return written;
}

Result<Done> FileJournal::open_file(TimePoint start) {
  if (auto made = make_folder(folder_); !made) return made;
  name_ = journal_file_name(start, identity_.run);
  const fs::path path = folder_ / name_;
  descriptor_ = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor_ < 0) return io_error("cannot create", path, last_error());
  return flush_folder(folder_);
}

Result<Done> FileJournal::write_line(const std::string& line) {
  const off_t size = lseek(descriptor_, 0, SEEK_END);
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (rest.empty() && fsync(descriptor_) == 0) return Done{};
  const std::error_code problem = last_error();
  // A later entry must not be glued to the half of this one.
  if (ftruncate(descriptor_, size) != 0) {
    return io_error("cannot write to, nor repair,", folder_ / name_, problem);
  }
  return io_error("cannot write", folder_ / name_, problem);
}

Result<std::vector<JournalEntry>> FileJournal::read_first(
    const std::function<Verdict(std::string_view)>& judge) {
  const std::lock_guard guard(mutex_);
  const auto names = list_journals(folder_);
  if (!names) return names.error();
  for (const std::string& name : *names) {
    if (name == name_) continue;
    const auto text = read_text(folder_ / name);
    if (!text) return text.error();
    const Verdict verdict = judge(*text);
    if (verdict == Verdict::end) break;
    if (verdict == Verdict::pass_over) continue;
    auto entries = parse_journal(*text).in_context((folder_ / name).string());
    if (!entries || !entries->empty()) return entries;
  }
  return std::vector<JournalEntry>{};
}

Result<std::vector<JournalEntry>> FileJournal::read_unfinished() {
  return read_first([](std::string_view journal) {
    const RunEnd end = end_of_run(journal);
    if (end == RunEnd::none) return Verdict::take;
    return end == RunEnd::succeeded ? Verdict::end : Verdict::pass_over;
  });
}

Result<std::vector<JournalEntry>> FileJournal::read_newest() {
  auto entries = read_first([](std::string_view) { return Verdict::take; });
  if (entries && entries->size() > 2) entries->erase(entries->begin() + 1, entries->end() - 1);
  return entries;
}

void FileJournal::prune() const {
  const auto names = list_journals(folder_);
  if (!names) return;
  bool superseded = false;
  for (std::size_t i = 0; i < names->size(); ++i) {
    const fs::path path = folder_ / (*names)[i];
    const auto text = read_text(path);
    if (!text) continue;  // not ours to judge
    const RunEnd end = end_of_run(*text);
    std::error_code ignored;  // what stays is harmless, and the next run tries again
    if (i >= k_kept_runs && (superseded || end != RunEnd::none)) fs::remove(path, ignored);
    superseded = superseded || end == RunEnd::succeeded;
  }
}

}  // namespace aegis
