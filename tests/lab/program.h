#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace aegis::test {

/// How a program ended. Its output is that of both channels, as it came.
struct ProgramEnd {
  int exit_status = 0;
  std::string output;
};

/// Runs a program of the PATH with `input` as its standard input, and waits for it.
ProgramEnd run_program(const std::vector<std::string>& words, std::string_view input = "");

/// Starts a program that is killed when this process ends. Both outputs go to the file `log`.
pid_t start_program(const std::vector<std::string>& words, const std::string& log);

}  // namespace aegis::test
