#include "manifest/secret_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

extern char** environ;

namespace aegis {
namespace {

constexpr auto k_patience = std::chrono::seconds(30);

std::string without_line_end(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

// Everything from `descriptor` until its end; nothing when the time is over.
std::optional<std::string> read_until_end(int descriptor) {
  const auto deadline = std::chrono::steady_clock::now() + k_patience;
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::nullopt;
    pollfd waiting{descriptor, POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(left.count())) <= 0) continue;
    const ssize_t size = read(descriptor, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

struct Child {
  pid_t pid = -1;
  int output = -1;
};

Result<Child> start(const std::vector<std::string>& words) {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return Error{ErrorCode::io, std::strerror(errno)};
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  // The process blocks Ctrl-C to handle it itself; a child must not inherit that.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  Child child;
  const int problem =
      posix_spawnp(&child.pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(pipe_ends[1]);
  if (problem != 0) {
    close(pipe_ends[0]);
    return Error{ErrorCode::io,
                 fmt::format("cannot start {}: {}", words[0], std::strerror(problem))};
  }
  child.output = pipe_ends[0];
  return child;
}

}  // namespace

Result<std::string> read_value_file(const std::filesystem::path& folder,
                                    const std::string& file,
                                    const std::string& home) {
  const std::filesystem::path path =
      file.starts_with("~/") ? std::filesystem::path(home) / file.substr(2) : folder / file;
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  std::error_code ignored;
  if (!stream || std::filesystem::is_directory(path, ignored) ||
      !(text << stream.rdbuf() || stream.eof())) {
    return Error{ErrorCode::io,
                 fmt::format("{} cannot be read: {}", path.string(), std::strerror(errno))};
  }
  return without_line_end(text.str());
}

Result<std::string> read_command_output(const std::vector<std::string>& words) {
  const auto child = start(words);
  if (!child) return child.error();
  const auto output = read_until_end(child->output);
  close(child->output);
  if (!output) kill(child->pid, SIGKILL);
  int status = 0;
  while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!output)
    return Error{ErrorCode::timed_out, fmt::format("{} gave no answer in 30 s", words[0])};
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Error{ErrorCode::rejected,
                 fmt::format("{} ended with status {}",
                             words[0],
                             WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status))};
  }
  return without_line_end(*output);
}

}  // namespace aegis
