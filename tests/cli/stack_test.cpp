#include <catch2/catch.hpp>

#include "base/json.h"
#include "cli/binary.h"

namespace aegis::test {

TEST_CASE("stack config prints what Compose files mean together, as YAML or JSON") {
  const Scratch scratch;
  scratch.write("a.yaml",
                "name: shop\nservices:\n  web: {image: 'app:${TAG}', environment: {P: '${PW}'}}\n"
                "  extra: {image: e, profiles: [more]}\n");
  scratch.write("b.yaml", "services: {web: {user: '5'}}\n");
  scratch.write("vars.env", "TAG=7\nPW=planted-Zq7\n");
  std::vector<std::string> words{"stack", "config"};
  for (const char* file : {"/a.yaml", "/b.yaml"}) {
    words.emplace_back("--file");
    words.push_back(scratch.path() + file);
  }
  words.insert(words.end(), {"--env-file", scratch.path() + "/vars.env"});
  const Run yaml = run_aegisctl(words);
  INFO(yaml.out << yaml.err);
  CHECK(yaml.exit_code == 0);
  CHECK(yaml.out.find("    image: app:7\n") != std::string::npos);
  CHECK(yaml.out.find("planted-Zq7") == std::string::npos);
  words.insert(words.end(), {"--format", "json", "--profile", "more"});
  const Run json = run_aegisctl(words);
  INFO(json.out << json.err);
  REQUIRE(json.exit_code == 0);
  const auto model = parse_json(json.out);
  REQUIRE(model);
  CHECK(model->at("name") == "shop");
  CHECK(model->at("services").at("web").at("user") == "5");
  CHECK(model->at("services").at("web").at("environment").at("P") == "[redacted]");
  CHECK(model->at("services").contains("extra"));
}

TEST_CASE("stack config of a stack in the manifests, and of one that is not there") {
  const Scratch scratch;
  scratch.write("aegis.yaml",
                "stacks:\n  core: {docker: 'unix:///run/x.sock', compose: core/compose.yaml}\n");
  scratch.write("core/compose.yaml", "services: {web: {image: app}}\n");
  const Run run =
      run_aegisctl({"-C", scratch.path(), "stack", "config", "core", "--format", "json"});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  CHECK(parse_json(run.out).value().at("services").at("web").at("image") == "app");
  for (const char* action : {"config", "prune"}) {
    const Run wrong = run_aegisctl({"-C", scratch.path(), "stack", action, "coer"});
    CHECK(wrong.exit_code == 3);
    CHECK(wrong.err.find("did you mean `core`?") != std::string::npos);
  }
}

TEST_CASE("a file that Compose refuses is refused, with its place") {
  const Scratch scratch;
  const std::string file = scratch.write("compose.yaml", "services:\n  web: {imagee: x}\n");
  const Run run = run_aegisctl({"stack", "config", "--file", file});
  CHECK(run.exit_code == 3);
  CHECK(run.out.empty());
  CHECK(run.err.find("compose.yaml:2:9") != std::string::npos);
  CHECK(run_aegisctl({"stack", "config"}).exit_code == 3);
  CHECK(run_aegisctl({"stack", "config", "core", "--file", file}).exit_code == 3);
  CHECK(run_aegisctl({"stack", "config", "--file", scratch.path() + "/none.yaml"}).exit_code == 3);
}

}  // namespace aegis::test
