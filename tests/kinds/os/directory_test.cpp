#include "kinds/os/directory.h"

#include <catch2/catch.hpp>

#include "kinds/os/os_rig.h"

using namespace aegis;
using namespace aegis::test;

TEST_CASE("directories are made from the outside in, with their owners and modes") {
  OsRig rig;
  rig.want(R"yaml(
      directories:
        /srv/agent/.secure: { owner: daemon, group: daemon, mode: "0700" }
        /srv/agent: { owner: "1234", group: daemon }
        "/srv/agent/-p $(x)": {}
      files:
        /srv/agent/.secure/key: { content: x, mode: "0600" }
)yaml");
  rig.converge();
  CHECK(rig.root().sh("cd /srv; find . -printf '%P %u:%g %m\\n' | sort") ==
        " root:root 755\nagent 1234:daemon 755\nagent/-p $(x) root:root 755\n"
        "agent/.secure daemon:daemon 700\nagent/.secure/key root:root 600\n");
}

TEST_CASE("an owner that was changed by hand is put right, and what is inside is left alone") {
  OsRig rig;
  rig.want("      directories: { /srv/d: { mode: '2750' } }\n");
  rig.converge();
  rig.root().sh("touch /srv/d/theirs; chown daemon /srv/d /srv/d/theirs");
  const Plan plan = rig.plan();
  CHECK(attribute(only_change(plan), "owner").before == "daemon");
  rig.converge();
  CHECK(rig.root().sh("stat -c '%U %a' /srv/d /srv/d/theirs") == "root 2750\ndaemon 644\n");
}

TEST_CASE("directories that are no longer declared go from the inside out, where they are empty") {
  OsRig rig;
  PlanOptions prune;
  prune.prune = true;
  rig.want(R"(
      directories: { /srv/a: {}, /srv/a/b: {}, /srv/a/b/c: {}, /srv/full: {} }
      files: { /srv/a/b/c/f: { content: x } }
)");
  rig.converge();
  rig.root().sh("touch /srv/full/theirs");
  rig.want("      directories: {}\n");
  rig.converge(prune);
  CHECK(rig.root().sh("find /srv -mindepth 1 | sort") == "/srv/full\n/srv/full/theirs\n");
}

TEST_CASE("a directory that exists waits to be adopted; one that is a link is not followed") {
  OsRig rig;
  rig.root().sh("mkdir -m 711 /srv/d; mkdir /srv/real; ln -s real /srv/link");
  rig.want("      directories: { /srv/d: {}, /srv/link: { mode: '0700' } }\n");
  const Plan plan = rig.plan();
  REQUIRE(plan.changes.size() == 2);
  CHECK(plan.changes[0].action == Action::adopt);
  CHECK(plan.steps.empty());
  PlanOptions adopt;
  adopt.adopts = {"host/a"};
  const Plan adopting = rig.plan(adopt);
  CHECK(adopting.changes[1].blocked.find("a symbolic link") != std::string::npos);
  REQUIRE(rig.apply(adopting));
  CHECK(rig.root().sh("stat -c %a /srv/d /srv/real") == "755\n755\n");
}
