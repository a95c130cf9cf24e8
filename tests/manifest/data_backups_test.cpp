#include "manifest/data_backups.h"

#include <catch2/catch.hpp>

#include "manifest/project_folder.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_systems = R"(
servers:
  a: { ssh: { host: h } }
  bare: { proxmox: { url: "https://h:8006", token: { id: "a@pve!b", secret: c } } }
containers:
  web: { server: a, vmid: 103, rootfs: { storage: l, size: 1GiB } }
  other: { server: a, vmid: 104, rootfs: { storage: l, size: 1GiB } }
stacks:
  core: { container: web, compose: compose.yaml }
)";

Manifests load_with(const std::string& backups) {
  ProjectFolder folder;
  folder.write("compose.yaml",
               "services: { api: { image: p }, db: { image: p, volumes: ['data:/d'] } }\nvolumes: "
               "{ data: }\n");
  folder.write("a.yaml", k_systems);
  folder.write("b.yaml", "backups:\n" + backups);
  return folder.load();
}

// The first mistake: its place and its details.
std::string problem_of(const std::string& backups) {
  const Diagnostics diagnostics = load_with(backups).diagnostics;
  REQUIRE_FALSE(diagnostics.empty());
  const Diagnostic& first = diagnostics.front();
  return to_string(first.where.value()) + " " + first.detail;
}

std::string script(const Manifests& manifests, const std::string& address) {
  REQUIRE(described(manifests.diagnostics) == std::vector<std::string>{});
  return manifests.desired.resources.at(parse_address(address).value()).spec.at("content");
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a service's databases are dumped in its container, found by its Compose labels") {
  const std::string text =
      script(load_with("  db: {on: container/web, postgres: {service: stack/core/service/db, user: "
                       "app, databases: [app]}, schedule: daily}\n"),
             "guest/web/file/usr/local/lib/aegisctl/backup-db");
  CHECK(mentions(text, "\nservice=db\nproject=core\n"));
  CHECK(mentions(text, "\nuser=app\n"));
  CHECK(mentions(text, "\nwith_items() { \"$@\" app; }\n"));
}

TEST_CASE("a volume is kept under the name that the engine has for it") {
  const std::string text = script(
      load_with("  vol: {on: container/web, volumes: [stack/core/volume/data], schedule: daily, "
                "pause: true, keep: {daily: 7, weekly: 4}}\n"),
      "guest/web/file/usr/local/lib/aegisctl/backup-vol");
  CHECK(mentions(text, "with_items() { \"$@\" core_data; }"));
  CHECK(mentions(text, "\npause=yes\n"));
  CHECK(mentions(text, "\nkeep='daily 7\nweekly 4'\n"));
}

TEST_CASE("what the tool needs to know of a backup of data is kept") {
  const Manifests manifests = load_with(
      "  files: {on: server/a, directories: [/srv], schedule: daily, rpo: 24h, to: /mnt/f}\n");
  const Backup& backup = manifests.backups.at("files");
  CHECK(backup.rpo == std::chrono::hours(24));
  REQUIRE(backup.data);
  CHECK(to_string(backup.data->system) == "server/a");
  CHECK(backup.data->folder == "/mnt/f");
  CHECK(backup.data->source == "directories");
  CHECK(backup.data->script == "/usr/local/lib/aegisctl/backup-files");
}

TEST_CASE("a script comes after what it reads, and its service after it") {
  const Manifests manifests =
      load_with("  files: {on: server/a, directories: [/srv], schedule: daily}\n");
  const auto needs = [&](const std::string& address) {
    Lines names;
    const Address parsed = parse_address(address).value();
    for (const Address& need : manifests.desired.resources.at(parsed).depends_on) {
      names.push_back(need.name);
    }
    return names;
  };
  CHECK(needs("host/a/file/usr/local/lib/aegisctl/backup-files") ==
        Lines{"usr/local/lib/aegisctl/backup.sh", "usr/local/lib/aegisctl"});
  CHECK(needs("host/a/unit/backup-files.service") ==
        Lines{"usr/local/lib/aegisctl/backup-files", "usr/local/lib/aegisctl"});
}

TEST_CASE("an entry is about guests or about data, and the mistake is told where it is") {
  CHECK(
      problem_of("  files: {schedule: daily}\n") ==
      "b.yaml:2:3 backups.files needs `of`. A backup of guests has `of` and `storage`, one of data "
      "has `on`.");
  CHECK(problem_of("  files: {of: [container/web], schedule: daily, storage: l, to: /mnt}\n") ==
        "b.yaml:2:65 `to` is about data, and this entry saves guests.");
  CHECK(problem_of("  files: {on: server/a, schedule: daily, command: [a], mode: stop}\n") ==
        "b.yaml:2:62 `mode` is about guests, and this entry saves data.");
  CHECK(problem_of("  files: {on: server/a, schedule: daily}\n") ==
        "b.yaml:2:3 backups.files needs `of`, or `on` with one of postgres, directories, volumes, "
        "git "
        "and command.");
  CHECK(mentions(
      problem_of("  files: {on: server/a, schedule: daily, directories: [/ab], command: b}\n"),
      "it has directories and command"));
}

TEST_CASE("what a backup of data names has to be there, on its system") {
  CHECK(mentions(problem_of("  files: {on: container/wbe, directories: [/ab], schedule: daily}\n"),
                 "`containers` has no `wbe`. Did you mean `web`?"));
  CHECK(mentions(problem_of("  files: {on: server/bare, directories: [/ab], schedule: daily}\n"),
                 "has no `ssh`"));
  CHECK(mentions(
      problem_of("  files: {on: container/web, volumes: [stack/cor/volume/data], schedule: "
                 "daily}\n"),
      "Did you mean `core`?"));
  CHECK(mentions(
      problem_of("  files: {on: container/web, volumes: [stack/core/volume/date], schedule: "
                 "daily}\n"),
      "have no volume `date`"));
  CHECK(mentions(problem_of("  files: {on: container/other, volumes: [stack/core/volume/data], "
                            "schedule: daily}\n"),
                 "is not on an engine of container/other"));
}

TEST_CASE("two entries do not share a folder, and nothing is saved twice in one") {
  CHECK(mentions(
      problem_of("  files: {on: server/a, directories: [/ab], schedule: daily, to: /xy}\n"
                 "  other: {on: server/a, directories: [/bc], schedule: daily, to: /xy}\n"),
      "would lie among those of another entry"));
  CHECK(mentions(problem_of("  files: {on: server/a, directories: [/ab, /ab], schedule: daily}\n"),
                 "`/ab` is in this backup already"));
  CHECK(mentions(problem_of("  files: {on: server/a, directories: [/ab], schedule: soon}\n"),
                 "`soon` says no times"));
}

TEST_CASE("how data are brought back is part of their script, every word of it one of the shell") {
  const Manifests manifests = load_with(
      "  db: {on: container/web, postgres: {service: stack/core/service/db}, schedule: daily, "
      "restore: {stops: [app.service, stack/core/service/api], queries: {app: [\"select 'x' = "
      "'x'\"]}, checks: [[test, -e, 'a b'], 'echo $X'], replay: 'true'}}\n");
  const std::string text = script(manifests, "guest/web/file/usr/local/lib/aegisctl/backup-db");
  CHECK(
      mentions(text,
               "has_replay=yes\nchecks() {\n  assert_query app 'select '\\''x'\\'' = "
               "'\\''x'\\'''\n  assert_command test -e 'a b'\n  assert_command /bin/sh -c 'echo "
               "$X'\n}\nreplay() {\n  declared_command /bin/sh -c true\n}\nusers() {\n  stop_unit "
               "app.service\n  stop_service core api\n}\n"));
  const DataRestore& restore = manifests.backups.at("db").data->restore;
  CHECK(restore.stops == Lines{"app.service", "stack/core/service/api"});
  CHECK(restore.has_checks);
  CHECK(restore.has_replay);
  CHECK(mentions(script(load_with("  ff: {on: server/a, directories: [/srv], schedule: daily}\n"),
                        "host/a/file/usr/local/lib/aegisctl/backup-ff"),
                 "has_replay=''\nchecks() {\n  :\n}\n"));
}

TEST_CASE("what cannot help to bring data back is a mistake") {
  const auto db = [](const std::string& restore) {
    return problem_of(
        "  db: {on: container/web, postgres: {service: stack/core/service/db}, schedule: daily, "
        "restore: {" +
        restore + "}}\n");
  };
  CHECK(mentions(db("stops: [stack/core/service/db]"), "has to run while its databases"));
  CHECK(mentions(db("stops: [stack/core/service/nothing]"), "no service `nothing`"));
  CHECK(mentions(db("stops: [app]"), "b.yaml:2:"));
  CHECK(mentions(problem_of("  ff: {on: server/a, directories: [/srv], schedule: daily, restore: "
                            "{queries: {app: [select true]}}}\n"),
                 "Only backups of postgres have databases to ask."));
  CHECK(mentions(problem_of("  ff: {on: server/a, command: b, schedule: daily, restore: {stops: "
                            "[a.service]}}\n"),
                 "its `replay` puts them back"));
  CHECK(mentions(problem_of("  ff: {of: [container/web], storage: l, schedule: daily, restore: "
                            "{replay: b}}\n"),
                 "`restore` is about data"));
}
