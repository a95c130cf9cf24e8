#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace aegis::test {

/// A program that runs beside the test, its output in a file; killed by the destructor.
class Process {
 public:
  Process(std::vector<std::string> words, const std::filesystem::path& output);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// What it ended with, after waiting for that; -1 for a signal.
  int wait();

 private:
  pid_t pid_ = -1;
};

struct Finished {
  int exit_code;
  std::string output;  ///< standard output and standard error
};

/// Runs a program to its end in the folder `in`.
Finished run_in(const std::filesystem::path& in, const std::vector<std::string>& words);

std::string slurp(const std::filesystem::path& file);

/// A TCP port on loopback that nobody listens on.
int free_port();

}  // namespace aegis::test
