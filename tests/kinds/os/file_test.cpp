#include "kinds/os/file.h"

#include <catch2/catch.hpp>

#include "kinds/os/os_rig.h"
#include "render/plan_text.h"

using namespace aegis;
using namespace aegis::test;

TEST_CASE("a file is made with its owner and mode, and then nothing is left to do") {
  OsRig rig;
  rig.root().sh("rm -f /etc/motd");
  rig.want("      files: { /etc/motd: { content: \"hello\\n\", group: daemon, mode: '640' } }\n");
  const Plan plan = rig.plan();
  CHECK(only_change(plan).action == Action::create);
  CHECK(to_string(only_change(plan).address) == "host/a/file/etc/motd");
  rig.converge();
  CHECK(rig.root().sh("cat /etc/motd; stat -c '%U %G %a' /etc/motd") == "hello\nroot daemon 640\n");
}

TEST_CASE("a plan of hundreds of files is one look, and one more for what differs") {
  OsRig rig;
  std::string files = "      files:\n";
  for (int i = 0; i < 200; ++i) {
    files += "        /srv/f" + std::to_string(i) + ": { content: \"one\\n\" }\n";
  }
  rig.want(files);
  rig.root().sh("cd /srv; for i in $(seq 0 199); do echo one > f$i; done; echo two > f7");
  const Observed observed = rig.look();
  CHECK(observed.waves == 2);
  CHECK(rig.root().reads() == 2);
  CHECK(observed.failures.empty());
  CHECK(rig.root().writes().empty());
}

TEST_CASE("what is there unmarked waits to be adopted, and shows line by line what would change") {
  OsRig rig;
  rig.root().sh("printf 'one\\ntwo\\nthree\\n' > /etc/motd");
  rig.want("      files: { /etc/motd: { content: \"one\\n2\\nthree\\n\" } }\n");
  const Plan blocked = rig.plan();
  CHECK(only_change(blocked).action == Action::adopt);
  CHECK_FALSE(only_change(blocked).blocked.empty());
  const std::string text = render_text(blocked, {});
  CHECK(text.find("- two\n") != std::string::npos);
  CHECK(text.find("+ 2\n") != std::string::npos);
  CHECK(text.find("- one\n") == std::string::npos);
  PlanOptions adopt;
  adopt.adopts = {"host/a"};
  rig.converge(adopt);
  CHECK(rig.root().sh("cat /etc/motd") == "one\n2\nthree\n");
  CHECK(rig.root().sh("cat /var/lib/aegisctl/before/*") == "one\ntwo\nthree\n");
}

TEST_CASE("a file that is as declared is taken over without being written") {
  OsRig rig;
  rig.root().sh("rm -f /etc/motd; printf x > /etc/motd");
  const std::string inode = rig.root().sh("stat -c %i /etc/motd");
  rig.want("      files: { /etc/motd: { content: x } }\n");
  PlanOptions adopt;
  adopt.adopts = {"host/a"};
  rig.converge(adopt);
  CHECK(rig.root().sh("stat -c %i /etc/motd") == inode);
}

TEST_CASE("what somebody changed by hand is named, and put right") {
  OsRig rig;
  rig.want("      files: { /srv/x: { content: \"one\\n\", mode: '0600' } }\n");
  rig.converge();
  rig.root().sh("chmod 644 /srv/x; echo two >> /srv/x");
  const Plan plan = rig.plan();
  CHECK(only_change(plan).action == Action::update);
  CHECK(attribute(only_change(plan), "mode").before == "0644");
  CHECK(attribute(only_change(plan), "content").before == "one\ntwo\n");
  rig.converge();
  CHECK(rig.root().sh("cat /srv/x; stat -c %a /srv/x") == "one\n600\n");
}

TEST_CASE("a file that is no longer declared goes with --prune only, and a copy of it stays") {
  OsRig rig;
  rig.want("      files: { /srv/x: { content: one }, /srv/y: { content: two } }\n");
  rig.converge();
  rig.root().sh("echo mine > /srv/z");
  rig.want("      files: { /srv/y: { content: two } }\n");
  CHECK_FALSE(only_change(rig.plan()).blocked.empty());
  PlanOptions prune;
  prune.prune = true;
  rig.converge(prune);
  CHECK(rig.root().sh("ls /srv") == "y\nz\n");
  CHECK(rig.root().sh("cat /var/lib/aegisctl/before/*") == "one");
}

TEST_CASE("a file that goes is told to what reads it; a run that is cut before goes on there") {
  OsRig rig;
  rig.root().sh(
      "mkdir -p /var/lib/fake-systemd; printf '[Service]\\nExecStart=/bin/true\\n' > "
      "/etc/systemd/system/web.service; systemctl start web.service");
  rig.want(
      "      files: { /srv/x: { content: one, reloads: [web.service] }, /srv/y: { content: two } "
      "}\n");
  rig.converge();
  rig.root().sh(": > /tmp/systemctl.log");
  rig.want("      files: { /srv/y: { content: two } }\n");
  PlanOptions prune;
  prune.prune = true;
  Plan plan = rig.plan(prune);
  CHECK(only_change(plan).disruption == Disruption::reload);
  std::vector<std::string> operations;
  for (const Step& step : plan.steps) operations.push_back(step.operation);
  CHECK(operations == std::vector<std::string>{"remove", "disturb", "forget"});
  plan.steps.resize(1);
  REQUIRE(rig.apply(plan));
  CHECK(rig.root().sh("ls /srv; grep -c '^reload' /tmp/systemctl.log || :") == "y\n0\n");
  rig.converge(prune);
  CHECK(rig.root().sh(
            "grep -c '^reload' /tmp/systemctl.log; find /var/lib/aegisctl/pending -type f") ==
        "1\n");
}

TEST_CASE("a file that goes comes back when what reads it does not come up without it") {
  OsRig rig;
  rig.root().sh(
      "mkdir -p /var/lib/fake-systemd; printf "
      "'[Service]\\nExecStart=/bin/true\\nEnvironmentFile=/srv/state\\n' > "
      "/etc/systemd/system/web.service; echo well > /srv/state; systemctl start web.service");
  rig.want(
      "      files: { /srv/x: { content: one, restarts: [web.service] }, /srv/y: { content: two } "
      "}\n");
  rig.converge();
  rig.want("      files: { /srv/y: { content: two } }\n");
  rig.root().sh("echo broken > /srv/state");
  PlanOptions prune;
  prune.prune = true;
  const Report report = rig.run(rig.plan(prune));
  CHECK(report.outcome != Outcome::succeeded);
  CHECK(rig.root().sh("cat /srv/x") == "one");
  rig.root().sh("echo well > /srv/state");
  rig.converge(prune);
  CHECK(rig.root().sh("ls /srv") == "state\ny\n");
}

TEST_CASE("without its inventory a host loses pruning, and no data") {
  OsRig rig;
  rig.want("      files: { /srv/x: { content: one }, /srv/y: { content: two } }\n");
  rig.converge();
  CHECK(rig.root().sh("stat -c '%a %U' /var/lib/aegisctl /var/lib/aegisctl/inventory.json") ==
        "700 root\n600 root\n");
  rig.root().sh("rm /var/lib/aegisctl/inventory.json");
  rig.want("      files: { /srv/y: { content: two } }\n");
  PlanOptions prune;
  prune.prune = true;
  CHECK(only_change(rig.plan(prune)).action == Action::adopt);
}

TEST_CASE("a check that fails leaves the old file, and its words are told") {
  OsRig rig;
  const std::string check = "validate: [grep, -q, good, '%s']";
  rig.want("      files: { /srv/x: { content: good, " + check + " } }\n");
  rig.converge();
  rig.want("      files: { /srv/x: { content: bad, " + check + " } }\n");
  const auto refused = rig.apply(rig.plan());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("grep refuses the new content of /srv/x") !=
        std::string::npos);
  CHECK(rig.root().sh("ls -A /srv; cat /srv/x") == "x\ngood");
}

TEST_CASE("a file of ten million bytes, and one that is no text, arrive as they are") {
  OsRig rig;
  std::string big;
  for (int i = 0; big.size() < 10'000'000; ++i) big += std::to_string(i) + "\n";
  rig.project().write("big", big).write("blob", std::string("\0\xff\r\n\0", 5));
  rig.want("      files: { /srv/big: { source: big }, /srv/blob: { source: blob } }\n");
  const std::string text = render_text(rig.plan(), {});
  CHECK(text.find("sha256:") != std::string::npos);
  CHECK(text.size() < 2000);
  rig.converge();
  CHECK(rig.root().sh("stat -c %s /srv/big") == std::to_string(big.size()) + "\n");
  CHECK(rig.root().sh("od -An -tx1 /srv/blob") == " 00 ff 0d 0a 00\n");
}
