#include <array>
#include <catch2/catch.hpp>

#include "kinds/os/checkout.h"
#include "kinds/os/directory.h"
#include "kinds/os/file.h"
#include "kinds/os/os_group.h"
#include "kinds/os/os_user.h"
#include "kinds/os/package.h"
#include "kinds/os/sysctl.h"
#include "kinds/os/unit.h"
#include "laws/laws.h"
#include "laws/manifests.h"
#include "laws/os_world.h"

using namespace aegis;
using namespace aegis::laws;

namespace {

/// What the section `os` of a server wants, without the server itself.
Wanted os_of(const std::string& os) {
  const Wanted all =
      from_manifests({{"aegis.yaml", "servers:\n  a:\n    ssh: { host: h }\n    os:\n" + os}});
  return [all](Vault& vault) {
    Desired desired = all(vault);
    desired.scopes.erase("server/a");
    return desired;
  };
}

void check_laws(std::span<const Kind> kinds,
                std::vector<Wanted> stages,
                std::unique_ptr<LawWorld> (*make_world)() = make_os_world,
                PlanOptions options = {}) {
  options.prune = true;
  const LawCase law_case{std::move(stages), kinds, make_world, options};
  CHECK(violations_of_rest(law_case) == std::vector<std::string>{});
  CHECK(violations_of_convergence(law_case) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("directories and files that are made, changed and removed keep the laws") {
  const std::array<Kind, 2> kinds{directory_kind(), file_kind()};
  const Wanted made = os_of(R"(
      directories: { /srv/a: { owner: daemon }, /srv/a/b: { mode: "0700" } }
      files:
        /srv/a/b/x: { content: "one\n", validate: [grep, -q, one, "%s"] }
        "/srv/a/$(y)\n": { content: "two\n", owner: daemon }
)");
  const Wanted changed = os_of(R"(
      directories: { /srv/a: { mode: "0711" }, /srv/a/b: { mode: "0700" } }
      files:
        /srv/a/b/x: { content: "other\n", mode: "0600" }
        "/srv/a/$(y)\n": { content: "two\n", owner: daemon }
)");
  check_laws(kinds, {made});
  check_laws(kinds, {made, changed});
  check_laws(kinds, {made, os_of("      directories: { /srv/a: { owner: daemon } }\n")});
}

TEST_CASE("groups and users that are made, changed and removed keep the laws") {
  const std::array<Kind, 4> kinds{os_group_kind(), os_user_kind(), directory_kind(), file_kind()};
  const Wanted made = os_of(R"(
      groups: { crew: { gid: 4321 } }
      users:
        zed: { uid: 4444, groups: [crew], authorized_keys: [ssh-ed25519 AAAA a, ssh-ed25519 BBBB b] }
      directories: { /home/zed/.secure: { owner: zed, group: zed, mode: "0700" } }
)");
  const Wanted changed = os_of(R"(
      groups: { crew: { gid: 4322 } }
      users:
        zed: { uid: 4445, group: crew, shell: /bin/sh, authorized_keys: [ssh-ed25519 CCCC c], locked: true }
      directories: { /home/zed/.secure: { owner: zed, group: crew, mode: "0700" } }
)");
  check_laws(kinds, {made});
  check_laws(kinds, {made, changed});
  check_laws(kinds, {made, os_of("      groups: { crew: {} }\n")});
}

TEST_CASE("units, and files that restart them, that are made, changed and removed keep the laws") {
  const std::array<Kind, 3> kinds{directory_kind(), file_kind(), unit_kind()};
  const Wanted made = os_of(R"(
      files: { /srv/web: { content: "one\n", restarts: [web.service] } }
      units:
        web.service: { content: "[Service]\nExecStart=/bin/true\nEnvironmentFile=/srv/web\n", state: started }
        nightly.service: { content: "[Service]\nType=oneshot\nExecStart=/bin/true\n" }
        nightly.timer: { content: "[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n", enabled: true, state: started }
)");
  const Wanted changed = os_of(R"(
      directories: { /etc/systemd/system/web.service.d: {} }
      files:
        /srv/web: { content: "two\n", restarts: [web.service] }
        /etc/systemd/system/web.service.d/x.conf: { content: "[Service]\nNice=1\n", reloads: [web.service] }
      units:
        web.service: { content: "[Service]\nExecStart=/bin/false\nEnvironmentFile=/srv/web\n", state: started }
        nightly.service: { content: "[Service]\nType=oneshot\nExecStart=/bin/false\n" }
        nightly.timer: { content: "[Timer]\nOnCalendar=weekly\n[Install]\nWantedBy=timers.target\n", enabled: false, state: stopped }
)");
  check_laws(kinds, {made});
  check_laws(kinds, {made, changed});
  check_laws(kinds, {made, os_of("      units: { web.service: { state: stopped } }\n")});
}

TEST_CASE("a package, its unit's file, and the file that its unit reads keep the laws together") {
  const std::array<Kind, 3> kinds{package_kind(), file_kind(), unit_kind()};
  PlanOptions options;
  options.adopts = {"host/a"};
  check_laws(kinds,
             {os_of(R"(
      packages: { aegis-web: present }
      files: { /etc/web: { content: "declared\n", restarts: [web.service] } }
      units: { web.service: { content: "[Service]\nExecStart=/bin/true\nEnvironmentFile=/etc/web\n" } }
)")},
             make_apt_world,
             options);
}

TEST_CASE("checkouts that are made, moved and forgotten keep the laws") {
  const std::array<Kind, 2> kinds{checkout_kind(), directory_kind()};
  const auto at = [](const std::string& ref) {
    return os_of("      git: { /srv/app: { repository: \"file:///srv/origin\", ref: " + ref +
                 ", owner: daemon } }\n");
  };
  check_laws(kinds, {at("v1")}, make_git_world);
  check_laws(kinds, {at("v1"), at("v2")}, make_git_world);
  check_laws(kinds, {at("v1"), os_of("      directories: { /srv/b: {} }\n")}, make_git_world);
}

TEST_CASE("files that go and are told to what read them keep the laws") {
  const std::array<Kind, 2> kinds{file_kind(), unit_kind()};
  const Wanted made = os_of(R"(
      files: { /srv/web: { content: "one\n", restarts: [web.service] }, /srv/x: { content: "a\n", guarded: true } }
      units: { web.service: { content: "[Service]\nExecStart=/bin/true\n", state: started } }
)");
  check_laws(kinds,
             {made,
              os_of("      units: { web.service: { content: "
                    "\"[Service]\\nExecStart=/bin/true\\n\", state: started } }\n")});
}

TEST_CASE("settings of the kernel that are made and changed keep the laws") {
  const std::array<Kind, 2> kinds{file_kind(), sysctl_kind()};
  const Wanted made = os_of("      sysctl: { vm.swappiness: 10 }\n");
  const Wanted changed = os_of("      sysctl: { vm.swappiness: 20, net.ipv4.tcp_rmem: 1 2 3 }\n");
  check_laws(kinds, {made});
  check_laws(kinds, {made, changed});
}

TEST_CASE("a guarded file that is made and changed keeps the laws") {
  const std::array<Kind, 1> kinds{file_kind()};
  const Wanted made = os_of("      files: { /srv/x: { content: \"a\\n\", guarded: true } }\n");
  const Wanted changed = os_of("      files: { /srv/x: { content: \"b\\n\", guarded: true } }\n");
  check_laws(kinds, {made, changed});
}
