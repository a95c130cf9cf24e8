#pragma once

#include <string>

#include "lab/project.h"
#include "support/private_sshd.h"

namespace aegis::test {

/// A host as aegisctl meets it, without a system of its own: a simulated Proxmox API, and a real
/// sshd as the way in. What the tool keeps below /var/lib/aegisctl on a host goes into a folder of
/// this test.
class Host : public Project {
 public:
  explicit Host(simulator::SimulatorOptions options = {});

  /// Makes `pct exec VMID -- WORDS` run the words against this engine, as if it were in a
  /// container.
  void put_engine_into_guests(const std::string& docker_socket) const;

  /// The `ssh:` and `proxmox:` lines of a server in a manifest.
  [[nodiscard]] std::string server_lines() const;

  /// The files of the journal on the host, one text.
  [[nodiscard]] std::string journal() const;

 private:
  PrivateSshd sshd_;
};

}  // namespace aegis::test
