#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"

namespace aegis {

/// A program to run on a named host ("host/fsn1") or in a guest ("guest/fsn1/103"). The words reach
/// the program as they are: quoting happens once, in the transport.
struct ShellCommand {
  std::string host;
  std::vector<std::string> words;
  std::string input;  ///< standard input; the way for secrets and scripts, which must not be words
  std::chrono::milliseconds timeout{60'000};
  bool reads_only = false;  ///< a fact script: allowed while planning
};

struct ShellOutput {
  int exit_status = 0;  ///< 128 + n when a signal ended it
  std::string out;
  std::string err;
};

/// The door to remote shells. A program that ran and failed is a value; an Error means that it was
/// not run (`unreachable`, `unauthorized`) or that its end was not seen (`outcome_unknown`,
/// `timed_out`). Thread-safe.
class RemoteShell {
 public:
  virtual ~RemoteShell() = default;

  virtual Result<ShellOutput> run(const ShellCommand& command) = 0;
};

}  // namespace aegis
