#include <catch2/catch.hpp>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/project.h"

namespace aegis::test {

TEST_CASE("the doctor of a server that can do everything says so and ends well") {
  const Project project;
  project.write("aegis.yaml",
                manifest_with(container_text("web", 101, "    features: { keyctl: true }\n")));
  const Run run = project.run({"doctor", "--json"});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto found = parse_json(run.out);
  REQUIRE(found);
  CHECK(get(*found, "format_version") == "1.0");
  CHECK(get(*found, "obstacles").empty());
  REQUIRE(get(*found, "servers").size() == 1);
  CHECK(get(get(*found, "servers")[0], "root") == true);
  CHECK_FALSE(text_or(get(*found, "servers")[0], "version").empty());
  CHECK(project.run({"doctor"}).out.find("can be read and done") != std::string::npos);
}

TEST_CASE("the doctor of a server that does not answer ends with 5") {
  const Scratch scratch;
  scratch.write("aegis.yaml",
                "servers: { s: { proxmox: { url: \"https://127.0.0.1:1\", password: x } } }\n");
  const Run run = run_aegisctl({"-C", scratch.path(), "doctor"});
  INFO(run.err);
  CHECK(run.exit_code == 5);
  CHECK(run.out.find("not usable") != std::string::npos);
}

TEST_CASE("the privileges of a role are printed without a project") {
  const Scratch scratch;
  const Run plan = run_aegisctl({"-C", scratch.path(), "doctor", "--role", "plan"});
  CHECK(plan.exit_code == 0);
  CHECK(plan.out.find("VM.Audit") != std::string::npos);
  CHECK(plan.out.find("VM.Allocate") == std::string::npos);
  const Run apply = run_aegisctl({"-C", scratch.path(), "doctor", "--role", "apply", "--json"});
  CHECK(apply.exit_code == 0);
  const auto role = parse_json(apply.out);
  REQUIRE(role);
  CHECK(get(*role, "privileges").size() > 20);
  CHECK(run_aegisctl({"doctor", "--role", "other"}).exit_code == 3);
}

TEST_CASE("a new token's secret goes into its file, and into no output") {
  Project project;
  project.write("aegis.yaml", R"(
servers:
  demo:
    proxmox: { url: "${env:SIMULATOR_URL}", node: pve, user: root@pam, password: "${env:SIMULATOR_PASSWORD}", fingerprint: "${env:SIMULATOR_FINGERPRINT}" }
    access:
      users: { ci@pve: { acl: { /: [PVEAuditor] } } }
      tokens: { "ci@pve!plan": { secret_file: secrets/plan.token, acl: { /: [PVEAuditor] } } }
)");
  const Run applied = project.run({"-v", "apply", "--auto-approve"});
  INFO(applied.err);
  REQUIRE(applied.exit_code == 0);
  const auto kept = read_file(project.folder() + "/secrets/plan.token");
  REQUIRE(kept);
  const std::string secret(trim(*kept));
  REQUIRE(secret.size() == 36);
  CHECK((applied.out + applied.err).find(secret) == std::string::npos);
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 0);

  project.set("TOKEN", "ci@pve!plan=" + secret);
  project.write("aegis.yaml", R"(
servers:
  demo:
    proxmox: { url: "${env:SIMULATOR_URL}", node: pve, token: "${env:TOKEN}", fingerprint: "${env:SIMULATOR_FINGERPRINT}" }
    access: { users: { ci@pve: { acl: { /: [PVEAuditor] } } } }
)");
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 0);
  const Run doctor = project.run({"doctor"});
  CHECK(doctor.exit_code == 4);
  CHECK(doctor.out.find("User.Modify on /access/groups") != std::string::npos);
}

}  // namespace aegis::test
