#pragma once

#include <memory>
#include <string>

#include "cli/binary.h"
#include "simulator/server.h"

namespace aegis::test {

/// A project folder for one simulated server, and the environment to reach it with.
class Project {
 public:
  explicit Project(simulator::SimulatorOptions options = {});

  /// The words with "-C <folder>" in front, run to the end.
  Run run(const std::vector<std::string>& words) const;

  /// The same, in the background.
  [[nodiscard]] BackgroundRun start(const std::vector<std::string>& words) const;

  /// Writes a file of the project.
  void write(const std::string& name, const std::string& text) const {
    scratch_.write("project/" + name, text);
  }

  [[nodiscard]] std::string folder() const { return scratch_.path() + "/project"; }
  [[nodiscard]] std::string scratch() const { return scratch_.path(); }

  /// One more variable for every later run, or another value for it.
  void set(const std::string& name, const std::string& value) { environment_[name] = value; }

  simulator::Server& server() { return *server_; }

 private:
  Scratch scratch_;
  std::unique_ptr<simulator::Server> server_;
  Environment environment_;
};

/// A manifest with the server "demo" and, under `containers:`, the given text.
std::string manifest_with(const std::string& containers);

/// A container that the simulator's defaults allow, as text below `containers:`.
std::string container_text(const std::string& name, int vmid, const std::string& more = "");

}  // namespace aegis::test
