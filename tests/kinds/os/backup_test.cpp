#include <catch2/catch.hpp>

#include "base/text.h"
#include "kinds/os/backup_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* k_files =
    "  files: { on: server/a, directories: [\"/srv/it's\"], schedule: daily }\n";

// The folder of the only copy.
std::string only_copy(BackupRig& rig, const std::string& entry) {
  const auto names = split(std::string(trim(rig.copies(entry))), '\n');
  REQUIRE(names.size() == 1);
  return "/var/backups/aegisctl/" + entry + "/" + names.front();
}

void make_files(BackupRig& rig) {
  rig.root().sh(
      "mkdir -p \"/srv/it's/cache\"; cd \"/srv/it's\"; echo one > a; echo two > cache/b; ln -s a "
      "l; "
      "chown 33:33 a; chmod 640 a");
}

}  // namespace

TEST_CASE("a backup of data is a script, a service and a timer, and systemd takes them") {
  BackupRig rig;
  rig.declare(
      "  files: { on: server/a, directories: [/srv], schedule: \"*-*-* 03:00\", timeout: 2h, "
      "on_failure: [tell@.service], delay: 5m }\n");
  CHECK(rig.root().sh("ls /etc/systemd/system/timers.target.wants | grep ^backup") ==
        "backup-files.timer\n");
  const std::string service = rig.root().sh("cat /etc/systemd/system/backup-files.service");
  CHECK(mentions(service, "TimeoutStartSec=2h\n"));
  CHECK(mentions(service, "OnFailure=tell@%n.service\n"));
  CHECK(mentions(service,
                 "ExecStart=\"/bin/sh\" \"/usr/local/lib/aegisctl/backup-files\" \"run\"\n"));
  CHECK(rig.root().sh("stat -c %a /usr/local/lib/aegisctl/backup-files") == "700\n");
}

TEST_CASE("a directory is kept with owners, modes and links, without what is left out") {
  BackupRig rig;
  make_files(rig);
  rig.declare(
      "  files: { on: server/a, directories: [\"/srv/it's\"], schedule: daily, "
      "exclude-path: [\"/srv/it's/cache/*\"] }\n");
  rig.must("files");
  const std::string copy = only_copy(rig, "files");
  rig.root().sh("mkdir /srv/back; tar -xpf " + copy + "/srv%2Fit\\'s.tar.gz -C /srv/back");
  CHECK(rig.root().sh("cd /srv/back; find . ! -name . -printf '%P %M %U\\n' | sort") ==
        "a -rw-r----- 33\ncache drwxr-xr-x 0\nl lrwxrwxrwx 0\n");
  CHECK(rig.root().sh("stat -c %a " + copy) == "700\n");
  rig.must("files", "verify");
}

TEST_CASE("a copy that somebody damaged is told, and so is one that is not there") {
  BackupRig rig;
  make_files(rig);
  rig.declare(k_files);
  CHECK(mentions(rig.attempt("files", "verify"), "there is no copy"));
  rig.must("files");
  const std::string file = only_copy(rig, "files") + "/srv%2Fit\\'s.tar.gz";
  rig.root().sh("printf x | dd of=" + file + " bs=1 seek=20 conv=notrunc 2> /dev/null");
  CHECK(mentions(rig.attempt("files", "verify"), "checksums do not match"));
  // Even with the right sums an archive has to be one, and hold what was put in.
  rig.root().sh("cd " + only_copy(rig, "files") + "; sha256sum -- *.* > SHA256SUMS");
  CHECK(mentions(rig.attempt("files", "verify"), "is not what it should be"));
  rig.root().sh("cd " + only_copy(rig, "files") +
                "; tar -czf srv%2Fit\\'s.tar.gz -C /srv/it\\'s ./a; sha256sum -- *.* > SHA256SUMS");
  CHECK(mentions(rig.attempt("files", "verify"), "does not hold what was put into it"));
}

TEST_CASE("a backup that fails leaves no copy, removes none, and nothing half") {
  BackupRig rig;
  make_files(rig);
  rig.declare(
      "  files: { on: server/a, directories: [\"/srv/it's\", /srv/gone], schedule: daily, "
      "keep: { last: 1 } }\n");
  rig.root().sh("mkdir -p /var/backups/aegisctl/files/2026-01-02T030405Z");
  CHECK(mentions(rig.attempt("files"), "there is no directory /srv/gone"));
  CHECK(rig.copies("files") == "2026-01-02T030405Z\n");
}

TEST_CASE("what a killed run left is cleared away by the next, and two never run together") {
  BackupRig rig;
  make_files(rig);
  rig.declare(k_files);
  rig.root().sh(
      "mkdir -p /var/backups/aegisctl/files/.partial-x/y /var/backups/aegisctl/files/.gone-z "
      "/var/lib/aegisctl/backup/files/flow/old");
  rig.must("files");
  only_copy(rig, "files");
  const std::string locked =
      "cd /; exec 9> /var/lib/aegisctl/backup/files/lock; flock 9; ! sh "
      "/usr/local/lib/aegisctl/backup-files run 2>&1";
  CHECK(mentions(rig.root().sh(locked), "already"));
}

TEST_CASE("a backup killed at any moment leaves no copy that is not whole") {
  BackupRig rig;
  make_files(rig);
  rig.root().sh("head -c 3000000 /dev/urandom > \"/srv/it's/big\"");
  rig.declare(k_files);
  for (int tenth = 0; tenth < 12; ++tenth) {
    rig.root().sh("timeout -s KILL 0.0" + std::to_string(tenth) +
                  " sh /usr/local/lib/aegisctl/backup-files run > /dev/null 2>&1 || :; "
                  "flock /var/lib/aegisctl/backup/files/lock true 2> /dev/null || :");
    const std::string copies = rig.root().sh(
        "cd /var/backups/aegisctl/files 2> /dev/null || exit 0; for copy in [0-9]*; do "
        "[ ! -d \"$copy\" ] || (cd $copy; sha256sum --quiet -c SHA256SUMS) || echo bad $copy; "
        "done");
    CHECK(copies == "");
  }
  rig.root().sh("rm -rf /var/backups/aegisctl/files/[0-9]*");
  rig.must("files");
  rig.must("files", "verify");
}

TEST_CASE("keep leaves the last copy of each period, and the newest in any case") {
  BackupRig rig;
  make_files(rig);
  rig.declare(
      "  files: { on: server/a, directories: [\"/srv/it's\"], schedule: daily, "
      "compress: zstd, keep: { last: 2, daily: 3, weekly: 2, monthly: 2, yearly: 3 } }\n");
  rig.root().sh(
      "mkdir -p /var/backups/aegisctl/files; cd /var/backups/aegisctl/files; mkdir mine "
      "2020-05-01T000000Z 2020-05-02T000000Z 2021-03-01T000000Z 2021-12-31T000000Z "
      "2022-01-05T010000Z 2022-01-05T020000Z 2022-01-06T010000Z 2022-01-06T230000Z");
  rig.must("files");
  rig.must("files", "verify");
  std::string rest = rig.copies("files");
  CHECK(mentions(rest, "mine\n"));
  rest = rig.root().sh("cd /var/backups/aegisctl/files; ls -d 202[0-2]*");
  // Today's is the newest: of last 2 it takes one, and one each of days, weeks, months and years.
  CHECK(rest == "2021-12-31T000000Z\n2022-01-05T020000Z\n2022-01-06T230000Z\n");
}

TEST_CASE("what is encrypted is plain nowhere, and is read again with the identity alone") {
  BackupRig rig;
  make_files(rig);
  const std::string key = std::string(trim(
      rig.root().sh("age-keygen -o /root/identity 2> /dev/null; age-keygen -y /root/identity")));
  rig.declare(
      "  files: { on: server/a, directories: [\"/srv/it's\"], schedule: daily, "
      "encrypt: { recipients: [" +
      key + "], identity: /root/identity } }\n");
  rig.must("files");
  const std::string copy = only_copy(rig, "files");
  CHECK(rig.root().sh("cd " + copy + "; ls; ! grep -rl one .") ==
        "SHA256SUMS\nsrv%2Fit's.tar.gz.age\nsrv%2Fit's.tar.size.age\n");
  rig.must("files", "verify");
  rig.root().sh("mv /root/identity /root/away");
  rig.must("files", "verify");
  rig.root().sh("age-keygen -o /root/identity 2> /dev/null");
  CHECK(mentions(rig.attempt("files", "verify"), "cannot be unsealed"));
}

TEST_CASE("nothing is written where nothing is mounted") {
  BackupRig rig;
  make_files(rig);
  rig.declare(
      "  files: { on: server/a, directories: [\"/srv/it's\"], schedule: daily, "
      "to: /mnt/box/files, mountpoint: /mnt/box }\n");
  CHECK(mentions(rig.attempt("files"), "nothing is mounted on /mnt/box"));
  CHECK(rig.root().sh("ls -d /mnt/box 2> /dev/null || :") == "");
}

TEST_CASE("copies go to another machine, checksums last, and only what keep removed goes there") {
  BackupRig rig;
  make_files(rig);
  // A machine at the end of SSH: the same one, in the folder /far.
  rig.root().sh(
      "mkdir /far; printf '#!/bin/sh\\necho \"$*\" >> /tmp/ssh.log\\nwhile [ \"$1\" != h ]; do "
      "shift; "
      "done; shift; cd /far; exec sh -c \"$*\"\\n' > /usr/local/sbin/ssh; chmod 755 "
      "/usr/local/sbin/ssh");
  rig.declare(
      "  files: { on: server/a, directories: [\"/srv/it's\"], schedule: daily, keep: { last: 1 }, "
      "remote: { host: h, user: u, port: 23, path: box, identity_file: /root/key } }\n");
  rig.root().sh(
      "mkdir -p /far/box/2020-01-01T000000Z; echo theirs > /far/box/2020-01-01T000000Z/f");
  rig.must("files");
  const std::string first = only_copy(rig, "files");
  CHECK(mentions(rig.root().sh("cat /tmp/ssh.log"), "-p 23 -i /root/key -l u h rsync"));
  CHECK(rig.root().sh("diff -r " + first + " /far/box/" + first.substr(first.rfind('/') + 1)) ==
        "");
  rig.must("files");
  CHECK(only_copy(rig, "files") != first);
  // The first is gone at both ends; what keep did not remove here stays there.
  CHECK(rig.root().sh("ls /far/box | wc -l") == "2\n");
  CHECK(rig.root().sh("cat /far/box/2020-01-01T000000Z/f") == "theirs\n");
  rig.root().sh("printf '#!/bin/sh\\nexit 255\\n' > /usr/local/sbin/ssh");
  CHECK(mentions(rig.attempt("files"), "did not get to u@h:box"));
}

TEST_CASE("the files that a command leaves are kept, whatever its words hold") {
  BackupRig rig;
  rig.declare(R"os(
  odd: { on: server/a, command: [sh, -c, "printf %s \"$1\" > out; echo $HOME > 'a b'", x, "'; $(touch /tmp/bad) \"q\""], schedule: daily, compress: "0" }
  none: { on: server/a, command: "exit 0", schedule: daily }
  bad: { on: server/a, command: "echo x > f; exit 3", schedule: daily }
)os");
  rig.must("odd");
  const std::string copy = only_copy(rig, "odd");
  CHECK(rig.root().sh("cat " + copy + "/out; ls " + copy + "; ls /tmp | grep bad || :") ==
        "'; $(touch /tmp/bad) \"q\"SHA256SUMS\na b\nout\n");
  rig.must("odd", "verify");
  CHECK(mentions(rig.attempt("none"), "left no file"));
  CHECK(mentions(rig.attempt("bad"), "the command failed"));
}

TEST_CASE("repositories are pushed, what changed is committed first, and the other end compared") {
  BackupRig rig;
  rig.root().sh(
      "git config --global user.email a@example.net; git config --global user.name a; "
      "git init -q --bare /srv/far.git; git init -q -b main /etc/app; cd /etc/app; "
      "git remote add origin /srv/far.git; echo one > f");
  rig.declare(
      "  conf: { on: server/a, git: { repositories: [/etc/app], commit: hourly }, schedule: hourly "
      "}\n");
  rig.must("conf");
  CHECK(rig.root().sh("git -C /srv/far.git show main:f") == "one\n");
  rig.must("conf");
  CHECK(rig.root().sh("git -C /srv/far.git rev-list --count main") == "1\n");
  rig.must("conf", "verify");
  rig.root().sh("cd /etc/app; echo two > f; git commit -qam two");
  CHECK(mentions(rig.attempt("conf", "verify"), "does not have refs/heads/main"));
  rig.root().sh("mv /srv/far.git /srv/away");
  CHECK(mentions(rig.attempt("conf"), "cannot be pushed"));
}
