#include "kinds/os/backup_rig.h"

#include <catch2/catch.hpp>

namespace aegis::test {

void BackupRig::declare(const std::string& backups) {
  want("      packages: {}\nbackups:\n" + backups);
  converge();
}

std::string BackupRig::attempt(const std::string& entry, const std::string& words) {
  ShellCommand command;
  command.host = "host/a";
  command.words = {"sh", "-c", "sh /usr/local/lib/aegisctl/backup-" + entry + " " + words};
  const auto output = root().run(command);
  REQUIRE(output);
  UNSCOPED_INFO(output->out << output->err);
  return output->exit_status == 0 ? "" : "failed: " + output->err;
}

void BackupRig::must(const std::string& entry, const std::string& words) {
  REQUIRE(attempt(entry, words) == "");
}

std::string BackupRig::copies(const std::string& entry) {
  return root().sh("ls -A /var/backups/aegisctl/" + entry);
}

}  // namespace aegis::test
