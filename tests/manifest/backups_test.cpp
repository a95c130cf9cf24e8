#include <catch2/catch.hpp>

#include "manifest/project_folder.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_guests = R"(
servers:
  a: { ssh: { host: h }, storage: { box: { type: dir, path: /box, content: [backup] } } }
  b: { ssh: { host: i } }
containers:
  web: { server: a, vmid: 103, rootfs: { storage: l, size: 1GiB } }
  db: { server: a, vmid: 104, rootfs: { storage: l, size: 1GiB } }
  far: { server: b, vmid: 103, rootfs: { storage: l, size: 1GiB } }
machines:
  win: { server: a, vmid: 105, disks: { scsi0: { storage: l, size: 1GiB } } }
)";

Manifests load_with(const std::string& backups) {
  ProjectFolder folder;
  folder.write("a.yaml", k_guests);
  folder.write("b.yaml", "backups:\n" + backups);
  return folder.load();
}

std::vector<std::string> problems_of(const std::string& backups) {
  return described(load_with(backups).diagnostics);
}

const Resource& job(const Manifests& manifests, const std::string& name) {
  return manifests.desired.resources.at(parse_address(name).value());
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a guest that is left out with its server is not called unknown besides") {
  ProjectFolder folder;
  folder.write("a.yaml", R"(
servers: { s: { ssh: { host: "${env:MISSING}" } } }
containers: { web: { server: s, vmid: 101, rootfs: { storage: local, size: 8GiB } } }
backups: { weekly: { of: [container/web], storage: local, schedule: daily } }
)");
  CHECK(described(folder.load().diagnostics) ==
        std::vector<std::string>{"a.yaml:2:30 an environment variable is not set"});
}

TEST_CASE("a backup becomes a job of Proxmox, with what is usual filled in") {
  const Manifests manifests =
      load_with("  weekly: {of: [container/web, machine/win], storage: box, schedule: daily}\n");
  REQUIRE(described(manifests.diagnostics) == Lines{});
  const Resource& weekly = job(manifests, "server/a/backup-job/weekly");
  CHECK(weekly.spec == Json{{"vmid", {103, 105}},
                            {"storage", "box"},
                            {"schedule", "daily"},
                            {"compress", "zstd"},
                            {"notes-template", "{{guestname}}"}});
  CHECK(weekly.depends_on == std::vector<Address>{{"server/a", "storage", "box"}});
  CHECK(to_string(weekly.place_of("vmid")) == "b.yaml:2:16");
  CHECK(manifests.desired.scopes.at("server/a").has_section("jobs.backup"));
}

TEST_CASE("every field of a backup reaches its job") {
  const Manifests manifests = load_with(R"(
  weekly:
    of: [container/web]
    storage: box
    schedule: sun 02:00
    keep: { last: 2, weekly: 4 }
    mode: stop
    compress: gzip
    notes: "{{vmid}}"
    protected: false
    rpo: 1d12h
    rto: 30m
    enabled: false
    comment: off site
    repeat-missed: true
    exclude-path: [/tmp/x]
    bwlimit: 1024
)");
  REQUIRE(described(manifests.diagnostics) == Lines{});
  const Resource& weekly = job(manifests, "server/a/backup-job/weekly");
  CHECK(weekly.spec == Json{{"vmid", Json::array({103})},
                            {"storage", "box"},
                            {"schedule", "sun 02:00"},
                            {"prune-backups", {{"keep-last", 2}, {"keep-weekly", 4}}},
                            {"mode", "stop"},
                            {"compress", "gzip"},
                            {"notes-template", "{{vmid}}"},
                            {"protected", false},
                            {"enabled", false},
                            {"comment", "off site"},
                            {"repeat-missed", true},
                            {"exclude-path", Json::array({"/tmp/x"})},
                            {"bwlimit", 1024}});
  CHECK(weekly.place_of("prune-backups.keep-weekly").line == 7);
  const Backup& backup = manifests.backups.at("weekly");
  CHECK(backup.rpo == std::chrono::hours(36));
  CHECK(backup.rto == std::chrono::minutes(30));
  CHECK(backup.storage == "box");
  CHECK(backup.jobs.at("server/a") == weekly.address);
}

TEST_CASE("guests of two servers get a job on each, with names that a cluster can tell apart") {
  const Manifests manifests =
      load_with("  all: {of: [container/web, container/far], storage: box, schedule: daily}\n");
  REQUIRE(described(manifests.diagnostics) == Lines{});
  CHECK(job(manifests, "server/a/backup-job/all-a").spec.at("vmid") == Json::array({103}));
  CHECK(job(manifests, "server/b/backup-job/all-b").spec.at("vmid") == Json::array({103}));
  CHECK(manifests.backups.at("all").guests ==
        std::vector<Address>{{"", "container", "far"}, {"", "container", "web"}});
}

TEST_CASE("a job that a backup no longer makes is looked for on every server") {
  const Manifests manifests = load_with("  {}\n");
  CHECK(manifests.desired.scopes.at("server/b").has_section("jobs.backup"));
}

TEST_CASE("all backups are kept when that is said") {
  const Manifests manifests =
      load_with("  ab: {of: [container/web], storage: box, schedule: daily, keep: {all: true}}\n");
  CHECK(job(manifests, "server/a/backup-job/ab").spec.at("prune-backups") == Json{{"keep-all", 1}});
}

TEST_CASE("a backup of a guest that is not declared is refused, with what was meant") {
  const Manifests manifests =
      load_with("  ab: {of: [container/wed, machine/web], storage: box, schedule: daily}\n");
  CHECK(described(manifests.diagnostics) ==
        Lines{"b.yaml:2:13 unknown container", "b.yaml:2:28 unknown machine"});
  CHECK(details(manifests.diagnostics).find("Did you mean `web`?") != std::string::npos);
}

TEST_CASE("what contradicts itself in a backup is told at its place") {
  const auto with = [](const std::string& more) {
    return problems_of("  ab: {storage: box, schedule: daily, " + more + "}\n");
  };
  CHECK(with("of: [container/web, container/web]") == Lines{"b.yaml:2:59 a guest is named twice"});
  CHECK(with("of: [container/web], keep: {all: true, last: 1}") ==
        Lines{"b.yaml:2:72 `all` stands alone"});
  CHECK(with("of: [container/web], protected: true, keep: {last: 1}") ==
        Lines{"warning b.yaml:2:71 protected backups are never removed"});
  CHECK(with("of: [container/web], protected: true, keep: {all: true}") == Lines{});
}

TEST_CASE("a schedule that Proxmox would refuse is refused at its place") {
  const auto with = [](const std::string& schedule) {
    return problems_of("  ab: {of: [container/web], storage: box, schedule: \"" + schedule +
                       "\"}\n");
  };
  for (const char* right : {"daily",
                            "02:30",
                            "1,13:00",
                            "sun 02:00",
                            "mon..fri 22:00",
                            "*/15",
                            "sat *-1..7 15:00",
                            "mon..fri */5"}) {
    INFO(right);
    CHECK(with(right) == Lines{});
  }
  for (const char* wrong : {"someday", "25:00", "sun 2 o'clock"}) {
    INFO(wrong);
    CHECK(with(wrong) == Lines{"b.yaml:2:53 not a schedule"});
  }
}

TEST_CASE("two declarations of one job are shown both") {
  ProjectFolder folder;
  folder.write("a.yaml", R"(
servers: {a: {ssh: {host: h}, jobs: {backup: {ab: {vmid: [103], schedule: daily}}}}}
containers: {web: {server: a, vmid: 103, rootfs: {storage: l, size: 1GiB}}}
backups: {ab: {of: [container/web], storage: box, schedule: daily}}
)");
  const Diagnostics diagnostics = folder.load().diagnostics;
  REQUIRE(described(diagnostics) == Lines{"a.yaml:4:11 a backup job is declared twice"});
  CHECK(to_string(*diagnostics[0].related) == "a.yaml:2:47");
}
