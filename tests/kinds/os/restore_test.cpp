#include <catch2/catch.hpp>

#include "base/text.h"
#include "kinds/os/backup_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* k_entry =
    "  files: { on: server/a, directories: [\"/srv/it's\", /srv/two], schedule: daily }\n";

// Two folders, the copy of them, and what became of them since.
void make_copy(BackupRig& rig, const std::string& entry = k_entry) {
  rig.root().sh(
      "mkdir -p \"/srv/it's/sub\" /srv/two; cd \"/srv/it's\"; echo good > a; echo b > sub/b; ln -s "
      "a l; ln a hard; chown 33:33 a; chmod 750 .; echo good > /srv/two/c");
  rig.declare(entry);
  rig.must("files");
}

void spoil(BackupRig& rig) {
  rig.root().sh(
      "cd \"/srv/it's\"; echo bad > a; rm -rf sub; echo new > later; echo bad > /srv/two/c");
}

constexpr const char* k_good = "good\nb\n750 33\ngood\n";
std::string content(const BackupRig& rig) {
  return rig.root().sh(
      "cd \"/srv/it's\"; cat a sub/b 2> /dev/null || echo gone; echo $(stat -c %a .) $(stat -c %u "
      "a); cat /srv/two/c");
}

std::string beside(const BackupRig& rig) {
  return rig.root().sh("ls -d /srv/*.aegisctl-* 2> /dev/null | sed 's/[0-9].*Z/TIME/' || :");
}

}  // namespace

TEST_CASE("directories come back as the copy has them, and what was in use is kept") {
  BackupRig rig;
  make_copy(rig);
  spoil(rig);
  rig.must("files", "restore latest");
  CHECK(content(rig) == k_good);
  CHECK(rig.root().sh("cd \"/srv/it's\"; ls; [ a -ef hard ] && echo linked") ==
        "a\nhard\nl\nsub\nlinked\n");
  CHECK(beside(rig) == "/srv/it's.aegisctl-kept-TIME\n/srv/two.aegisctl-kept-TIME\n");
  CHECK(rig.root().sh("cat /srv/*kept*/a /srv/*kept*/later") == "bad\nnew\n");
  CHECK(rig.root().sh("ls -A /var/lib/aegisctl/backup/files") == "exclude\nknown\nlock\ntook\n");
}

TEST_CASE("only what is named comes back, also what is gone altogether") {
  BackupRig rig;
  make_copy(rig);
  spoil(rig);
  rig.root().sh("rm -r \"/srv/it's\"");
  rig.must("files", "restore latest \"/srv/it's\"");
  CHECK(content(rig) == "good\nb\n750 33\nbad\n");
  CHECK(beside(rig) == "");
}

TEST_CASE("an older copy is restored by its name") {
  BackupRig rig;
  make_copy(rig);
  const std::string first = std::string(trim(rig.copies("files")));
  spoil(rig);
  rig.must("files");
  rig.must("files", "restore " + first);
  CHECK(content(rig) == k_good);
  CHECK(mentions(rig.attempt("files", "restore 2020-01-01T000000Z"), "there is no copy 2020-"));
}

TEST_CASE("a copy that is damaged is not restored, and nothing is touched") {
  BackupRig rig;
  make_copy(rig);
  spoil(rig);
  const std::string before = content(rig);
  rig.root().sh(
      "printf x | dd of=$(ls /var/backups/aegisctl/files/*/srv%2Ftwo*gz) bs=1 seek=20 conv=notrunc "
      "2> /dev/null");
  CHECK(mentions(rig.attempt("files", "restore latest"), "checksums do not match"));
  // Right sums, and less in it than was put in.
  rig.root().sh(
      "cd /var/backups/aegisctl/files/*Z; mkdir /tmp/e; tar -czf srv%2Ftwo.tar.gz -C /tmp/e .; "
      "sha256sum -- *.* > SHA256SUMS");
  CHECK(mentions(rig.attempt("files", "restore latest"), "does not hold what the copy"));
  CHECK(content(rig) == before);
}

TEST_CASE("what stands in the way beside is somebody's, and stays") {
  BackupRig rig;
  make_copy(rig);
  rig.root().sh("mkdir /srv/two.aegisctl-restore; echo mine > /srv/two.aegisctl-restore/f");
  CHECK(mentions(rig.attempt("files", "restore latest"), "is in the way"));
  CHECK(rig.root().sh("cat /srv/two.aegisctl-restore/f") == "mine\n");
}

TEST_CASE("checks are made of what lies beside, and one that fails leaves all as it was") {
  BackupRig rig;
  make_copy(
      rig,
      "  files: { on: server/a, directories: [\"/srv/it's\", /srv/two], schedule: daily, "
      "restore: { checks: [\"echo $ITEM $PLACE >> /tmp/log\", [test, -e, /tmp/allowed]] } }\n");
  spoil(rig);
  const std::string before = content(rig);
  CHECK(mentions(rig.attempt("files", "restore latest"),
                 "the check of /srv/it's failed: test -e /tmp/allowed"));
  CHECK(content(rig) == before);
  CHECK(rig.root().sh("cat /tmp/log") == "/srv/it's /srv/it's.aegisctl-restore\n");
  rig.root().sh(": > /tmp/allowed");
  rig.must("files", "restore latest");
  CHECK(content(rig) == k_good);
}

TEST_CASE("a replay that was cut begins again with what the copy has") {
  BackupRig rig;
  make_copy(rig,
            "  files: { on: server/a, directories: [/srv/two], schedule: daily, "
            "restore: { replay: \"echo more >> $PLACE/c; [ -e /tmp/allowed ]\" } }\n");
  CHECK(mentions(rig.attempt("files", "restore latest"), "the replay of /srv/two failed"));
  rig.root().sh("echo bad > /srv/two/c; : > /tmp/allowed");
  rig.must("files", "restore latest");
  CHECK(rig.root().sh("cat /srv/two/c") == "good\nmore\n");
}

TEST_CASE("units are stopped for the swap, and when one does not come up all is swapped back") {
  BackupRig rig;
  make_copy(rig,
            "  files: { on: server/a, directories: [\"/srv/it's\", /srv/two], schedule: daily, "
            "restore: { stops: [app.service, gone.service] } }\n");
  spoil(rig);
  const std::string before = content(rig);
  rig.root().sh(
      "printf '[Service]\\nExecStart=/bin/true\\nEnvironmentFile=/srv/two/c\\n' > "
      "/etc/systemd/system/app.service; systemctl start -- app.service; : > /tmp/systemctl.log");
  SECTION("it comes up") {
    rig.must("files", "restore latest");
    CHECK(content(rig) == k_good);
    CHECK(rig.root().sh("grep -E '^(stop|start)' /tmp/systemctl.log; systemctl is-active --quiet "
                        "-- app.service && echo active") ==
          "stop -- app.service\nstart -- app.service\nactive\n");
  }
  SECTION("it does not") {
    rig.root().sh("echo broken > /srv/two/c; sed -i s/^x/x/ /srv/two/c");
    rig.must("files");
    rig.root().sh("echo bad > /srv/two/c");
    CHECK(mentions(rig.attempt("files", "restore latest"), "all is as it was before: app.service"));
    CHECK(content(rig) == before);
    CHECK(rig.root().sh("systemctl is-active --quiet -- app.service && echo active") == "active\n");
    // What was restored is still there to look at, and nothing else is.
    CHECK(beside(rig) == "/srv/it's.aegisctl-restore\n/srv/two.aegisctl-restore\n");
  }
}

TEST_CASE("a restore killed before any of its commands goes on, and loses nothing") {
  BackupRig rig;
  make_copy(rig,
            "  files: { on: server/a, directories: [\"/srv/it's\", /srv/two], schedule: daily, "
            "restore: { stops: [app.service], replay: \"echo more >> $PLACE/r\" } }\n");
  rig.root().sh(
      "printf '[Service]\\nExecStart=/bin/true\\n' > /etc/systemd/system/app.service; systemctl "
      "start -- app.service");
  int deaths = 0;
  for (int nth = 1; nth < 200; nth += 3) {
    INFO("killed at command " << nth);
    spoil(rig);
    rig.root().sh("echo only > /srv/two/only" + std::to_string(nth));
    if (!rig.dies_at("files", "restore latest", nth)) break;
    ++deaths;
    // Whatever was in use is still there, in its place or under the name of what is kept.
    CHECK(rig.root().sh("cat /srv/two*/only" + std::to_string(nth)) == "only\n");
    rig.go_on("files", "restore latest");
    CHECK(content(rig) == k_good);
    CHECK(rig.root().sh("cat /srv/two/r /srv/two.*kept*/only" + std::to_string(nth)) ==
          "more\nonly\n");
    CHECK(rig.root().sh(
              "systemctl is-active --quiet -- app.service && echo active; ls -d /srv/*restore "
              "/var/lib/aegisctl/backup/files/restore 2> /dev/null || :") == "active\n");
    rig.root().sh("rm -rf /srv/*.aegisctl-kept-*");
  }
  CHECK(deaths > 10);
}

TEST_CASE("what something is mounted on changes place with all that is in it") {
  BackupRig rig;
  rig.root().sh(
      "mkdir -p /srv/m; mount -t tmpfs none /srv/m; mkdir /srv/m/d; echo good > /srv/m/d/a");
  rig.declare("  files: { on: server/a, directories: [/srv/m], schedule: daily }\n");
  rig.must("files");
  int deaths = 0;
  for (int nth = 1; nth < 200; nth += 3) {
    INFO("killed at command " << nth);
    rig.root().sh("rm -rf /srv/m/d; mkdir /srv/m/d; echo bad > /srv/m/d/a; echo x > /srv/m/x");
    const bool died = rig.dies_at("files", "restore latest", nth);
    CHECK(rig.root().sh("find /srv/m -name x | xargs cat") == "x\n");
    if (died) rig.go_on("files", "restore latest");
    CHECK(rig.root().sh(
              "cd /srv/m; ls; cat d/a .aegisctl-kept-*/d/a; mountpoint -q . && echo mounted") ==
          "d\ngood\nbad\nmounted\n");
    rig.root().sh("rm -rf /srv/m/.aegisctl-kept-*");
    if (!died) break;
    ++deaths;
  }
  CHECK(deaths > 5);
  rig.root().sh("umount /srv/m");
}

TEST_CASE("a folder that something is mounted in is not moved") {
  BackupRig rig;
  make_copy(rig);
  rig.root().sh("mkdir /srv/two/m; mount -t tmpfs none /srv/two/m");
  CHECK(mentions(rig.attempt("files", "restore latest"), "/srv/two/m is mounted in /srv/two"));
  rig.root().sh("umount /srv/two/m");
}

TEST_CASE("a copy that is only at the other end is fetched, and what is encrypted is unsealed") {
  BackupRig rig;
  rig.root().sh(
      "mkdir /far; printf '#!/bin/sh\\nwhile [ \"$1\" != h ]; do shift; done; shift; cd /far; exec "
      "sh -c \"$*\"\\n' > /usr/local/sbin/ssh; chmod 755 /usr/local/sbin/ssh");
  const std::string key = std::string(trim(
      rig.root().sh("age-keygen -o /root/identity 2> /dev/null; age-keygen -y /root/identity")));
  make_copy(rig,
            "  files: { on: server/a, directories: [\"/srv/it's\", /srv/two], schedule: daily, "
            "encrypt: { recipients: [" +
                key + "], identity: /root/identity }, remote: { host: h, path: box } }\n");
  spoil(rig);
  const std::string before = content(rig);
  rig.root().sh("rm -r /var/backups/aegisctl/files; mkdir /far/box/2031-01-01T000000Z");
  SECTION("with the identity") {
    rig.must("files", "restore latest");
    CHECK(content(rig) == k_good);
  }
  SECTION("without it") {
    rig.root().sh("rm /root/identity");
    CHECK(mentions(rig.attempt("files", "restore latest"), "no identity here"));
    CHECK(content(rig) == before);
  }
  SECTION("damaged on its way") {
    rig.root().sh(
        "echo x >> /far/box/2026*/srv%2Ftwo.tar.gz.age || echo x >> $(ls "
        "/far/box/*/srv%2Ftwo.tar.gz.age)");
    CHECK(mentions(rig.attempt("files", "restore latest"), "came damaged"));
    CHECK(content(rig) == before);
  }
}

TEST_CASE("another restore is not begun while one is in the middle of its swap") {
  BackupRig rig;
  make_copy(rig);
  spoil(rig);
  rig.must("files", "restore_open latest 2026-01-01T000000Z /srv/two");
  rig.must("files", "restore_beside /srv/two");
  // Before the swap it is given up, and what it made goes.
  rig.must("files", "restore_open latest 2026-01-02T000000Z \"/srv/it's\"");
  CHECK(beside(rig) == "");
  rig.must("files", "restore_beside \"/srv/it's\"");
  rig.root().sh(": > /var/lib/aegisctl/backup/files/restore/swapping");
  CHECK(mentions(rig.attempt("files", "restore_open latest 2026-01-03T000000Z /srv/two"),
                 "in the middle of its swap"));
  rig.must("files", "restore_swap");
  CHECK(content(rig) == "good\nb\n750 33\nbad\n");
}

TEST_CASE("the files of a command go back by its replay") {
  BackupRig rig;
  rig.root().sh("mkdir /srv/db; echo good > /srv/db/state");
  rig.declare(
      "  odd: { on: server/a, command: \"cp /srv/db/state state\", schedule: daily, restore: { "
      "replay: \"cp state /srv/db/state\" } }\n");
  rig.must("odd");
  rig.root().sh("echo bad > /srv/db/state");
  rig.must("odd", "restore latest");
  CHECK(rig.root().sh(
            "cat /srv/db/state; ls -A /var/lib/aegisctl/backup/odd | grep -c restore || :") ==
        "good\n0\n");
}

TEST_CASE("a repository is cloned beside, to a chosen point, and swapped in") {
  BackupRig rig;
  rig.root().sh(
      "git config --global user.email a@example.net; git config --global user.name a; "
      "git init -q --bare /srv/far.git; git init -q -b main /etc/app; cd /etc/app; "
      "git remote add origin /srv/far.git; git config --global --add safe.directory '*'; "
      "export GIT_COMMITTER_DATE='2026-01-01T00:00:00Z'; echo one > f; git add f; git commit -qm "
      "1; "
      "export GIT_COMMITTER_DATE='2026-02-01T00:00:00Z'; echo two > f; git commit -qam 2; git "
      "branch side");
  rig.declare("  conf: { on: server/a, git: { repositories: [/etc/app] }, schedule: hourly }\n");
  rig.must("conf");
  rig.root().sh("cd /etc/app; echo unsaved > mine; rm -rf .git/objects");
  SECTION("the newest, whatever is left of it") {
    rig.must("conf", "restore latest");
    CHECK(rig.root().sh("cd /etc/app; cat f; git branch --format='%(refname:short)'; git status "
                        "--short; git remote get-url origin; cat /etc/app.*kept*/mine") ==
          "two\nmain\nside\n/srv/far.git\nunsaved\n");
    rig.must("conf");
  }
  SECTION("a time") {
    rig.must("conf", "restore 2026-01-15T00:00:00Z");
    CHECK(rig.root().sh("cat /etc/app/f") == "one\n");
    CHECK(mentions(rig.attempt("conf", "restore 2025-01-15T00:00:00Z"), "has no commit at"));
    CHECK(rig.root().sh("cat /etc/app/f") == "one\n");
  }
  SECTION("the other end is gone") {
    rig.root().sh("mv /srv/far.git /srv/away");
    CHECK(mentions(rig.attempt("conf", "restore latest"), "cannot be cloned"));
    CHECK(rig.root().sh("cat /etc/app/mine") == "unsaved\n");
  }
}
