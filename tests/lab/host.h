#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/binary.h"
#include "simulator/server.h"
#include "support/private_sshd.h"

namespace aegis::test {

/// A host as aegisctl meets it: a simulated Proxmox API, and a real sshd as the way in. What the
/// tool keeps below /var/lib/aegisctl on a host goes into a folder of this test.
class Host {
 public:
  explicit Host(simulator::SimulatorOptions options = {});

  /// Makes `pct exec VMID -- WORDS` run the words against this engine, as if it were in a
  /// container.
  void put_engine_into_guests(const std::string& docker_socket) const;

  /// The `ssh:` and `proxmox:` lines of a server in a manifest.
  [[nodiscard]] std::string server_lines() const;

  /// Runs aegisctl on the project folder.
  [[nodiscard]] Run run(const std::vector<std::string>& words, const Environment& more = {}) const;

  void write(const std::string& name, const std::string& text) const {
    scratch_.write("project/" + name, text);
  }
  [[nodiscard]] std::string project() const { return scratch_.path() + "/project"; }

  /// The files of the journal on the host, one text.
  [[nodiscard]] std::string journal() const;

 private:
  Scratch scratch_;
  std::unique_ptr<simulator::Server> simulator_;
  PrivateSshd sshd_;
};

}  // namespace aegis::test
