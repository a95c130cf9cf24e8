#include "lab/program.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace aegis::test {
namespace {

pid_t spawn(const std::vector<std::string>& words, int in, int out, int death_signal) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, death_signal);
  dup2(in, 0);
  dup2(out, 1);
  dup2(out, 2);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

ProgramEnd run_program(const std::vector<std::string>& words, std::string_view input) {
  const int in = memfd_create("input", MFD_CLOEXEC);
  const int out = memfd_create("output", MFD_CLOEXEC);
  if (in < 0 || out < 0 || write(in, input.data(), input.size()) < 0) {
    throw std::runtime_error("no memory for a program's input");
  }
  lseek(in, 0, SEEK_SET);
  int status = 0;
  waitpid(spawn(words, in, out, 0), &status, 0);
  ProgramEnd end;
  end.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  end.output.resize(static_cast<std::size_t>(lseek(out, 0, SEEK_END)));
  if (pread(out, end.output.data(), end.output.size(), 0) < 0) end.output.clear();
  close(in);
  close(out);
  return end;
}

pid_t start_program(const std::vector<std::string>& words, const std::string& log) {
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const pid_t pid = spawn(words, in, out, SIGKILL);
  close(in);
  close(out);
  return pid;
}

}  // namespace aegis::test
