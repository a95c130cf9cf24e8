#pragma once

#include <filesystem>
#include <mutex>

#include "effects/shell.h"
#include "simulator/host.h"

namespace aegis::test {

/// Root's shell on a simulated node: scripts that change a container's configuration file are run
/// by this machine's own shell, on a file of a temporary folder whose contents come from the
/// simulated host and go back to it. Any other command fails the test. Thread-safe.
class NodeShell : public RemoteShell {
 public:
  explicit NodeShell(simulator::Host& host);
  ~NodeShell() override;
  NodeShell(const NodeShell&) = delete;
  NodeShell& operator=(const NodeShell&) = delete;

  Result<ShellOutput> run(const ShellCommand& command) override;

 private:
  simulator::Host& host_;
  std::filesystem::path folder_;
  std::mutex mutex_;
};

}  // namespace aegis::test
