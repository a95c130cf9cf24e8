#include <catch2/catch.hpp>

#include "kinds/os/keys_file.h"
#include "kinds/os/os_group.h"
#include "kinds/os/os_rig.h"
#include "kinds/os/os_user.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_ada = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAda ada@example.net";
constexpr const char* k_bob = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBob bob@example.net";

std::string keys(std::initializer_list<const char*> keys) {
  std::string list;
  for (const char* key : keys) list += std::string(list.empty() ? "" : ", ") + key;
  return "authorized_keys: [" + list + "]";
}

std::string user(const std::string& fields) {
  return "      users: { zed: { " + fields + " } }\n";
}

/// A `visudo` that refuses what holds "bad": sudo itself need not be installed.
void install_visudo(const OsRig& rig) {
  rig.root().sh(R"(mkdir -p /etc/sudoers.d
    printf '#!/bin/sh\n! grep bad "$2"\n' > /usr/local/sbin/visudo; chmod 755 /usr/local/sbin/visudo)");
}

PlanOptions pruning() {
  PlanOptions options;
  options.prune = true;
  return options;
}

}  // namespace

TEST_CASE("a user is made with its groups, its home and its keys, and then nothing is left to do") {
  OsRig rig;
  install_visudo(rig);
  rig.want(R"(
      groups: { crew: { gid: 4321 } }
      users:
        zed:
          uid: 4444
          groups: [daemon, crew]
          shell: /bin/sh
          authorized_keys: [)" +
           std::string(k_ada) + R"(]
          sudo: "ALL=(ALL) NOPASSWD: ALL"
      directories: { /home/zed/.secure: { owner: zed, group: zed, mode: "0700" } }
)");
  rig.converge();
  CHECK(rig.root().sh("id zed") ==
        "uid=4444(zed) gid=4444(zed) groups=4444(zed),1(daemon),4321(crew)\n");
  CHECK(rig.root().sh("getent passwd zed | cut -d : -f 6-; stat -c '%U:%G %a' /home/zed "
                      "/home/zed/.ssh /home/zed/.ssh/authorized_keys /home/zed/.secure") ==
        "/home/zed:/bin/sh\nzed:zed 700\nzed:zed 700\nzed:zed 600\nzed:zed 700\n");
  CHECK(rig.root().sh("cat /etc/sudoers.d/aegisctl-zed; stat -c %a /etc/sudoers.d/aegisctl-zed") ==
        "zed ALL=(ALL) NOPASSWD: ALL\n440\n");
}

TEST_CASE("each thing that was changed by hand is named, and put right") {
  OsRig rig;
  install_visudo(rig);
  rig.want(user(keys({k_ada}) + ", groups: [daemon], sudo: 'ALL=(ALL) ALL'"));
  rig.converge();
  rig.root().sh(R"(usermod -s /bin/sh -G '' zed; echo x > /etc/sudoers.d/aegisctl-zed
                   : > /home/zed/.ssh/authorized_keys)");
  const Plan plan = rig.plan();
  const Change& change = only_change(plan);
  CHECK(change.attributes.size() == 4);
  CHECK(attribute(change, "shell").before == "/bin/sh");
  CHECK(attribute(change, "groups").before == Json::array());
  CHECK(attribute(change, "sudo").before == "x\n");
  CHECK(attribute(change, "authorized_keys").before == Json::array());
  rig.converge();
}

TEST_CASE("keys of others stay unless ours are to be the only ones") {
  OsRig rig;
  rig.want(user(keys({k_ada})));
  rig.converge();
  rig.root().sh(std::string("printf '# by hand\\n%s' '") + k_bob +
                "' >> /home/zed/.ssh/authorized_keys");
  CHECK_FALSE(rig.plan().has_differences());
  rig.want(user("authorized_keys: []"));
  rig.converge();
  const std::string rest = rig.root().sh("cat /home/zed/.ssh/authorized_keys");
  CHECK(rest == std::string("# by hand\n") + k_bob + "\n");
  rig.want(user(keys({k_ada}) + ", exclusive_keys: true"));
  const Plan plan = rig.plan();
  CHECK(attribute(only_change(plan), "authorized_keys").before == Json::array({k_bob}));
  rig.converge();
  CHECK(rig.root().sh("grep -c ^ssh- /home/zed/.ssh/authorized_keys") == "1\n");
}

TEST_CASE("a user's keys do not land where a link of that user leads") {
  OsRig rig;
  rig.want(user("shell: /bin/sh"));
  rig.converge();
  rig.root().sh("mkdir /etc/victim; ln -s /etc/victim /home/zed/.ssh");
  rig.want(user(keys({k_ada})));
  const auto refused = rig.apply(rig.plan());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("/home/zed/.ssh is no directory") != std::string::npos);
  CHECK(rig.root().sh("ls /etc/victim") == "");
}

TEST_CASE("what visudo refuses does not become a rule") {
  OsRig rig;
  install_visudo(rig);
  rig.want(user("sudo: 'ALL=(ALL) ALL'"));
  rig.converge();
  rig.want(user("sudo: bad"));
  const auto refused = rig.apply(rig.plan());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("visudo refuses") != std::string::npos);
  CHECK(rig.root().sh("cat /etc/sudoers.d/*-zed") == "zed ALL=(ALL) ALL\n");
  rig.want(user("shell: /bin/bash"));
  rig.converge();
  CHECK(rig.root().sh("ls /etc/sudoers.d | grep zed || :") == "");
}

TEST_CASE("a locked user cannot get in, and can again when it is no longer to be locked") {
  OsRig rig;
  rig.want(user("locked: true"));
  rig.converge();
  CHECK(rig.root().sh("awk -F: '$1 == \"zed\" { print $8 }' /etc/shadow") == "1\n");
  rig.want(user("locked: false"));
  rig.converge();
  CHECK(rig.root().sh("awk -F: '$1 == \"zed\" { print $8 }' /etc/shadow") == "\n");
}

TEST_CASE("a user that is no longer declared goes with --prune, its home stays, root never goes") {
  OsRig rig;
  rig.want("      groups: { crew: {} }\n      users: { zed: { group: crew }, root: {} }\n");
  PlanOptions adopt;
  adopt.adopts = {"host/a"};
  rig.converge(adopt);
  rig.root().sh("touch /home/zed/work");
  rig.want("      directories: {}\n");
  const Plan blocked = rig.plan();
  CHECK(blocked.changes.size() == 3);
  CHECK(blocked.steps.empty());
  const Plan plan = rig.plan(pruning());
  REQUIRE(rig.apply(plan));
  CHECK(rig.root().sh("! getent passwd zed; ! getent group crew; ls /home/zed; id -u root") ==
        "work\n0\n");
  const Plan rest = rig.plan(pruning());
  CHECK(only_change(rest).blocked.find("root is never removed") != std::string::npos);
}

TEST_CASE("a user whose making was cut in the middle is completed by the next run") {
  OsRig rig;
  rig.root().sh("useradd -M -d /home/zed zed; mkdir /home/zed.aegisctl");
  rig.want(user(keys({k_ada})));
  PlanOptions adopt;
  adopt.adopts = {"host/a"};
  rig.converge(adopt);
  CHECK(rig.root().sh("stat -c %U /home/zed; ls -d /home/zed*") == "zed\n/home/zed\n");
}

TEST_CASE("a group that is there as declared is left alone, and never removed") {
  OsRig rig;
  rig.want("      groups: { daemon: {} }\n");
  CHECK_FALSE(rig.plan().has_differences());
  rig.want("      directories: {}\n");
  CHECK_FALSE(rig.plan(pruning()).has_differences());
  rig.want("      groups: { crew: {} }\n");
  rig.converge();
  rig.want("      groups: { crew: { gid: 4321 } }\n");
  rig.converge();
  CHECK(rig.root().sh("getent group crew | cut -d : -f 3") == "4321\n");
}

TEST_CASE("our part of a file with keys is found, replaced and taken out again") {
  const std::string theirs = "# mine\nssh-rsa AAA x\n\nssh-rsa BBB y\n";
  const std::string with = os::with_keys(theirs, {"k1", "k2"}, false);
  CHECK(with.starts_with(theirs));
  CHECK(os::keys_in(with, false) == std::vector<std::string>{"k1", "k2"});
  CHECK(os::keys_in(with, true).size() == 4);
  CHECK(os::with_keys(with, {"k3"}, false) == os::with_keys(theirs, {"k3"}, false));
  CHECK(os::with_keys(with, {}, false) == theirs);
  CHECK(os::keys_in(os::with_keys(with, {"k3"}, true), true) == std::vector<std::string>{"k3"});
  CHECK(os::with_keys("no end", {}, false) == "no end\n");
}
