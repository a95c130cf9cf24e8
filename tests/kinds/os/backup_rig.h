#pragma once

#include <string>

#include "kinds/os/os_rig.h"

namespace aegis::test {

/// A system with declared backups of data, whose scripts run for real. What its services are told
/// to run is run by hand, since no systemd does.
class BackupRig : public OsRig {
 public:
  /// Declares the section `backups`, indented by two blanks, and brings it about; `on: server/a`
  /// names the system.
  void declare(const std::string& backups);

  /// Runs the script of an entry; what it says when it fails, or an empty text.
  std::string attempt(const std::string& entry, const std::string& words = "run");

  /// The same, and fails the test when it fails.
  void must(const std::string& entry, const std::string& words = "run");

  /// Runs it, and kills it and all that it started before its Nth command of those that change
  /// something. False when it ended before that.
  bool dies_at(const std::string& entry, const std::string& words, int nth);

  /// Restores the entry again, unless the restore that was cut had ended; fails the test when it
  /// fails.
  void go_on(const std::string& entry, const std::string& words);

  /// The whole copies of an entry, newest last, one a line.
  std::string copies(const std::string& entry);
};

}  // namespace aegis::test
