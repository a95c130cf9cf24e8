#include "kinds/os/package.h"

#include <catch2/catch.hpp>

#include "kinds/os/os_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

/// The host with the real apt and dpkg, and a repository of its own in which there are the packages
/// "aegis-tool" (versions 1 and 2), "aegis-user", which needs it, and "aegis-foe", which cannot be
/// beside it.
class AptRig : public OsRig {
 public:
  AptRig() {
    root().sh(R"sh(
      rm -rf /etc/apt/sources.list /etc/apt/sources.list.d /var/lib/apt/lists/*
      echo 'deb [trusted=yes] file:/srv/apt ./' > /etc/apt/sources.list
      mkdir /srv/apt; cd /srv/apt
      build() {
        mkdir -p "b/DEBIAN"
        printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: t <t@example.net>\n' \
          "$1" "$2" > b/DEBIAN/control
        printf '%bDescription: a test\n' "${3-}" >> b/DEBIAN/control
        dpkg-deb -Znone -b b "$1_$2.deb" > /dev/null
        { cat b/DEBIAN/control
          printf 'Filename: ./%s_%s.deb\nSize: %s\nSHA256: %s\n\n' "$1" "$2" \
            "$(stat -c %s "$1_$2.deb")" "$(sha256sum < "$1_$2.deb" | cut -c1-64)"; } >> Packages
        rm -r b
      }
      build aegis-tool 1; build aegis-tool 2
      build aegis-user 1 'Depends: aegis-tool\n'; build aegis-foe 1 'Conflicts: aegis-tool\n'
    )sh");
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
