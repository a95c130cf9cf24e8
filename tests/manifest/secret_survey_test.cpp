#include "manifest/secret_survey.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>

#include "manifest/project_folder.h"
#include "manifest/secret_source.h"

namespace aegis::test {
namespace {

namespace fs = std::filesystem;

/// A secret "hunter2" in the project's db.age, and the identity that opens it, readable by its
/// owner only.
void write_age_secret(ProjectFolder& folder) {
  const std::string script =
      "umask 077; cd \"$1\" && age-keygen -o key 2> /dev/null && "
      "echo hunter2 | age --encrypt --recipient \"$(age-keygen -y key)\" --output db.age";
  REQUIRE(read_command_output({"sh", "-c", script, "sh", folder.path().string()},
                              std::chrono::seconds(10)));
}

constexpr const char* k_age = "secrets: { db: { age: { file: db.age, identity: key } } }\n";

std::vector<SecretFacts> survey(ProjectFolder& folder) {
  Diagnostics diagnostics;
  const Environment environment = [](const std::string& name) {
    return name == "A" ? std::optional<std::string>("planted") : std::nullopt;
  };
  auto facts = survey_secrets(folder.path(), environment, diagnostics);
  CHECK(described(diagnostics) == std::vector<std::string>{});
  return facts;
}

}  // namespace

TEST_CASE("a survey tells of each secret where it comes from and where it is used") {
  ProjectFolder folder;
  folder.write("a.yaml",
               "containers:\n"
               "  web: { password: 'x${secret:one}', tags: [a, '${secret:lost}$${secret:text}'] }\n"
               "stacks: { s: { environment: { K: '${secret:one}' } } }\n");
  folder.write("s.yaml",
               "secrets:\n"
               "  one: { env: A }\n"
               "  two: { env: B }\n"
               "  three: { command: [printf, planted] }\n"
               "  four: { command: [sh, -c, exit 3] }\n"
               "  five: { env: A, file: x }\n");
  const auto facts = survey(folder);
  REQUIRE(facts.size() == 6);
  CHECK(facts[0].name == "five");
  CHECK(facts[0].problem.find("secrets.five") != std::string::npos);
  CHECK(facts[1].problem == "sh ended with status 3.");
  CHECK(facts[2].source == "");
  CHECK(facts[2].problem == "`secrets` has no `lost`.");
  CHECK(facts[3].source == "env A");
  CHECK(facts[3].problem == "");
  REQUIRE(facts[3].uses.size() == 2);
  CHECK(facts[3].uses[0].path == "containers.web.password");
  CHECK(to_string(facts[3].uses[0].where) == "a.yaml:2:20");
  CHECK(facts[3].uses[1].path == "stacks.s.environment.K");
  CHECK(facts[4].source == "command printf planted");
  CHECK(facts[4].problem == "");
  CHECK(facts[5].problem == "the variable B is not set.");
}

TEST_CASE("files that give a secret away and that others can read are told") {
  ProjectFolder folder;
  folder.write("s.yaml",
               "secrets: { a: { file: open }, b: { file: closed }, c: { file: none } }\n");
  folder.write("open", "x").write("closed", "x");
  fs::permissions(folder.path() / "open", fs::perms(0640));
  fs::permissions(folder.path() / "closed", fs::perms(0600));
  const auto facts = survey(folder);
  REQUIRE(facts.size() == 3);
  REQUIRE(facts[0].warnings.size() == 1);
  CHECK(facts[0].warnings[0].find("open to others") != std::string::npos);
  CHECK(facts[0].problem == "");
  CHECK(facts[1].warnings.empty());
  CHECK(facts[2].problem.find("there is no such file") != std::string::npos);
}

TEST_CASE("a secret can stand encrypted in the project") {
  ProjectFolder folder;
  write_age_secret(folder);
  folder.write("s.yaml", k_age);
  folder.write("a.yaml",
               "servers: { s: { ssh: { host: h }, os: { files: { /a: { content: "
               "'is ${secret:db}' } } } } }\n");
  const Manifests manifests = folder.load();
  CHECK(described(manifests.diagnostics) == std::vector<std::string>{});
  const Json& spec = manifests.desired.resources.at({"host/s", "file", "a"}).spec;
  CHECK(folder.vault().open(spec.at("payload"))->reveal() == "is hunter2");
  const auto facts = survey(folder);
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].source == "age db.age");
  CHECK(facts[0].problem == "");
  CHECK(facts[0].warnings.empty());
}

TEST_CASE("an identity that does not fit, or that others can read, is told") {
  ProjectFolder folder;
  write_age_secret(folder);
  REQUIRE(read_command_output({"age-keygen", "-o", (folder.path() / "other").string()},
                              std::chrono::seconds(10)));
  fs::permissions(folder.path() / "other", fs::perms(0644));
  folder.write("s.yaml", "secrets: { db: { age: { file: db.age, identity: other } } }\n");
  folder.write("a.yaml", "servers: { s: { proxmox: { password: '${secret:db}' } } }\n");
  CHECK(described(folder.load().diagnostics) ==
        std::vector<std::string>{"s.yaml:1:23 a reference cannot be resolved"});
  const auto facts = survey(folder);
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].problem == "age ended with status 1.");
  CHECK(facts[0].warnings.size() == 1);
}

}  // namespace aegis::test
