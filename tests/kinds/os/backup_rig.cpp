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

bool BackupRig::dies_at(const std::string& entry, const std::string& words, int nth) {
  root().sh(R"sh(mkdir -p /tmp/deadly
for program in mv rm rmdir sync mkdir tar cp runuser docker chown git systemctl; do
  path=$(PATH=/usr/local/sbin:$PATH command -v $program) || continue
  cat > /tmp/deadly/$program <<END
#!/bin/sh
number=\$(flock /tmp/calls sh -c 'echo x >> /tmp/calls; wc -l < /tmp/calls')
[ "\$number" -ne "\$(cat /tmp/last)" ] || kill -KILL "-\$(cat /tmp/group)"
exec $path "\$@"
END
  chmod 755 /tmp/deadly/$program
done
)sh");
  const std::string library = "/usr/local/lib/aegisctl/backup.sh";
  const std::string script =
      ": > /tmp/calls; echo " + std::to_string(nth) + " > /tmp/last; cp -p " + library +
      " /tmp/alive; sed -i 's|^PATH=|PATH=/tmp/deadly:|' " + library +
      "; if setsid -w sh -c 'echo $$ > /tmp/group; exec sh /usr/local/lib/aegisctl/backup-" +
      entry + " " + words +
      "' > /tmp/words 2>&1; then echo ended; else echo died; fi; cp -p /tmp/alive " + library;
  return root().sh(script) == "died\n";
}

void BackupRig::go_on(const std::string& entry, const std::string& words) {
  const std::string begun = "if grep -q 'has ended' /tmp/words || [ -e /var/lib/aegisctl/backup/" +
                            entry + "/.ended-* ]; then echo ended; fi";
  if (root().sh(begun) != "ended\n") must(entry, words);
}

std::string BackupRig::copies(const std::string& entry) {
  return root().sh("ls -A /var/backups/aegisctl/" + entry);
}

}  // namespace aegis::test
