#include <catch2/catch.hpp>

#include "kinds/os/os_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

std::string refusal(OsRig& rig) {
  const auto done = rig.apply(rig.plan());
  REQUIRE_FALSE(done);
  return done.error().message;
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("systemd accepts a job, whatever its words hold, and its timer is switched on") {
  OsRig rig;
  rig.want(R"os(
      jobs:
        odd: { schedule: daily, command: [sh, -c, "exit 0", "$HOME", "50%", "a \"b\" \\c", "$(d)", ";"] }
        two: { schedule: ["Mon..Fri 22:30", hourly], command: "true", delay: 5m, user: daemon, directory: /srv }
)os");
  rig.converge();
  CHECK(mentions(rig.root().sh("cat /etc/systemd/system/job-odd.service"),
                 R"os("$$HOME" "50%%" "a \"b\" \\c" "$$(d)" ";")os"));
  CHECK(rig.root().sh("ls /etc/systemd/system/timers.target.wants | grep job") ==
        "job-odd.timer\njob-two.timer\n");
}

TEST_CASE("a job that runs is not cut off when its command changes") {
  OsRig rig;
  rig.want("      jobs: { j: { schedule: daily, command: \"sleep 1\" } }\n");
  rig.converge();
  rig.root().sh("touch /var/lib/fake-systemd/active/job-j.service");
  rig.want("      jobs: { j: { schedule: daily, command: \"sleep 2\" } }\n");
  CHECK(only_change(rig.plan()).disruption == Disruption::none);
  rig.converge();
  CHECK_FALSE(mentions(rig.root().sh("cat /tmp/systemctl.log"), "restart -- job-j.service"));
}

TEST_CASE("a jail that fail2ban refuses does not land, and one that it takes does") {
  OsRig rig;
  rig.want("      fail2ban: { sshd: { backend: systemd } }\n");
  rig.converge();
  rig.want("      fail2ban: { sshd: { backend: systemd, filter: there-is-none } }\n");
  CHECK(mentions(refusal(rig), "there-is-none"));
  CHECK_FALSE(mentions(rig.root().sh("cat /etc/fail2ban/jail.d/aegisctl-sshd.local"), "filter"));
  CHECK(rig.root().sh("ls -d /tmp/tmp.* 2> /dev/null || :") == "");
}

TEST_CASE("a log rotation that logrotate refuses does not land, and one that it takes does") {
  OsRig rig;
  rig.want(
      "      logrotate: { app: { files: [\"/srv/*.log\"], every: daily, after: \"true\" } }\n");
  rig.converge();
  rig.want("      logrotate: { app: { files: [\"/srv/*.log\"], su: nobody there-is-none } }\n");
  CHECK(mentions(refusal(rig), "there-is-none"));
  CHECK(mentions(rig.root().sh("cat /etc/logrotate.d/app"), "daily"));
}

TEST_CASE("systemd accepts the units of a window, and its tasks run one after the other") {
  OsRig rig;
  rig.want(R"os(
      maintenance:
        daily:
          schedule: "*-*-* 02:00 UTC"
          tasks:
            - { name: one, command: [sh, -c, "echo one >> /srv/done"] }
            - { name: two, command: "sleep 9", user: daemon, timeout: 20m }
)os");
  rig.converge();
  CHECK(rig.root().sh("ls /etc/systemd/system/timers.target.wants | grep maintenance") ==
        "maintenance-daily.timer\n");
  // What systemd would start: the words behind ExecStart=, which need no unquoting here.
  rig.root().sh(
      "touch /run/aegisctl-maintenance.lock; eval \"$(sed -n 's/^ExecStart=//p' "
      "/etc/systemd/system/maintenance-daily-one.service)\"");
  CHECK(rig.root().sh("cat /srv/done") == "one\n");
}
