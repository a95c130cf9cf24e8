#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "effects/shell.h"

namespace aegis {

/// A shell whose answers are told by the test. Each command is answered by the first rule that
/// fits: its host, and a text that its words (joined with blanks) or its input hold. A command that
/// no rule fits gets exit status 127 and fails the test when the shell goes. Thread-safe.
class FakeShell : public RemoteShell {
 public:
  using Answer = std::function<Result<ShellOutput>(const ShellCommand&)>;

  ~FakeShell() override {
    for (const std::string& command : unexpected_) {
      FAIL_CHECK("unexpected command: " << command);
    }
  }

  /// Answers commands on `host` ("" for every host) that hold `text` ("" for all).
  void on(std::string host, std::string text, Answer answer) {
    const std::lock_guard guard(mutex_);
    rules_.push_back({std::move(host), std::move(text), std::move(answer)});
  }

  void on(std::string host, std::string text, std::string out, int exit_status = 0) {
    on(std::move(host), std::move(text), [out, exit_status](const ShellCommand&) {
      return ShellOutput{exit_status, out, {}};
    });
  }

  Result<ShellOutput> run(const ShellCommand& command) override {
    Answer answer;
    {
      const std::lock_guard guard(mutex_);
      commands_.push_back(command);
      const std::string line = joined(command);
      for (const Rule& rule : rules_) {
        if (!rule.host.empty() && rule.host != command.host) continue;
        if (line.find(rule.text) == std::string::npos &&
            command.input.find(rule.text) == std::string::npos)
          continue;
        answer = rule.answer;
        break;
      }
      if (!answer) unexpected_.push_back(command.host + ": " + line + " < " + command.input);
    }
    // Outside the lock, so that an answer may take its time while others are given.
    return answer ? answer(command) : ShellOutput{127, {}, "not told what to answer"};
  }

  /// What was run so far, in the order of arrival.
  std::vector<ShellCommand> commands() const {
    const std::lock_guard guard(mutex_);
    return commands_;
  }

 private:
  struct Rule {
    std::string host;
    std::string text;
    Answer answer;
  };

  static std::string joined(const ShellCommand& command) {
    std::string line;
    for (const std::string& word : command.words) line += (line.empty() ? "" : " ") + word;
    return line;
  }

  mutable std::mutex mutex_;
  std::vector<Rule> rules_;
  std::vector<ShellCommand> commands_;
  std::vector<std::string> unexpected_;
};

}  // namespace aegis
