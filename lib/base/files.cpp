#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace aegis {
namespace {

Error failure(std::string_view what, const std::filesystem::path& file, int number) {
  return {ErrorCode::io, fmt::format("{} {}: {}", what, file.string(), std::strerror(number))};
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(descriptor) == 0;
}

// 0, or the number of the error.
int write_and_close(int descriptor, std::string_view text) {
  const int problem = write_all(descriptor, text) ? 0 : errno;
  close(descriptor);
  return problem;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return failure("cannot read", file, errno);
  // An empty file ends at once, which is no failure.
  std::ostringstream text;
  if (stream.peek() != std::ifstream::traits_type::eof()) text << stream.rdbuf();
  if (stream.bad() || !text) return failure("cannot read", file, errno);
  return text.str();
}

Result<Done> write_new_file(const std::filesystem::path& file, std::string_view text) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) return failure("cannot write", file, errno);
  const int problem = write_and_close(descriptor, text);
  if (problem == 0) return Done{};
  unlink(file.c_str());
  return failure("cannot write", file, problem);
}

Result<Done> write_private_file(const std::filesystem::path& file, std::string_view text) {
  const std::string beside = fmt::format("{}.{}.tmp", file.string(), getpid());
  const int descriptor = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return failure("cannot write", file, errno);
  int problem = write_and_close(descriptor, text);
  if (problem == 0 && rename(beside.c_str(), file.c_str()) == 0) return Done{};
  if (problem == 0) problem = errno;
  unlink(beside.c_str());
  return failure("cannot write", file, problem);
}

}  // namespace aegis
