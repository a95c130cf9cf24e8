#pragma once

#include <sys/types.h>

#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"
#include "effects/shell.h"

namespace aegis::test {

/// A machine of its own as far as files go: this machine's root tree with a layer above it that
/// takes all writes, in a mount namespace of its own, with Debian's first users and groups, and
/// with support/fake_systemctl.h in place of a systemd that runs, and with the settings
/// vm.swappiness and net.ipv4.tcp_rmem of a kernel. Every host's shell is root's
/// shell there. Nothing that happens in it reaches this machine's files; all of it is gone with the
/// object. Commands may come from several threads. Needs root. The constructor throws
/// std::runtime_error when it cannot be made.
class PrivateRoot : public RemoteShell {
 public:
  PrivateRoot();
  ~PrivateRoot() override;
  PrivateRoot(const PrivateRoot&) = delete;
  PrivateRoot& operator=(const PrivateRoot&) = delete;

  Result<ShellOutput> run(const ShellCommand& command) override;

  /// Runs a script by hand, and gives what it printed. Fails the test when it fails.
  std::string sh(const std::string& script) const;

  /// All that was changed, by path: type, mode, owner, and a file's SHA-256 or a link's target.
  /// Without the copies that useradd and its like make of the files they change, and without what
  /// git keeps in a checkout for itself.
  [[nodiscard]] Json changes() const;

  /// From now on nobody gets in over a new connection ("host/NAME/new"), or again.
  void lock_out(bool locked_out) { locked_out_ = locked_out; }

  /// The next new connection cuts this system off, for old ones too, until it has been tried again
  /// a few times and the timer `name` elapses.
  void cut_off_until(std::string name) { brings_back_ = std::move(name); }

  /// What the timer `name` of systemd-run would do when its time comes. Fails the test when there
  /// is none.
  void elapse(const std::string& name) const;

  /// The commands so far, reading ones left out.
  [[nodiscard]] const std::vector<ShellCommand>& writes() const { return writes_; }
  /// How many commands only read so far.
  [[nodiscard]] int reads() const { return reads_; }

 private:
  bool is_cut_off(const ShellCommand& command);
  [[nodiscard]] ShellOutput execute(const std::vector<std::string>& words,
                                    const std::string& input,
                                    bool inside) const;

  std::string folder_;  ///< where its trees are mounted, in its own namespace only
  pid_t keeper_ = -1;   ///< holds the namespace
  int lifeline_ = -1;   ///< its standard input: it ends with it
  bool locked_out_ = false;
  std::string brings_back_;  ///< the timer
  int tries_ = 0;            ///< since the system was cut off
  std::mutex mutex_;
  std::vector<ShellCommand> writes_;
  int reads_ = 0;
};

}  // namespace aegis::test
