#include <catch2/catch.hpp>

#include "kinds/os/backup_rig.h"
#include "kinds/os/data_backups.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_entry =
    "  files: { on: server/a, directories: [/srv/app], schedule: daily, rpo: 24h }\n";

/// What a manifest with a backup of data is asked and told.
class Rig : public BackupRig {
 public:
  explicit Rig(const std::string& backups) {
    root().sh("mkdir -p /srv/app; echo one > /srv/app/a");
    declare(backups);
    manifests_ = project().load();
    // A systemd that runs services.
    root().sh(
        "cd /usr/local/sbin; mv systemctl systemctl-fake; printf '#!/bin/sh\\ncase \"$1 $3\" in "
        "\"start backup-\"*) [ -f \"/etc/systemd/system/$3\" ] || exit 5; eval \"$(sed -n "
        "s/^ExecStart=//p \"/etc/systemd/system/$3\")\" ;; *) exec systemctl-fake \"$@\" ;; "
        "esac\\n' "
        "> systemctl; chmod 755 systemctl");
  }

  DataCoverage coverage() {
    Replies replies;
    for (const Query& query :
         os::data_backup_queries(manifests_.desired, manifests_.backups, replies)) {
      ShellCommand command{.host = query.target, .words = {"sh"}, .input = query.path};
      command.reads_only = true;
      const auto output = root().run(command);
      replies[query].body = {{"out", output->out}, {"exit_status", output->exit_status}};
    }
    const auto found = os::data_coverage_of(manifests_.desired, manifests_.backups, replies);
    REQUIRE(found.size() == 1);
    return found.front();
  }

  Result<Done> perform(std::string_view operation) {
    const auto& [name, backup] = *manifests_.backups.begin();
    return apply(os::data_backup_plan(manifests_.desired, name, *backup.data, operation));
  }

 private:
  Manifests manifests_;
};

}  // namespace

TEST_CASE("the copies of data are seen with their times and sizes, newest first") {
  Rig rig(k_entry);
  rig.root().sh(
      "cd /var/backups 2> /dev/null; mkdir -p aegisctl/files/2026-01-02T030405Z "
      "aegisctl/files/2026-02-02T030405Z aegisctl/files/.partial-2026-03-02T030405Z "
      "aegisctl/files/mine; head -c 5000 /dev/zero > aegisctl/files/2026-02-02T030405Z/f");
  const DataCoverage coverage = rig.coverage();
  CHECK(coverage.is_installed);
  REQUIRE(coverage.copies.size() == 2);
  CHECK(coverage.copies[0].name == "2026-02-02T030405Z");
  CHECK(coverage.copies[0].time == 1770001445);
  CHECK(coverage.copies[0].size >= 5000);
  CHECK(judge(coverage, 1770001445 + 24 * 3600) == Objective::met);
  CHECK(judge(coverage, 1770001445 + 24 * 3600 + 1) == Objective::missed);
}

TEST_CASE("data without a copy miss their objective, and without one nothing is missed") {
  CHECK(judge(Rig(k_entry).coverage(), 0) == Objective::missed);
  Rig rig("  files: { on: server/a, directories: [/srv/app], schedule: daily }\n");
  CHECK(judge(rig.coverage(), 0) == Objective::none);
}

TEST_CASE("a backup that is not brought about yet, or whose last run failed, is told") {
  Rig rig(k_entry);
  rig.root().sh(
      "printf '#!/bin/sh\\necho Result=exit-code\\n' > /usr/local/sbin/systemctl; "
      "rm /usr/local/lib/aegisctl/backup-files");
  const DataCoverage coverage = rig.coverage();
  CHECK_FALSE(coverage.is_installed);
  CHECK(coverage.failure == "exit-code");
}

TEST_CASE("a system that does not tell leaves the objective unknown") {
  Rig rig(k_entry);
  DataCoverage coverage = rig.coverage();
  coverage.unread.push_back({ErrorCode::unreachable, "gone"});
  CHECK(judge(coverage, 0) == Objective::unknown);
}

TEST_CASE("a copy is made now, looked into, and a bad one is told") {
  Rig rig(k_entry);
  REQUIRE(rig.perform(os::k_make_copy));
  REQUIRE(rig.coverage().copies.size() == 1);
  REQUIRE(rig.perform(os::k_verify_copy));
  rig.root().sh("echo x | tee -a /var/backups/aegisctl/files/*/SHA256SUMS");
  const auto bad = rig.perform(os::k_verify_copy);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().message.find("checksums do not match") != std::string::npos);
  rig.root().sh("rm -r /srv/app");
  const auto failed = rig.perform(os::k_make_copy);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message.find("there is no directory /srv/app") != std::string::npos);
}

TEST_CASE("repositories were last saved when all of them were pushed") {
  Rig rig(
      "  conf: { on: server/a, git: { repositories: [/srv/app] }, schedule: hourly, rpo: 3h }\n");
  CHECK(rig.coverage().copies.empty());
  rig.root().sh(
      "git config --global user.email a@example.net; git config --global user.name a; cd /srv/app; "
      "git init -q --bare /srv/far; git init -q; git add a; git commit -qm a; git remote add "
      "origin "
      "/srv/far");
  REQUIRE(rig.perform(os::k_make_copy));
  rig.root().sh("touch -d @1770000000 /var/lib/aegisctl/backup/conf/pushed");
  REQUIRE(rig.coverage().copies.size() == 1);
  CHECK(rig.coverage().copies.front().time == 1770000000);
}
