#include <catch2/catch.hpp>
#include <filesystem>

#include "base/digest.h"
#include "project_folder.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_stack = R"(
stacks:
  core:
    docker: unix:///run/docker.sock
    compose: core/compose.yaml
)";

constexpr const char* k_compose = R"(
services:
  own: { image: "ghcr.io/team/app:1" }
  hub: { image: nginx }
)";

class Project {
 public:
  explicit Project(const std::string& more = "") {
    folder_.write("aegis.yaml", k_stack + more).write("core/compose.yaml", k_compose);
    folder_.set("DOCKER_CONFIG", (folder_.path() / "docker").string());
  }

  Project& docker_config(const Json& config) {
    folder_.write("docker/config.json", dump_json(config));
    return *this;
  }

  // The login for `registry`, opened; null when there is none.
  Json login(const std::string& registry) {
    const Manifests manifests = folder_.load();
    problems = described(manifests.diagnostics);
    all_details = details(manifests.diagnostics);
    const Json& settings = manifests.desired.scopes.at("stack/core").settings;
    const auto opened = folder_.vault().open(get(get(settings, "registries"), registry));
    return opened ? *parse_json(opened->reveal()) : Json();
  }

  ProjectFolder& folder() { return folder_; }
  std::vector<std::string> problems;
  std::string all_details;

 private:
  ProjectFolder folder_;
};

Json basic(const std::string& user, const std::string& password, const std::string& address) {
  return {{"username", user}, {"password", password}, {"serveraddress", address}};
}

Json stored(const std::string& pair) {
  return {{"auth", base64_encode(pair)}};
}

}  // namespace

TEST_CASE("a login is what docker login stored, by any spelling of the registry's name") {
  Project project;
  project.docker_config({{"auths",
                          {{"https://index.docker.io/v1/", stored("me:with:colon")},
                           {"https://ghcr.io", stored("deploy:t0ken")}}}});
  CHECK(project.login("ghcr.io") == basic("deploy", "t0ken", "ghcr.io"));
  CHECK(project.login("docker.io") == basic("me", "with:colon", "https://index.docker.io/v1/"));
  CHECK(project.problems == std::vector<std::string>{});
}

TEST_CASE("the stack's own login wins over Docker's, and is a seal in the settings") {
  Project project(R"(
    registries: { ghcr.io: { username: stack, password: "${secret:token}" } }
secrets:
  token: { env: TOKEN }
)");
  project.folder().set("TOKEN", "fr0m-env");
  project.docker_config({{"auths", {{"ghcr.io", stored("deploy:t0ken")}}}});
  CHECK(project.login("ghcr.io") == basic("stack", "fr0m-env", "ghcr.io"));
  const Manifests manifests = project.folder().load();
  CHECK(dump_json(manifests.desired.scopes.at("stack/core").settings).find("fr0m-env") ==
        std::string::npos);
}

TEST_CASE("without Docker's file, and without an entry in it, there is no login and no word") {
  Project project;
  CHECK(project.login("ghcr.io").is_null());
  CHECK(project.problems == std::vector<std::string>{});
  project.docker_config({{"auths", {{"quay.io", stored("deploy:t0ken")}}}});
  CHECK(project.login("ghcr.io").is_null());
  CHECK(project.problems == std::vector<std::string>{});
}

TEST_CASE("a credential helper is asked for the registry, and its token is one") {
  Project project;
  const auto helper = project.folder().path() / "bin" / "docker-credential-demo";
  project.folder().write("bin/docker-credential-demo",
                         "#!/bin/sh\nread host\n[ \"$1 $host\" = 'get ghcr.io' ] || exit 1\n"
                         "echo '{\"ServerURL\":\"ghcr.io\",\"Username\":\"<token>\","
                         "\"Secret\":\"identity\"}'\n");
  std::filesystem::permissions(helper, std::filesystem::perms::owner_all);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", (helper.parent_path().string() + ":" + path).c_str(), 1);
  project.docker_config({{"credsStore", "demo"}});
  CHECK(project.login("ghcr.io") ==
        Json({{"identitytoken", "identity"}, {"serveraddress", "ghcr.io"}}));
  CHECK(project.login("docker.io").is_null());
  CHECK(project.problems == std::vector<std::string>{});
  ::setenv("PATH", path.c_str(), 1);
}

TEST_CASE("a helper that is not there and a broken file are warnings with what follows from it") {
  Project project;
  project.docker_config({{"credHelpers", {{"ghcr.io", "nowhere-to-be-found"}}}});
  CHECK(project.login("ghcr.io").is_null());
  REQUIRE(project.problems.size() == 1);
  CHECK(project.problems[0].starts_with("warning "));
  CHECK(project.all_details.find("docker-credential-nowhere-to-be-found") != std::string::npos);

  project.folder().write("docker/config.json", "{ \"auths\": ");
  CHECK(project.login("ghcr.io").is_null());
  REQUIRE(project.problems.size() == 1);
  CHECK(project.all_details.find("without a login") != std::string::npos);
}
