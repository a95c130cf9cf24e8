#include <catch2/catch.hpp>

#include "manifest/project_folder.h"

namespace aegis::test {
namespace {

constexpr const char* k_project = R"(
windows:
  sundays: { schedule: "Sun 02:00", duration: 2h }
servers:
  fsn1:
    ssh: { host: 203.0.113.15 }
    time: { timezone: Europe/Berlin }
    window: nightly
    os:
      maintenance:
        nightly:
          schedule: "*-*-* 03:00"
          duration: 1h
          tasks: [{ name: clean-up, command: [apt-get, clean] }]
containers:
  web:
    server: fsn1
    vmid: 101
    rootfs: { storage: local-zfs, size: 8GiB }
    os: { packages: { curl: present } }
  db:
    server: fsn1
    vmid: 102
    rootfs: { storage: local-zfs, size: 8GiB }
    window: { name: sundays, from: restart service }
    os: { packages: { curl: present } }
)";

Json gate_of(const Manifests& manifests, const char* scope, const char* name) {
  return get(manifests.desired.scopes.at(scope).settings, name);
}

}  // namespace

TEST_CASE("a server's window is that of its guests and their systems, unless they have their own") {
  ProjectFolder folder;
  const Manifests manifests = folder.write("aegis.yaml", k_project).load();
  REQUIRE(described(manifests.diagnostics).empty());
  // A window of maintenance opens when its timer elapses: in the time zone of its system.
  const Json nightly{{"name", "nightly"},
                     {"schedule", Json::array({"*-*-* 03:00 Europe/Berlin"})},
                     {"duration", 3600},
                     {"from", "reboot container"}};
  const Json sundays{{"name", "sundays"},
                     {"schedule", Json::array({"Sun 02:00 UTC"})},
                     {"duration", 7200},
                     {"from", "restart service"}};
  CHECK(gate_of(manifests, "server/fsn1", "window") == nightly);
  CHECK(gate_of(manifests, "host/fsn1", "window") == nightly);
  CHECK(gate_of(manifests, "guest/web", "window") == nightly);
  CHECK(gate_of(manifests, "guest/db", "window") == sundays);
  CHECK(gate_of(manifests, "server/fsn1", "windows") == Json{{"container/db", sundays}});
  const Resource& container = manifests.desired.resources.at({"", "container", "db"});
  CHECK_FALSE(container.spec.contains("window"));
}

TEST_CASE("a window that is not there, or whose time is none, is reported at its place") {
  ProjectFolder folder;
  const Manifests manifests = folder
                                  .write("aegis.yaml", R"(windows:
  a: { schedule: "Sun 02:00 Mars/Base", duration: 2h }
  b: { schedule: ["Sun 02:00", "at noon"], duration: 2h }
  c: { schedule: daily, duration: 0s }
servers:
  fsn1:
    ssh: { host: 203.0.113.15 }
    window: { name: d }
)")
                                  .load();
  CHECK(described(manifests.diagnostics) ==
        std::vector<std::string>{"aegis.yaml:2:18 a time that is not understood",
                                 "aegis.yaml:3:32 a time that is not understood",
                                 "aegis.yaml:4:35 a window that is never open",
                                 "aegis.yaml:8:21 unknown window"});
}

TEST_CASE("a stack waits only when it says so, and knows the windows of where it lives") {
  ProjectFolder folder;
  folder.write("compose.yaml", "services: { web: { image: nginx } }\n").write("stacks.yaml", R"(
stacks:
  quiet: { container: web, compose: compose.yaml, window: nightly }
  busy: { container: web, compose: compose.yaml }
)");
  const Manifests manifests = folder.write("aegis.yaml", k_project).load();
  REQUIRE(described(manifests.diagnostics).empty());
  CHECK(get(gate_of(manifests, "stack/quiet", "window"), "name") == "nightly");
  CHECK(gate_of(manifests, "stack/busy", "window").is_null());
}

}  // namespace aegis::test
