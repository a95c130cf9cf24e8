#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/binary.h"
#include "model/endpoint.h"
#include "simulator/server.h"

namespace aegis::test {

/// A project folder, the Proxmox API that its server has (simulated), and the built aegisctl.
class Project {
 public:
  explicit Project(simulator::SimulatorOptions options = {});

  void write(const std::string& name, const std::string& text) const {
    scratch_.write("project/" + name, text);
  }
  [[nodiscard]] std::string folder() const { return scratch_.path() + "/project"; }

  /// A folder of this test for all else.
  [[nodiscard]] const std::string& scratch() const { return scratch_.path(); }

  /// The line `proxmox:` of the server in a manifest.
  [[nodiscard]] std::string proxmox_line() const;

  /// The line `ssh:` of a server in a manifest.
  [[nodiscard]] static std::string ssh_line(const SshConnection& ssh);

  /// Runs aegisctl on the project folder.
  [[nodiscard]] Run run(const std::vector<std::string>& words, const Environment& more = {}) const;

  /// The same, in the background, with its outputs in the files `stdout` and `stderr` of scratch().
  [[nodiscard]] std::unique_ptr<BackgroundRun> start(const std::vector<std::string>& words) const;

 private:
  [[nodiscard]] std::vector<std::string> in_folder(const std::vector<std::string>& words) const;
  [[nodiscard]] Environment environment() const;

  Scratch scratch_;
  std::unique_ptr<simulator::Server> simulator_;
};

}  // namespace aegis::test
