#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>

#include "model/endpoint.h"

namespace aegis::test {

struct SshdOptions {
  int max_sessions = 10;  ///< OpenSSH's default

  /// Scripts, by name, that stand first in the PATH of every program it runs ("pct", "docker").
  std::map<std::string, std::string> programs = {};
};

/// A real sshd on a loopback port with keys of its own, for the user who runs the test. Started by
/// the constructor, which throws std::runtime_error when it does not come up; stopped by the
/// destructor, its connections with it. All its files live in one temporary folder.
class PrivateSshd {
 public:
  explicit PrivateSshd(const SshdOptions& options = {});
  PrivateSshd(const PrivateSshd&) = delete;
  PrivateSshd& operator=(const PrivateSshd&) = delete;
  ~PrivateSshd();

  /// How to reach it: its host key pinned, and the key that it accepts.
  [[nodiscard]] SshConnection connection() const;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  /// "SHA256:..." of its host key.
  [[nodiscard]] const std::string& fingerprint() const { return fingerprint_; }

  /// A line for known_hosts that holds its key.
  [[nodiscard]] std::string known_hosts_line() const;

  /// Adds or replaces a script in the PATH of the programs it runs.
  void install(const std::string& name, const std::string& script) const;

  /// Kills the processes that serve its present connections. It goes on listening.
  void drop_connections() const;

  /// Lets nobody in any more; connections that are open stay.
  void lock_out() const;

  /// How many connections it serves at present.
  [[nodiscard]] std::size_t connections() const;

 private:
  void write_config(int max_sessions) const;
  void start();
  [[nodiscard]] bool listens() const;

  std::filesystem::path folder_;
  int port_ = 0;
  std::string fingerprint_;
  pid_t pid_ = -1;
};

/// Makes a key pair without a passphrase at `file` and `file`.pub.
void make_ssh_key(const std::filesystem::path& file);

}  // namespace aegis::test
