#include "cli/binary.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace aegis::test {
namespace {

std::string slurp(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void redirect(const char* file, int flags, int descriptor) {
  const int opened = open(file, flags, 0600);
  if (opened < 0 || dup2(opened, descriptor) < 0) _exit(127);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

pid_t start(std::vector<std::string> words,
            const Environment& environment,
            const std::string& folder) {
  words.insert(words.begin(), AEGIS_BINARY);
  std::vector<std::string> variables{"PATH=" + std::string(std::getenv("PATH"))};
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const std::string out = folder + "/stdout";
  const std::string err = folder + "/stderr";
  auto arguments = pointers(words);
  auto values = pointers(variables);
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("cannot fork");
  if (pid > 0) return pid;
  redirect("/dev/null", O_RDONLY, STDIN_FILENO);
  redirect(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
  redirect(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
  execve(AEGIS_BINARY, arguments.data(), values.data());
  _exit(127);
}

int exit_code_of(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Run run_aegisctl(const std::vector<std::string>& words, const Environment& environment) {
  const Scratch scratch;
  return BackgroundRun(words, environment, scratch.path()).wait();
}

BackgroundRun::BackgroundRun(const std::vector<std::string>& words,
                             const Environment& environment,
                             const std::string& folder)
    : pid_(start(words, environment, folder)), folder_(folder) {}

BackgroundRun::~BackgroundRun() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void BackgroundRun::signal(int number) const {
  kill(pid_, number);
}

Run BackgroundRun::wait(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  int status = 0;
  while (waitpid(pid_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("aegisctl did not end");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  pid_ = -1;
  return {exit_code_of(status), slurp(folder_ + "/stdout"), slurp(folder_ + "/stderr")};
}

Scratch::Scratch() {
  std::string pattern = (std::filesystem::temp_directory_path() / "aegis-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder");
  path_ = pattern;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Scratch::write(const std::string& name, const std::string& text) const {
  const std::filesystem::path file = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
  return file.string();
}

}  // namespace aegis::test
