#include <catch2/catch.hpp>

#include "base/json.h"
#include "cli/project.h"

namespace aegis::test {
namespace {

const std::string k_backups =
    "backups:\n"
    "  nightly: { of: [container/web], storage: local, schedule: \"02:30\", rpo: 24h }\n";

}  // namespace

TEST_CASE("backup list ends with 10 while an objective is missed, and tells why") {
  const Project project;
  project.write("aegis.yaml", manifest_with(container_text("web", 101)) + k_backups);
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);
  const Run missed = project.run({"backup", "list"});
  INFO(missed.out << missed.err);
  CHECK(missed.exit_code == 10);
  CHECK(missed.out.find("at most 1d old: missed") != std::string::npos);
  CHECK(missed.out.find("nightly (02:30, to local)") != std::string::npos);
  const auto json = parse_json(project.run({"backup", "list", "--json"}).out);
  REQUIRE(json);
  CHECK(get(get(*json, "guests")[0], "address") == "container/web");
}

TEST_CASE("backup list without an objective ends well") {
  const Project project;
  project.write("aegis.yaml", manifest_with(container_text("web", 101)));
  const Run run = project.run({"backup", "list"});
  INFO(run.out << run.err);
  CHECK(run.exit_code == 0);
  CHECK(run.out.find("which is not there") != std::string::npos);
}

TEST_CASE("backup list of a server that does not answer ends with 5") {
  const Scratch scratch;
  scratch.write(
      "aegis.yaml",
      "servers: { s: { proxmox: { url: \"https://127.0.0.1:1\", password: x } } }\n"
      "containers: { a: { server: s, vmid: 100, rootfs: { storage: l, size: 1GiB } } }\n");
  CHECK(run_aegisctl({"-C", scratch.path(), "backup", "list"}).exit_code == 5);
}

TEST_CASE("backup run makes what verify and list then find") {
  const Project project;
  project.write("aegis.yaml", manifest_with(container_text("web", 101)) + k_backups);
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);
  CHECK(project.run({"backup", "verify", "nightly"}).exit_code == 10);
  const Run made = project.run({"backup", "run", "nightly"});
  INFO(made.out << made.err);
  CHECK(made.exit_code == 0);
  CHECK(made.out.find("1 of 1 step done") != std::string::npos);
  const Run verified = project.run({"backup", "verify", "nightly"});
  CHECK(verified.exit_code == 0);
  CHECK(verified.out.find("good container/web  local:backup/vzdump-lxc-101-") != std::string::npos);
  CHECK(project.run({"backup", "list"}).exit_code == 0);
  const Run unknown = project.run({"backup", "run", "nihgtly"});
  CHECK(unknown.exit_code == 3);
  CHECK(unknown.err.find("did you mean `nightly`?") != std::string::npos);
}

TEST_CASE("destroy without a fresh backup ends with 6, and with one it does what it says") {
  const Project project;
  project.write("aegis.yaml", manifest_with(container_text("web", 101)) + k_backups);
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);
  const Run refused = project.run({"destroy", "container/web", "--auto-approve"});
  INFO(refused.out << refused.err);
  CHECK(refused.exit_code == 6);
  CHECK(refused.out.find("--without-backup container/web") != std::string::npos);
  CHECK(refused.out.find("0 to remove") != std::string::npos);
  REQUIRE(project.run({"backup", "run", "nightly"}).exit_code == 0);
  const std::string plan = project.folder() + "/saved.plan";
  REQUIRE(project
              .run({"plan",
                    "--replace",
                    "container/web",
                    "--without-backup",
                    "container/web",
                    "--backup-age",
                    "0s",
                    "--out",
                    plan})
              .exit_code == 0);
  CHECK(project.run({"apply", plan}).exit_code == 0);
  CHECK(project.run({"destroy", "container/web", "--auto-approve"}).exit_code == 0);
}

TEST_CASE("restore shows its steps, and brings the container back") {
  const Project project;
  project.write("aegis.yaml", manifest_with(container_text("web", 101)) + k_backups);
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);
  CHECK(project.run({"restore", "container/web", "--auto-approve"}).exit_code == 1);
  REQUIRE(project.run({"backup", "run", "nightly"}).exit_code == 0);
  const Run asked = project.run({"restore", "container/web"});
  CHECK(asked.exit_code == 3);
  CHECK(asked.out.find("restore local:backup/") != std::string::npos);
  CHECK(asked.err.find("--auto-approve") != std::string::npos);
  const Run restored = project.run({"restore", "container/web", "--auto-approve"});
  INFO(restored.out << restored.err);
  CHECK(restored.exit_code == 0);
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 0);
  CHECK(project.run({"restore", "container/wbe"}).exit_code == 3);
  const Run guests = project.run({"restore", "backup/nightly"});
  CHECK(guests.exit_code == 3);
  CHECK(guests.err.find("`nightly` saves guests") != std::string::npos);
  const Run unknown = project.run({"restore", "backup/nigthly"});
  CHECK(unknown.exit_code == 3);
  CHECK(unknown.err.find("`backups` has no `nigthly` that saves data") != std::string::npos);
}

}  // namespace aegis::test
