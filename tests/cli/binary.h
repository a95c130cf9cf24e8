#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace aegis::test {

/// What a run of the binary came to.
struct Run {
  int exit_code = 0;  ///< 128 + n when a signal ended it
  std::string out;
  std::string err;
};

/// The environment of a run; nothing else of ours is handed on but PATH.
using Environment = std::map<std::string, std::string>;

/// Runs the built aegisctl with `words` and waits for it. Standard input is empty.
Run run_aegisctl(const std::vector<std::string>& words, const Environment& environment = {});

/// A run of aegisctl in the background, with its output in files below `folder`.
class BackgroundRun {
 public:
  BackgroundRun(const std::vector<std::string>& words,
                const Environment& environment,
                const std::string& folder);

  /// Kills it if it still runs.
  ~BackgroundRun();

  BackgroundRun(const BackgroundRun&) = delete;
  BackgroundRun& operator=(const BackgroundRun&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }

  void signal(int number) const;

  /// Its end; throws std::runtime_error when it has not ended in time.
  Run wait(std::chrono::milliseconds patience = std::chrono::seconds(60));

 private:
  pid_t pid_ = -1;
  std::string folder_;
};

/// A folder that is removed with all in it when this goes.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

  /// Writes `text` to `name` below the folder, making folders on the way; returns the whole path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::string path_;
};

}  // namespace aegis::test
