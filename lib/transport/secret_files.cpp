#include "transport/secret_files.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/files.h"

namespace aegis::transport {
namespace {

Error failure(std::string_view what, const std::filesystem::path& place, int number) {
  return {ErrorCode::io, fmt::format("{} {}: {}", what, place.string(), std::strerror(number))};
}

// Makes the folder and those above it, for the user alone.
Result<Done> make_folder(const std::filesystem::path& folder) {
  std::filesystem::path so_far;
  for (const std::filesystem::path& piece : folder) {
    so_far /= piece;
    if (::mkdir(so_far.c_str(), 0700) == 0 || errno == EEXIST || so_far == "/") continue;
    return failure("cannot make the folder", so_far, errno);
  }
  return Done{};
}

}  // namespace

std::filesystem::path SecretFiles::place_of(const std::string& file) const {
  return file.starts_with("~/") ? home_ / file.substr(2) : folder_ / file;
}

Result<Done> SecretFiles::check(const std::string& file) {
  const std::filesystem::path place = place_of(file);
  const std::filesystem::path folder = place.has_parent_path() ? place.parent_path() : ".";
  if (auto made = make_folder(folder); !made) return made;
  std::error_code ignored;
  if (std::filesystem::is_directory(place, ignored)) {
    return failure("cannot write", place, EISDIR);
  }
  if (!std::filesystem::is_directory(folder, ignored)) {
    return failure("cannot write", place, ENOTDIR);
  }
  // The file itself is replaced, so it is its folder that must be writable.
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return failure("cannot write", place, errno);
  return Done{};
}

Result<Done> SecretFiles::keep(const std::string& file, const Secret& secret) {
  if (auto ready = check(file); !ready) return ready;
  return write_private_file(place_of(file), fmt::format("{}\n", secret.reveal()));
}

}  // namespace aegis::transport
