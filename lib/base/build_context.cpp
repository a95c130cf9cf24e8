#include "base/build_context.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "base/files.h"
#include "base/ignore_rules.h"

namespace aegis {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t k_largest = std::uintmax_t{1} << 30U;
constexpr std::string_view k_ignore_file = ".dockerignore";

Error unreadable(const fs::path& path, std::string_view why) {
  return {ErrorCode::io, fmt::format("{} cannot be read: {}", path.string(), why)};
}

class ContextReader {
 public:
  ContextReader(const fs::path& folder, std::string_view dockerfile, IgnoreRules rules)
      : folder_(folder), dockerfile_(dockerfile), rules_(std::move(rules)) {}

  Result<std::vector<TarEntry>> read() {
    std::error_code problem;
    fs::recursive_directory_iterator walk(folder_, problem);
    if (problem) return unreadable(folder_, problem.message());
    for (; walk != fs::recursive_directory_iterator(); walk.increment(problem)) {
      const std::string path = walk->path().lexically_relative(folder_).generic_string();
      const fs::file_status status = walk->symlink_status(problem);
      if (problem) return unreadable(walk->path(), problem.message());
      const bool is_folder = fs::is_directory(status);
      if (is_folder && rules_.ignores_all_below(path)) walk.disable_recursion_pending();
      if (is_left_out(path)) continue;
      if (auto added = add(path, walk->path(), status); !added) return added.error();
    }
    if (problem) return unreadable(folder_, problem.message());
    std::sort(entries_.begin(), entries_.end(), [](const TarEntry& a, const TarEntry& b) {
      return a.path < b.path;
    });
    return std::move(entries_);
  }

 private:
  [[nodiscard]] bool is_left_out(const std::string& path) const {
    return path != dockerfile_ && path != k_ignore_file && rules_.ignores(path);
  }

  Result<Done> add(const std::string& path, const fs::path& place, const fs::file_status& status) {
    TarEntry entry;
    entry.path = path;
    if (fs::is_symlink(status)) {
      std::error_code problem;
      entry.type = TarEntry::Type::link;
      entry.mode = 0777;
      entry.content = fs::read_symlink(place, problem).string();
    } else if (fs::is_directory(status)) {
      entry.type = TarEntry::Type::folder;
      entry.mode = 0755;
    } else if (fs::is_regular_file(status)) {
      const bool runs = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
      entry.mode = runs ? 0755 : 0644;
      auto content = read_file(place);
      if (!content) return content.error();
      entry.content = std::move(*content);
    } else {
      return Done{};  // sockets and the like are nothing to build from
    }
    size_ += entry.content.size();
    if (size_ > k_largest) return unreadable(folder_, "it has more than 1 GiB");
    entries_.push_back(std::move(entry));
    return Done{};
  }

  const fs::path& folder_;
  std::string dockerfile_;
  IgnoreRules rules_;
  std::uintmax_t size_ = 0;
  std::vector<TarEntry> entries_;
};

}  // namespace

Result<std::vector<TarEntry>> read_build_context(const fs::path& folder,
                                                 std::string_view dockerfile) {
  std::error_code ignored;
  std::string rules;
  const fs::path file = folder / k_ignore_file;
  if (fs::exists(file, ignored)) {
    auto text = read_file(file);
    if (!text) return text.error();
    rules = std::move(*text);
  }
  return ContextReader(folder, dockerfile, IgnoreRules(rules)).read();
}

std::string context_digest(const std::vector<TarEntry>& context) {
  return sha256_hex(write_tar(context));
}

}  // namespace aegis
