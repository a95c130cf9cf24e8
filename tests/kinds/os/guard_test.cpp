#include "kinds/os/guard.h"

#include <catch2/catch.hpp>

#include "kinds/os/os_rig.h"
#include "kinds/os/scripts.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_file = "/etc/ssh/sshd_config.d/00-aegisctl.conf";

/// A host with sshd, which runs.
class SshRig : public OsRig {
 public:
  SshRig() {
    root().sh(
        "useradd --system --no-create-home sshd; ssh-keygen -A > /dev/null; rm -f "
        "/etc/ssh/sshd_config.d/*; mkdir -p "
        "/var/lib/fake-systemd; "
        "systemctl start ssh.service");
    want("      ssh: { permit_root_login: prohibit-password, max_auth_tries: 4 }\n");
    converge();
  }

  std::string text() { return root().sh(std::string("sed 1d ") + k_file); }
  std::string reloads() { return root().sh("grep -c '^reload' /tmp/systemctl.log || :"); }
  /// What a guard leaves behind when it is over, but for empty folders: nothing.
  std::string left() {
    return root().sh(
        "find /var/lib/aegisctl/guard /var/lib/aegisctl/pending /var/lib/fake-systemd/timers "
        "-type f");
  }
  void want_other() {
    want("      ssh: { permit_root_login: \"no\", password_authentication: false }\n");
  }
  static std::string timer() { return "aegisctl-guard-" + os::mark_of(k_file); }

  /// Performs the steps up to the one of that operation, and no further, as a run that is killed.
  void apply_until(const std::string& operation) {
    Plan cut = plan();
    while (cut.steps.back().operation != operation) cut.steps.pop_back();
    cut.steps.pop_back();
    REQUIRE(apply(cut));
  }
};

constexpr const char* k_before = "PermitRootLogin prohibit-password\nMaxAuthTries 4\n";
constexpr const char* k_after =
    "PasswordAuthentication no\nPermitRootLogin no\nKbdInteractiveAuthentication no\n";

}  // namespace

TEST_CASE("settings of sshd that let us in are confirmed over a new connection, and stay") {
  SshRig rig;
  CHECK(rig.text() == k_before);
  CHECK(rig.left() == "");
  rig.want_other();
  const Plan plan = rig.plan();
  CHECK(only_change(plan).disruption == Disruption::reload);
  CHECK(attribute(only_change(plan), "content").note ==
        "reload ssh.service, taken back unless a new connection gets in");
  std::vector<std::string> operations;
  for (const Step& step : plan.steps) operations.push_back(step.operation);
  CHECK(operations == std::vector<std::string>{"arm", "write", "disturb", "confirm"});
  rig.converge();
  CHECK(rig.text() == k_after);
  CHECK(rig.left() == "");
  CHECK(rig.reloads() == "2\n");
}

TEST_CASE("an option that sshd does not know does not land") {
  SshRig rig;
  rig.want("      ssh: { options: { PermitEverything: \"yes\" } }\n");
  const Report report = rig.run(rig.plan());
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(rig.text() == k_before);
  CHECK(rig.left() == "");
  bool told = false;
  for (const StepResult& result : report.results) {
    told = told ||
           (result.error && result.error->message.find("PermitEverything") != std::string::npos);
  }
  CHECK(told);
}

TEST_CASE("settings that shut us out are taken back at once, and the timer with them") {
  SshRig rig;
  rig.root().lock_out(true);
  rig.want_other();
  const Report report = rig.run(rig.plan());
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(rig.text() == k_before);
  CHECK(rig.left() == "");
  CHECK(rig.reloads() == "3\n");
  const auto& error = report.results.back().error;
  REQUIRE(error);
  CHECK(error->message.find("nobody gets in over a new connection") != std::string::npos);
}

TEST_CASE("a system that a change cuts off altogether is waited for, and is as it was") {
  SshRig rig;
  rig.root().cut_off_until(SshRig::timer());
  rig.want_other();
  const Report report = rig.run(rig.plan());
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(rig.text() == k_before);
  CHECK(rig.left() == "");
}

TEST_CASE("a run that is killed before it got in again leaves the system to take it back") {
  for (const char* killed_before : {"write", "disturb", "confirm"}) {
    INFO(killed_before);
    SshRig rig;
    rig.want_other();
    rig.apply_until(killed_before);
    rig.root().elapse(SshRig::timer());
    CHECK(rig.text() == k_before);
    // The next run begins anew, and gets to the end.
    rig.converge();
    CHECK(rig.text() == k_after);
    CHECK(rig.left() == "");
  }
}

TEST_CASE("the next run confirms what a killed one left, before the time is over") {
  for (const char* killed_before : {"write", "disturb", "confirm"}) {
    INFO(killed_before);
    SshRig rig;
    rig.want_other();
    rig.apply_until(killed_before);
    rig.converge();
    CHECK(rig.text() == k_after);
    CHECK(rig.left() == "");
  }
}

TEST_CASE("a confirmation that comes too late is an error that says so") {
  SshRig rig;
  rig.want_other();
  Plan plan = rig.plan();
  const Step last = plan.steps.back();
  plan.steps.pop_back();
  REQUIRE(rig.apply(plan));
  rig.root().elapse(SshRig::timer());
  plan.steps = {last};
  const auto done = rig.apply(plan);
  REQUIRE_FALSE(done);
  CHECK(done.error().message.find("came back by itself") != std::string::npos);
}

TEST_CASE("a unit that is not there to read its first guarded file is warned of") {
  SshRig rig;
  const auto wanted = [](const std::string& unit) {
    return "      files: { /etc/firewall.conf: { content: \"drop\\n\", guarded: true, reloads: [" +
           unit + "] } }\n";
  };
  const auto warnings = [&] {
    std::string text;
    for (const Diagnostic& note : rig.plan().notes) text += note.detail + "\n";
    return text;
  };
  rig.want(wanted("firewall.service"));
  CHECK(warnings().find("firewall.service does not run.") != std::string::npos);
  rig.want(wanted("ssh.service"));
  CHECK(warnings().find("does not run") == std::string::npos);
}

TEST_CASE("a guarded file that goes and shuts us out so comes back") {
  SshRig rig;
  rig.want("      files: { /srv/other: { content: x } }\n");
  PlanOptions prune;
  prune.prune = true;
  REQUIRE(rig.apply(rig.plan()));
  const Plan plan = rig.plan(prune);
  std::vector<std::string> operations;
  for (const Step& step : plan.steps) operations.push_back(step.operation);
  CHECK(operations == std::vector<std::string>{"arm", "remove", "disturb", "confirm", "forget"});
  rig.root().lock_out(true);
  CHECK(rig.run(plan).outcome == Outcome::rolled_back);
  CHECK(rig.text() == k_before);
  CHECK(rig.left() == "");
  rig.root().lock_out(false);
  rig.converge(prune);
  CHECK(rig.root().sh(std::string("ls ") + k_file + " 2> /dev/null || echo none") == "none\n");
  CHECK(rig.left() == "");
}

TEST_CASE("a file of one's own can be guarded, and a first one goes away again") {
  SshRig rig;
  rig.want(
      "      files: { /etc/nftables.conf: { content: \"flush ruleset\\n\", guarded: true } }\n");
  rig.root().sh("rm -f /etc/nftables.conf");
  rig.apply_until("confirm");
  rig.root().elapse("aegisctl-guard-" + os::mark_of("/etc/nftables.conf"));
  CHECK(rig.root().sh("ls /etc/nftables.conf 2> /dev/null || echo none") == "none\n");
  CHECK(rig.plan().has_work());
  PlanOptions options;
  options.prune = true;
  rig.converge(options);
  CHECK(rig.left() == "");
}
