#include <fmt/format.h>

#include <array>
#include <catch2/catch.hpp>

#include "engine/observe.h"
#include "kinds/os/directory.h"
#include "kinds/os/file.h"
#include "kinds/os/package.h"
#include "kinds/os/unit.h"
#include "kinds/table.h"
#include "manifest/project_folder.h"
#include "plan/make_plan.h"
#include "support/fake_shell.h"
#include "support/scripted_http.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_list = "GET proxmox/a/api2/json/nodes/a/lxc";

/// The system of container 103, of which only the list of containers tells.
struct GuestRig {
  ProjectFolder project;
  ScriptedHttp http;
  FakeShell shell;
  Desired desired;
  const std::array<Kind, 4> kinds{directory_kind(), file_kind(), package_kind(), unit_kind()};

  explicit GuestRig(
      const std::string& os = "directories: { /srv/d: {} }, files: { /srv/d/f: { content: x } }") {
    project.write("aegis.yaml",
                  fmt::format(R"(
servers: {{ a: {{ ssh: {{ host: h }} }} }}
containers:
  c:
    server: a
    vmid: 103
    rootfs: {{ storage: l, size: 1GiB }}
    os: {{ {} }}
)",
                              os));
    desired = std::move(project.load().desired);
    desired.scopes.erase("server/a");
    desired.resources.erase(Address{"", "container", "c"});
    for (auto& [address, resource] : desired.resources) {
      std::erase(resource.depends_on, Address{"", "container", "c"});
    }
  }

  Observed look() { return observe(desired, kinds, http, shell, project.vault()); }
};

}  // namespace

TEST_CASE("nothing is asked of a container that does not run, and all of it is to be made") {
  for (const char* list : {R"({"data":[]})", R"({"data":[{"vmid":103,"status":"stopped"}]})"}) {
    GuestRig rig;
    rig.http.on(k_list, 200, list);
    const Observed observed = rig.look();
    CHECK(observed.failures.empty());
    CHECK(rig.shell.commands().empty());
    const Plan plan = make_plan(rig.desired, observed.world, rig.kinds, {});
    REQUIRE(plan.changes.size() == 2);
    CHECK(plan.changes[0].action == Action::create);
    CHECK(plan.steps.at(0).input.at("shell") == "guest/a/103");
  }
}

TEST_CASE("what a container is not to have is looked for when it is up") {
  GuestRig rig(
      "packages: { telnet: absent }, units: { nginx.service: { state: stopped, enabled: false } }");
  rig.http.on(k_list, 200, R"({"data":[]})");
  const Plan plan = make_plan(rig.desired, rig.look().world, rig.kinds, {});
  REQUIRE(plan.steps.size() == 2);
  CHECK(plan.steps[0].title == "remove package telnet");
  CHECK(plan.steps[1].title == "stop, disable nginx.service");
}

TEST_CASE("a container that runs is asked once for all of its kinds") {
  GuestRig rig;
  rig.http.on(k_list, 200, R"({"data":[{"vmid":"103","status":"running"}]})");
  rig.shell.on("guest/a/103", "", "facts 1\nuid MAo=\nend\n");
  const Observed observed = rig.look();
  CHECK(observed.failures.empty());
  CHECK(observed.waves == 2);
  CHECK(rig.shell.commands().size() == 1);
}

TEST_CASE("a host that does not tell, and a container that does not answer, are no empty ones") {
  GuestRig refused;
  refused.http.on(k_list, 403, "{}");
  CHECK(refused.look().failures.size() == 1);
  GuestRig broken;
  broken.http.on(k_list, 200, R"({"data":[{"vmid":103,"status":"running"}]})");
  broken.shell.on("guest/a/103", "", "sh: not found", 127);
  const Observed observed = broken.look();
  REQUIRE(observed.failures.size() == 1);
  CHECK(observed.failures[0].error.message.find("guest c") != std::string::npos);
}
