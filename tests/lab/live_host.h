#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "lab/project.h"

namespace aegis::test {

/// A real Debian with systemd and sshd that acts as a Proxmox host: an LXC container in this
/// process's own network, reached at 203.0.113.15. The API beside it is simulated. It may hold a
/// guest: a container in the container, 103, with a dockerd that can be started, reached by a `pct
/// exec` that behaves like Proxmox's. Needs root, and Debian's lxc and mmdebstrap.
class LiveHost : public Project {
 public:
  enum class With { nothing, guest };

  /// Throws std::runtime_error when it does not come up. The first one puts this process into a
  /// network namespace of its own.
  explicit LiveHost(With with = With::nothing);
  ~LiveHost();
  LiveHost(const LiveHost&) = delete;
  LiveHost& operator=(const LiveHost&) = delete;

  /// The `ssh:` and `proxmox:` lines of the server in a manifest.
  [[nodiscard]] std::string server_lines() const;

  /// A manifest of the host and the guest, with the same section `os` in both: its lines, from the
  /// first line's end on.
  [[nodiscard]] std::string manifest(const std::string& os) const;

  /// Runs a script by hand on the host, past its network, and gives what it printed. Fails the test
  /// when it fails.
  std::string sh(std::string_view script) const;

  /// The same in the guest.
  std::string guest_sh(std::string_view script) const;

 private:
  void boot();
  void boot_guest() const;
  [[nodiscard]] std::vector<std::string> attach(const std::vector<std::string>& words) const;
  [[nodiscard]] std::vector<std::string> attach_to_guest(
      const std::vector<std::string>& words) const;

  std::string name_;
  pid_t monitor_ = -1;
  std::string host_key_;
};

}  // namespace aegis::test
