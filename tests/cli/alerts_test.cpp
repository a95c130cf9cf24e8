#include <catch2/catch.hpp>
#include <filesystem>

#include "cli/binary.h"

namespace aegis::test {

TEST_CASE("alerts render prints the files or writes them into a folder, without secrets") {
  const Scratch scratch;
  scratch.write("aegis.yaml",
                "servers: { s: { ssh: { host: h } } }\n"
                "secrets: { hook: { env: HOOK } }\n"
                "alerts:\n"
                "  on: server/s\n"
                "  channels: { ops: { webhook: { url: '${secret:hook}' } } }\n"
                "  rules: { target_down: {} }\n");
  const Environment environment{{"HOOK", "https://hook.example/planted"}};
  const Run printed = run_aegisctl({"-C", scratch.path(), "alerts", "render"}, environment);
  INFO(printed.err);
  CHECK(printed.exit_code == 0);
  CHECK(printed.out.find("--- # rules/host.yml\n") != std::string::npos);
  CHECK(printed.out.find("url: https://redacted.invalid/\n") != std::string::npos);
  CHECK(printed.out.find("planted") == std::string::npos);
  const std::string folder = scratch.path() + "/out";
  const Run written =
      run_aegisctl({"-C", scratch.path(), "alerts", "render", "--out", folder}, environment);
  CHECK(written.exit_code == 0);
  CHECK(written.out.empty());
  for (const char* file : {"/prometheus.yml", "/alertmanager.yml", "/rules/host.yml"}) {
    CHECK(std::filesystem::exists(folder + file));
  }
}

TEST_CASE("alerts render without the section says what is missing") {
  const Scratch scratch;
  scratch.write("aegis.yaml", "servers: { s: { ssh: { host: h } } }\n");
  const Run run = run_aegisctl({"-C", scratch.path(), "alerts", "render"});
  CHECK(run.exit_code == 3);
  CHECK(run.err.find("aegisctl explain alerts") != std::string::npos);
}

}  // namespace aegis::test
