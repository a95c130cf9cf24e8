#include "kinds/os/data_restore.h"

#include <catch2/catch.hpp>

#include "kinds/os/backup_rig.h"
#include "kinds/os/data_recovery.h"

using namespace aegis;
using namespace aegis::test;

namespace {

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A server with two directories that are backed up, and what the command line asks for.
class Rig : public BackupRig {
 public:
  explicit Rig(const std::string& more = "") {
    root().sh("mkdir -p /srv/one /srv/two; echo good | tee /srv/one/a > /srv/two/a");
    declare("  files: { on: server/a, directories: [/srv/one, /srv/two], schedule: daily" + more +
            " }\n");
    manifests_ = project().load();
    wish.entry = "files";
    wish.now = "2026-12-24T180000Z";
  }

  Replies answers(const std::vector<Query>& queries) {
    Replies replies;
    for (const Query& query : queries) {
      ShellCommand command{.host = query.target, .words = {"sh"}, .input = query.path};
      command.reads_only = true;
      const auto output = root().run(command);
      replies[query].body = {{"out", output->out}, {"exit_status", output->exit_status}};
    }
    return replies;
  }

  os::DataRestorePlan look() {
    const Desired& desired = manifests_.desired;
    const Replies replies =
        answers(os::data_restore_queries(desired, manifests_.backups, wish, {}));
    const auto facts = os::read_data_restore(desired, manifests_.backups, wish, replies);
    REQUIRE(facts);
    return os::plan_data_restore(desired, manifests_.backups, wish, *facts);
  }

  // What a rebuild would bring back: the copy, or what keeps it from knowing.
  std::string behind() {
    const Desired& desired = manifests_.desired;
    const Replies replies = answers(os::data_recovery_queries(desired, manifests_.backups, {}));
    const auto recovery = os::data_recovery_of(desired, manifests_.backups, wish.now, replies);
    if (!recovery.unread.empty()) return recovery.unread.front().message;
    return recovery.wishes.empty() ? "" : recovery.wishes.front().from;
  }

  static std::string titles(const os::DataRestorePlan& plan) {
    std::string text = plan.refusal;
    for (const Step& step : plan.plan.steps) text += step.title + "\n";
    return text;
  }

  [[nodiscard]] std::string content() const { return root().sh("cat /srv/one/a /srv/two/a"); }

  os::DataRestoreWish wish;

 private:
  Manifests manifests_;
};

}  // namespace

TEST_CASE("a restore of data is planned step by step, tells what it keeps, and does that") {
  Rig rig(", restore: { stops: [app.service], checks: [\"test -e $PLACE/a\"], replay: \"true\" }");
  rig.must("files");
  rig.root().sh("echo bad > /srv/one/a");
  const auto plan = rig.look();
  CHECK(
      Rig::titles(plan) ==
      "compare the checksums of the copy " + plan.from +
          "\nrestore /srv/one beside what is there, count its files\nmake the declared checks of "
          "/srv/one\nreplay on /srv/one\nrestore /srv/two beside what is there, count its "
          "files\nmake the declared checks of /srv/two\nreplay on /srv/two\nstop app.service, swap "
          "/srv/one and /srv/two, start them again\n");
  CHECK(plan.plan.steps.back().disruption == Disruption::restart_service);
  REQUIRE(plan.notes.size() == 3);
  CHECK(mentions(plan.notes[0], "Making the newest copy took "));
  CHECK(mentions(plan.notes[1], "/srv/one.aegisctl-kept-2026-12-24T180000Z (rm -r"));
  const auto done = rig.apply(plan.plan);
  REQUIRE(done);
  CHECK(rig.content() == "good\ngood\n");
  CHECK(rig.root().sh("cat /srv/one.aegisctl-kept-2026-12-24T180000Z/a") == "bad\n");
}

TEST_CASE("a time chooses the newest copy that is not later") {
  Rig rig;
  rig.root().sh(
      "cd /var/backups 2> /dev/null; mkdir -p aegisctl/files/2026-01-02T030405Z "
      "aegisctl/files/2026-02-02T030405Z aegisctl/files/2026-03-02T030405Z");
  CHECK(rig.look().from == "2026-03-02T030405Z");
  rig.wish.at = 1770001445;
  CHECK(rig.look().from == "2026-02-02T030405Z");
  rig.wish.at = 1770001444;
  CHECK(rig.look().from == "2026-01-02T030405Z");
  rig.wish.at = 1000000000;
  CHECK(mentions(rig.look().refusal, "no copy from 2001-09-09T01:46:40Z or before"));
}

TEST_CASE("what cannot be restored is refused before anything is done") {
  Rig rig;
  CHECK(mentions(rig.look().refusal, "has no copy in /var/backups/aegisctl/files"));
  rig.must("files");
  rig.wish.items = {"/srv/tow"};
  CHECK(mentions(rig.look().refusal, "has no /srv/tow: it has /srv/one and /srv/two"));
  rig.wish.items = {"/srv/two"};
  CHECK(mentions(Rig::titles(rig.look()), "swap /srv/two\n"));
  rig.wish.from = "2020-01-01T000000Z";
  CHECK(mentions(rig.look().refusal, "has no copy 2020-01-01T000000Z"));
  rig.root().sh("rm /usr/local/lib/aegisctl/backup-files");
  CHECK(mentions(rig.look().refusal, "is not on server/a yet"));
}

TEST_CASE("a restore that was cut is planned to its end, whatever is asked for besides") {
  Rig rig;
  rig.must("files");
  rig.root().sh("echo bad | tee /srv/one/a > /srv/two/a");
  rig.wish.items = {"/srv/two"};
  const auto first = rig.look();
  Plan begun = first.plan;
  begun.steps.resize(2);
  REQUIRE(rig.apply(begun));
  rig.wish.items.clear();
  rig.wish.now = "2027-01-01T000000Z";
  const auto again = rig.look();
  CHECK(mentions(again.notes.front(), "was begun before, and goes on"));
  CHECK(again.plan.steps.front().input == first.plan.steps.front().input);
  rig.wish.items = {"/srv/one"};
  CHECK(mentions(rig.look().notes.front(), "left beside is removed first"));
  rig.root().sh(": > /var/lib/aegisctl/backup/files/restore/swapping");
  CHECK(mentions(rig.look().refusal, "in the middle of its swap"));
  REQUIRE(rig.apply(again.plan));
  CHECK(rig.content() == "bad\ngood\n");
}

TEST_CASE("a copy that is only at the other end is planned to be fetched") {
  Rig rig(", remote: { host: h, path: box }");
  const auto plan = rig.look();
  CHECK(mentions(Rig::titles(plan), "fetch the copy latest from h:box"));
}

TEST_CASE(
    "data are behind when their system came back older than their newest copy, and then no more") {
  Rig rig;
  CHECK(rig.behind() == "");
  rig.must("files");
  CHECK(rig.behind() == "");
  // The system as an older backup has it; the copies are elsewhere, and stayed.
  rig.root().sh("cp -a /var/lib/aegisctl/backup/files /srv/old; echo new > /srv/one/a; sleep 1");
  rig.must("files");
  rig.root().sh(
      "rm -r /var/lib/aegisctl/backup/files; mv /srv/old /var/lib/aegisctl/backup/files; echo good "
      "> /srv/one/a");
  const std::string copy = rig.behind();
  CHECK(copy.size() == 18);
  rig.wish.from = copy;
  REQUIRE(rig.apply(rig.look().plan));
  CHECK(rig.content() == "new\ngood\n");
  CHECK(rig.behind() == "");
  // Made anew: nothing is known.
  rig.root().sh("rm -r /var/lib/aegisctl/backup/files");
  CHECK(rig.behind() == copy);
}

TEST_CASE("an older copy that was chosen on purpose is not behind") {
  Rig rig;
  rig.must("files");
  rig.wish.from = rig.look().from;
  rig.root().sh("sleep 1");
  rig.must("files");
  REQUIRE(rig.apply(rig.look().plan));
  CHECK(rig.behind() == "");
  // What an earlier version of the script left tells of no copy.
  rig.root().sh("rm /var/lib/aegisctl/backup/files/known");
  CHECK(rig.behind() == "");
}

TEST_CASE(
    "copies at the other end count, and when they cannot be listed nothing is said to be well") {
  Rig rig(", remote: { host: h, path: box }");
  rig.root().sh(
      "mkdir -p /far; printf '#!/bin/sh\nwhile [ \"$1\" != h ]; do shift; done; shift; cd /far; "
      "exec sh -c \"$*\"\n' > /usr/local/sbin/ssh; chmod 755 /usr/local/sbin/ssh");
  rig.must("files");
  CHECK(rig.behind() == "");
  rig.root().sh("rm -r /var/lib/aegisctl/backup/files /var/backups/aegisctl/files");
  rig.wish.from = rig.behind();
  CHECK(rig.wish.from.size() == 18);
  rig.root().sh("echo bad > /srv/one/a");
  REQUIRE(rig.apply(rig.look().plan));
  CHECK(rig.content() == "good\ngood\n");
  rig.root().sh("printf '#!/bin/sh\nexit 255\n' > /usr/local/sbin/ssh");
  CHECK(mentions(rig.behind(), "root@h:box cannot be listed"));
}
