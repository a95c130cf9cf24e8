#include <catch2/catch.hpp>

#include "base/files.h"
#include "base/json.h"
#include "cli/project.h"

namespace aegis::test {
namespace {

std::string with_backups(const std::string& of, const std::string& rto) {
  return manifest_with(container_text("web", 101) + container_text("db", 102)) +
         "backups:\n  nightly: { of: [" + of +
         "], storage: local, schedule: \"02:30\", rto: " + rto + " }\n";
}

bool contains(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

// Both containers are made, "web" is backed up, and both are lost.
void lose_all(const Project& project) {
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);
  REQUIRE(project.run({"backup", "run", "nightly"}).exit_code == 0);
  REQUIRE(project
              .run({"destroy",
                    "container",
                    "--auto-approve",
                    "--without-backup",
                    "container/web",
                    "--without-backup",
                    "container/db"})
              .exit_code == 0);
}

}  // namespace

TEST_CASE("rebuild restores what has a backup, makes the rest, and tells how long it took") {
  const Project project;
  project.write("aegis.yaml", with_backups("container/web", "30m"));
  lose_all(project);
  const std::string times = project.folder() + "/times.json";
  const Run run = project.run({"rebuild", "--auto-approve", "--out", times});
  INFO(run.out << run.err);
  CHECK(run.exit_code == 0);
  CHECK(contains(run.out, "Restore container/web from local:backup/"));
  CHECK(contains(run.out, "Took "));
  CHECK(contains(run.out, "(at most 30m: met)"));
  CHECK(contains(run.out, "from     nothing: no backup of it was seen"));
  const auto text = read_file(times);
  REQUIRE(text);
  const auto json = parse_json(*text);
  REQUIRE(json);
  CHECK(get(*json, "phases").size() == 3);
  CHECK(get(get(*json, "guests")[1], "rto") == "met");
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 0);
  const Run again = project.run({"rebuild", "--auto-approve"});
  CHECK(again.exit_code == 0);
  CHECK(contains(again.err, "No guest has to be restored."));
}

TEST_CASE("rebuild ends with 10 when guests came back later than they had to") {
  const Project project;
  project.write("aegis.yaml", with_backups("container/web", "1s"));
  lose_all(project);
  const Run run = project.run({"rebuild", "--auto-approve"});
  INFO(run.out << run.err);
  CHECK(run.exit_code == 10);
  CHECK(contains(run.out, "(at most 1s: missed)"));
}

TEST_CASE("rebuild makes no empty guest where there should be a backup") {
  const Project project;
  project.write("aegis.yaml", with_backups("container/web", "30m"));
  lose_all(project);
  project.write("aegis.yaml", with_backups("container/web, container/db", "30m"));
  const Run refused = project.run({"rebuild", "--auto-approve"});
  INFO(refused.out << refused.err);
  CHECK(refused.exit_code == 6);
  CHECK(contains(refused.out, "--without-backup container/db"));
  CHECK(contains(refused.err, "goes on here"));
  CHECK(project.run({"rebuild", "--auto-approve", "--without-backup", "container/db"}).exit_code ==
        0);
}

TEST_CASE("rebuild asks, and without a terminal says how to approve") {
  const Project project;
  project.write("aegis.yaml", with_backups("container/web", "30m"));
  lose_all(project);
  const Run asked = project.run({"rebuild"});
  INFO(asked.out << asked.err);
  CHECK(asked.exit_code == 3);
  CHECK(contains(asked.err, "--auto-approve"));
}

TEST_CASE("rebuild --offline prints a runbook and asks no system") {
  const Scratch scratch;
  scratch.write(
      "aegis.yaml",
      "servers: { s: { proxmox: { url: \"https://127.0.0.1:1\", password: x } } }\n"
      "containers: { a: { server: s, vmid: 100, rootfs: { storage: l, size: 1GiB } } }\n");
  const Run run = run_aegisctl({"-C", scratch.path(), "rebuild", "--offline"});
  CHECK(run.exit_code == 0);
  CHECK(contains(run.out, "### container/a, number 100"));
}

TEST_CASE("drill shows that a backup can be restored, and ends with 10 where there is none") {
  const Project project;
  project.write("aegis.yaml", with_backups("container/web", "30m"));
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);
  const Run none = project.run({"drill"});
  INFO(none.out << none.err);
  CHECK(none.exit_code == 10);
  CHECK(contains(none.out, "not back container/web has no backup"));
  REQUIRE(project.run({"backup", "run", "nightly"}).exit_code == 0);
  const std::string results = project.folder() + "/drill.json";
  const Run good = project.run({"drill", "container/web", "--out", results});
  CHECK(good.exit_code == 0);
  CHECK(contains(good.out, "(at most 30m: met)"));
  const auto text = read_file(results);
  REQUIRE(text);
  CHECK(contains(*text, "\"problem\":null"));
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 0);
  CHECK(project.run({"drill", "container/wbe"}).exit_code == 3);
}

}  // namespace aegis::test
