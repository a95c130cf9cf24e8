#include "kinds/os/package.h"

#include <catch2/catch.hpp>

#include "kinds/os/os_rig.h"
#include "support/private_repository.h"

using namespace aegis;
using namespace aegis::test;

namespace {

/// The host with the real apt and dpkg, and a repository of its own in which there are the packages
/// "aegis-tool" (versions 1 and 2), "aegis-user", which needs it, "aegis-foe", which cannot be
/// beside it, "aegis-still" and "aegis-web", which bring a service along: one that is not
/// started, and one that is.
class AptRig : public OsRig {
 public:
  AptRig() {
    root().sh(std::string(k_private_repository) + R"sh(
      build aegis-tool 1; build aegis-tool 2
      build aegis-user 1 'Depends: aegis-tool\n'; build aegis-foe 1 'Conflicts: aegis-tool\n'
      mkdir -p b/usr/lib/systemd/system
      printf '[Service]\nExecStart=/bin/sleep 9\n' > b/usr/lib/systemd/system/still.service
      build aegis-still 1
    )sh" + k_web_package);
  }

  std::string status(const std::string& package) {
    return root().sh("dpkg-query -W -f='${db:Status-Abbrev}${Version}' " + package +
                     " 2>/dev/null || :");
  }
};

PlanOptions with(bool prune, bool adopt) {
  PlanOptions options;
  options.prune = prune;
  if (adopt) options.adopts = {"host/a"};
  return options;
}

}  // namespace

TEST_CASE("a package is installed, from lists that apt has yet to read, and then all is well") {
  AptRig rig;
  rig.want("      packages: { aegis-tool: present, aegis-never-heard-of: absent }\n");
  rig.converge();
  CHECK(rig.status("aegis-tool") == "ii 2");
}

TEST_CASE("a configuration file just as its package brought it is nobody's, and waits for nobody") {
  AptRig rig;
  rig.want("      packages: { aegis-web: present }\n");
  rig.converge();
  // As a run that was cut between the two left it.
  rig.want(
      "      packages: { aegis-web: present }\n"
      "      files: { /etc/web: { content: \"declared\\n\" } }\n");
  CHECK(only_change(rig.plan()).action == Action::update);
  rig.converge();
  CHECK(rig.root().sh("cat /etc/web; cat /var/lib/aegisctl/before/*") == "declared\npackaged\n");
}

TEST_CASE("a configuration file that somebody changed waits to be adopted") {
  AptRig rig;
  rig.want("      packages: { aegis-web: present }\n");
  rig.converge();
  rig.root().sh("echo mine >> /etc/web");
  rig.want(
      "      packages: { aegis-web: present }\n"
      "      files: { /etc/web: { content: \"declared\\n\" } }\n");
  CHECK(only_change(rig.plan()).action == Action::adopt);
}

TEST_CASE("a version that is asked for is kept, older ones too, and a hold is put and taken off") {
  AptRig rig;
  rig.want("      packages: { aegis-tool: present }\n");
  rig.converge();
  rig.want("      packages: { aegis-tool: { state: held, version: '1' } }\n");
  rig.converge();
  CHECK(rig.status("aegis-tool") == "hi 1");
  rig.root().sh("apt-mark unhold aegis-tool");
  const Plan plan = rig.plan();
  CHECK(attribute(only_change(plan), "state").before == "present");
  rig.converge();
  rig.want("      packages: { aegis-tool: present }\n");
  rig.converge();
  CHECK(rig.status("aegis-tool") == "ii 1");
}

TEST_CASE("what was installed before us is left alone, and is removed only when it is adopted") {
  AptRig rig;
  rig.root().sh("apt-get -qq update; apt-get -qq install aegis-tool");
  rig.want("      packages: { aegis-tool: present }\n");
  CHECK_FALSE(rig.plan().has_differences());
  rig.want("      packages: {}\n");
  CHECK_FALSE(rig.plan(with(true, false)).has_differences());
  rig.want("      packages: { aegis-tool: absent }\n");
  CHECK_FALSE(only_change(rig.plan()).blocked.empty());
  rig.converge(with(false, true));
  CHECK(rig.status("aegis-tool").substr(0, 2) != "ii");
}

TEST_CASE("what we installed goes with --prune, unless others need it") {
  AptRig rig;
  rig.want("      packages: { aegis-tool: present }\n");
  rig.converge();
  rig.root().sh("apt-get -qq install aegis-user");
  rig.want("      packages: {}\n");
  const auto refused = rig.apply(rig.plan(with(true, false)));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "removing aegis-tool would take others along: aegis-user");
  rig.root().sh("apt-get -qq remove aegis-user");
  rig.converge(with(true, false));
  CHECK(rig.status("aegis-tool").substr(0, 2) != "ii");
}

TEST_CASE(
    "an installation that would remove something else, and an unknown package, fail clearly") {
  AptRig rig;
  rig.want("      packages: { aegis-tool: present }\n");
  rig.converge();
  rig.want("      packages: { aegis-tool: present, aegis-foe: present }\n");
  CHECK_FALSE(rig.apply(rig.plan()));
  CHECK(rig.status("aegis-tool") == "ii 2");
  rig.want("      packages: { aegis-tool: present, aegis-nothing: present }\n");
  const auto unknown = rig.apply(rig.plan());
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message.find("Unable to locate package aegis-nothing") !=
        std::string::npos);
}

TEST_CASE("a service that a package of the same run brings along reads its declared file") {
  AptRig rig;
  rig.want(R"(
      packages: { aegis-web: present }
      directories: { /etc: {} }
      files: { /etc/web: { content: "declared\n", reloads: [web.service] } }
)");
  const Plan plan = rig.plan(with(false, true));
  CHECK(plan.steps.back().title == "reload web.service if it runs by then");
  CHECK(plan.steps.back().disruption == Disruption::none);
  rig.converge(with(false, true));
  CHECK(rig.root().sh("tail -n 1 /var/lib/fake-systemd/active/web.service") == "declared\n");
  CHECK(rig.root().sh("grep -c '^reload' /tmp/systemctl.log") == "1\n");
  CHECK(rig.root().sh("find /var/lib/aegisctl/pending -type f") == "");
}

TEST_CASE("a service that a package brings along and does not start is left as it is") {
  AptRig rig;
  rig.want(R"(
      packages: { aegis-still: present }
      files: { /etc/still: { content: "declared\n", restarts: [still.service] } }
)");
  rig.converge();
  CHECK(rig.root().sh("ls /var/lib/fake-systemd/active") == "");
  CHECK(rig.root().sh("grep -c '^restart' /tmp/systemctl.log || :") == "0\n");
  CHECK(rig.root().sh("find /var/lib/aegisctl/pending -type f 2> /dev/null || :") == "");
}

TEST_CASE("when the service of a new package refuses its declared file, the package's comes back") {
  AptRig rig;
  rig.want(R"(
      packages: { aegis-web: present }
      files: { /etc/web: { content: "broken\n", restarts: [web.service] } }
)");
  const Report report = rig.run(rig.plan());
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(rig.root().sh("tail -n 1 /var/lib/fake-systemd/active/web.service") == "packaged\n");
  CHECK(rig.root().sh("cat /etc/web") == "packaged\n");
}

TEST_CASE("a check that fails leaves the file that a package of the same run brought along") {
  AptRig rig;
  rig.want(R"(
      packages: { aegis-web: present }
      files: { /etc/web: { content: "declared\n", restarts: [web.service], validate: [grep, nothing, "%s"] } }
)");
  CHECK(rig.run(rig.plan()).outcome == Outcome::rolled_back);
  CHECK(rig.root().sh("cat /etc/web") == "packaged\n");
}

TEST_CASE(
    "a unit's own file takes the place of the package's in the same run, and it is restarted") {
  AptRig rig;
  rig.want(R"(
      packages: { aegis-web: present }
      units:
        web.service: { content: "[Service]\nExecStart=/bin/sleep 1\nEnvironmentFile=/etc/web\n", state: started }
)");
  rig.converge();
  CHECK(rig.root().sh("sha256sum < /etc/systemd/system/web.service | cmp - "
                      "/var/lib/fake-systemd/known/web.service; "
                      "head -n 1 /var/lib/fake-systemd/active/web.service | cmp - "
                      "/var/lib/fake-systemd/known/web.service && echo same") == "same\n");
}

TEST_CASE("a service that a package brings and starts is stopped in the same run") {
  AptRig rig;
  rig.want(R"(
      packages: { aegis-web: present, aegis-gone: absent }
      units: { web.service: { state: stopped }, never-heard-of.service: { enabled: false } }
)");
  rig.converge();
  CHECK(rig.root().sh("test -e /var/lib/fake-systemd/active/web.service || echo stopped") ==
        "stopped\n");
}
