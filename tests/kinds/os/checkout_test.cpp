#include "kinds/os/checkout.h"

#include <catch2/catch.hpp>

#include "kinds/os/os_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

/// A host with git, and a repository with the tags v1 and v2 behind its newest commit.
class GitRig : public OsRig {
 public:
  GitRig() {
    root().sh(R"sh(
      git config --system --add safe.directory '*'
      git config --system user.name t
      git config --system user.email t@example.net
      git init -q /srv/origin
      cd /srv/origin
      echo one > file; git add file; git commit -q -m one; git tag v1
      echo two > file; git commit -q -a -m two; git tag -a v2 -m two
      echo three > file; git commit -q -a -m three
    )sh");
  }

  void want_ref(const std::string& ref, const std::string& owner = "daemon") {
    want("      git: { /srv/app: { repository: \"file:///srv/origin\", ref: " + ref +
         ", owner: " + owner + " } }\n");
  }

  std::string file() { return root().sh("cat /srv/app/file"); }

  std::string refusal() {
    const auto done = apply(plan());
    REQUIRE_FALSE(done);
    return done.error().message;
  }
};

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a checkout is made at a tag, belongs to its owner, and moves with its ref") {
  GitRig rig;
  rig.want_ref("v1");
  CHECK(only_change(rig.plan()).action == Action::create);
  rig.converge();
  CHECK(rig.file() == "one\n");
  CHECK(rig.root().sh("stat -c '%U %a' /srv/app /srv/app/file /srv/app/.git") ==
        "daemon 755\ndaemon 644\ndaemon 755\n");
  rig.want_ref("v2");
  CHECK(attribute(only_change(rig.plan()), "ref").after == "v2");
  rig.converge();
  CHECK(rig.file() == "two\n");
  std::string newest = rig.root().sh("git -C /srv/origin rev-parse HEAD");
  newest.pop_back();
  rig.want_ref(newest);
  rig.converge();
  CHECK(rig.file() == "three\n");
  rig.want_ref("v1", "nobody");
  rig.converge();
  CHECK(rig.root().sh("find /srv/app ! -user nobody") == "");
}

TEST_CASE("files that somebody changed in a checkout hold its changes back, and are named") {
  GitRig rig;
  rig.want_ref("v1");
  rig.converge();
  rig.root().sh("echo mine > /srv/app/file; echo mine > /srv/app/other");
  const Change drifted = only_change(rig.plan());
  CHECK(attribute(drifted, "changes").before == Json::array({" M file"}));
  CHECK(mentions(drifted.blocked, "in no commit"));
  rig.want_ref("v2");
  CHECK(rig.plan().steps.empty());
  CHECK(rig.file() == "mine\n");
  rig.root().sh("cd /srv/app; runuser -u daemon -- git checkout -q .");
  rig.converge();
  CHECK(rig.root().sh("cat /srv/app/file /srv/app/other") == "two\nmine\n");
}

TEST_CASE("a file that was changed after the plan was made stays") {
  GitRig rig;
  rig.want_ref("v1");
  rig.converge();
  rig.want_ref("v2");
  const Plan plan = rig.plan();
  rig.root().sh("echo mine > /srv/app/file");
  const auto done = rig.apply(plan);
  REQUIRE_FALSE(done);
  CHECK(mentions(done.error().message, "somebody changed files in /srv/app"));
  CHECK(rig.file() == "mine\n");
}

TEST_CASE("a branch, and a ref that is not there, are refused with what would be right") {
  GitRig rig;
  rig.want_ref("master");
  CHECK(mentions(rig.refusal(), "name a tag or a commit"));
  rig.want_ref("v9");
  CHECK(mentions(rig.refusal(), "has no tag v9"));
  rig.want_ref("v1");
  rig.converge();
}

TEST_CASE("a directory with something else in it, and a link, stay as they are") {
  GitRig rig;
  rig.root().sh("mkdir /srv/app; echo mine > /srv/app/file");
  rig.want_ref("v1");
  CHECK(mentions(rig.refusal(), "holds something else"));
  CHECK(rig.file() == "mine\n");
  rig.root().sh("mv /srv/app /srv/real; ln -s /srv/real /srv/app");
  CHECK(mentions(only_change(rig.plan()).blocked, "a symbolic link"));
}

TEST_CASE("what a repository has git run never runs as root") {
  GitRig rig;
  rig.want_ref("v1");
  rig.converge();
  rig.root().sh(R"sh(
    cd /srv/app
    printf '#!/bin/sh\nid -un >> /tmp/who\n' > .git/hooks/post-checkout
    chmod 755 .git/hooks/post-checkout
    printf '#!/bin/sh\nid -un >> /tmp/who\n' > /srv/monitor
    chmod 755 /srv/monitor
    git config core.fsmonitor /srv/monitor
    chown -R daemon: .git; : > /tmp/who; chmod 666 /tmp/who
  )sh");
  rig.want_ref("v2");
  rig.converge();
  CHECK(mentions(rig.root().sh("cat /tmp/who"), "daemon"));
  CHECK_FALSE(mentions(rig.root().sh("cat /tmp/who"), "root"));
}

TEST_CASE(
    "a checkout that was cut in the middle is finished, and is not taken for somebody's work") {
  GitRig rig;
  rig.want_ref("v1");
  rig.converge();
  rig.root().sh("cd /srv/app; echo half > file; touch .git/index.lock; touch .git/aegisctl-cut");
  rig.want_ref("v2");
  rig.converge();
  CHECK(rig.file() == "two\n");
  CHECK(rig.root().sh("ls /srv/app/.git/aegisctl-cut 2> /dev/null || echo none") == "none\n");
}

TEST_CASE(
    "a checkout of somebody else's waits to be adopted; one that is not declared any more stays") {
  GitRig rig;
  rig.root().sh("git clone -q file:///srv/origin /srv/app; git -C /srv/app checkout -q v1");
  rig.want_ref("v1", "root");
  CHECK(only_change(rig.plan()).action == Action::adopt);
  PlanOptions adopt;
  adopt.adopts = {"host/a"};
  rig.converge(adopt);
  rig.want("      files: { /srv/x: { content: x } }\n");
  PlanOptions prune;
  prune.prune = true;
  rig.converge(prune);
  CHECK(rig.file() == "one\n");
  CHECK_FALSE(mentions(rig.root().sh("cat /var/lib/aegisctl/inventory.json"), "checkout"));
}
