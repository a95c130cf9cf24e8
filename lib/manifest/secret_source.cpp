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

#include "base/units.h"
#include "manifest/user_path.h"

extern char** environ;

namespace aegis {
namespace {

constexpr std::size_t k_largest = std::size_t{1} << 20U;

std::string without_line_end(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

using TimeLimit = std::chrono::steady_clock::time_point;

std::chrono::milliseconds time_left(TimeLimit limit) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(limit -
                                                               std::chrono::steady_clock::now());
}

// Everything from `descriptor` until its end, or a little more than what is allowed; nothing when
// the time is over.
std::optional<std::string> read_until_end(int descriptor, TimeLimit limit) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (text.size() <= k_largest) {
    const auto left = time_left(limit);
    if (left.count() <= 0) return std::nullopt;
    pollfd waiting{descriptor, POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(left.count())) <= 0) continue;
    const ssize_t size = read(descriptor, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return text;
}

// How the child ended; nothing when it had to be killed. A program may close its output and go on.
std::optional<int> wait_for_end(pid_t pid, TimeLimit limit) {
  int status = 0;
  while (true) {
    const pid_t ended = waitpid(pid, &status, WNOHANG);
    if (ended == pid) return status;
    if (ended < 0 && errno != EINTR) return std::nullopt;
    if (time_left(limit).count() <= 0) break;
    poll(nullptr, 0, 5);
  }
  kill(pid, SIGKILL);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return std::nullopt;
}

struct Child {
  pid_t pid = -1;
  int output = -1;
};

// A pipe's end to read `input` from. It holds all of it, so that nobody has to write while the
// child runs. Negative when there is none.
int readable(std::string_view input) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return -1;
  const ssize_t written = write(ends[1], input.data(), input.size());
  close(ends[1]);
  if (written == static_cast<ssize_t>(input.size())) return ends[0];
  close(ends[0]);
  return -1;
}

Result<Child> start(const std::vector<std::string>& words, std::string_view input) {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return Error{ErrorCode::io, std::strerror(errno)};
  const int source = readable(input);
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, source, STDIN_FILENO);
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
  if (source >= 0) close(source);
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
  const std::filesystem::path path = user_path(folder, home, file);
  const auto cannot = [&](const std::string& why) {
    return Error{ErrorCode::io, fmt::format("{} cannot be read: {}", path.string(), why)};
  };
  std::error_code problem;
  const auto status = std::filesystem::status(path, problem);
  if (problem && status.type() != std::filesystem::file_type::not_found)
    return cannot(problem.message());
  if (status.type() == std::filesystem::file_type::not_found)
    return cannot("there is no such file");
  if (!std::filesystem::is_regular_file(status)) return cannot("it is not a file");
  if (std::filesystem::file_size(path, problem) > k_largest && !problem)
    return cannot("it has more than 1 MiB");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return cannot(std::strerror(errno));
  std::string text(k_largest + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > k_largest) return cannot("it has more than 1 MiB");
  return without_line_end(std::move(text));
}

Result<std::string> read_command_output(const std::vector<std::string>& words,
                                        std::chrono::milliseconds patience,
                                        std::string_view input) {
  if (words.empty() || words.front().empty())
    return Error{ErrorCode::io, "the command has no words"};
  const auto child = start(words, input);
  if (!child) return child.error();
  const TimeLimit limit = std::chrono::steady_clock::now() + patience;
  auto output = read_until_end(child->output, limit);
  close(child->output);
  const bool too_much = output && output->size() > k_largest;
  const auto status = wait_for_end(child->pid, too_much ? TimeLimit{} : limit);
  if (too_much)
    return Error{ErrorCode::rejected, fmt::format("{} printed more than 1 MiB", words[0])};
  if (!output || !status) {
    return Error{ErrorCode::timed_out,
                 fmt::format("{} had not ended after {}", words[0], format_duration(patience))};
  }
  if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0) {
    return Error{ErrorCode::rejected,
                 fmt::format("{} ended with status {}",
                             words[0],
                             WIFEXITED(*status) ? WEXITSTATUS(*status) : 128 + WTERMSIG(*status))};
  }
  return without_line_end(std::move(*output));
}

}  // namespace aegis
