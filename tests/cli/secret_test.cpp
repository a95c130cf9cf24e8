#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/project.h"

namespace aegis::test {
namespace {

constexpr auto k_planted = "planted-Zq7-secret";

// Every file below the folder that holds the planted text.
std::vector<std::string> files_with_secret(const std::string& folder) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    if (text.str().find(k_planted) != std::string::npos) found.push_back(entry.path().string());
  }
  return found;
}

}  // namespace

TEST_CASE("a planted secret is in no output, no file and no journal") {
  simulator::SimulatorOptions options;
  options.root_password = Secret(k_planted);
  Project project(options);
  project.set("SIMULATOR_PASSWORD", k_planted);
  project.set("ROOT_PASSWORD", k_planted);
  project.write("aegis.yaml",
                manifest_with(container_text("web", 101, "    password: ${env:ROOT_PASSWORD}\n")));
  const std::string saved = project.scratch() + "/plan.json";
  const std::vector<std::vector<std::string>> runs{
      {"-v", "validate"},
      {"-v", "plan", "--out", saved},
      {"-v", "plan", "--json"},
      {"-v", "plan", "--format", "html"},
      {"-v", "apply", saved},
      {"-v", "drift"},
      {"-v", "destroy", "container/web", "--auto-approve", "--json"},
      {"unlock"},
  };
  for (const auto& words : runs) {
    const Run run = project.run(words);
    INFO(words.back() << "\n" << run.err);
    CHECK((run.exit_code == 0 || run.exit_code == 2));
    CHECK(run.out.find(k_planted) == std::string::npos);
    CHECK(run.err.find(k_planted) == std::string::npos);
  }
  CHECK(files_with_secret(project.scratch()).empty());
}

TEST_CASE("a refused credential is not repeated in the error") {
  Project project;
  project.set("SIMULATOR_PASSWORD", k_planted);
  project.write("aegis.yaml", manifest_with(container_text("web", 101)));
  const Run run = project.run({"-v", "plan"});
  CHECK(run.exit_code == 4);
  CHECK((run.out + run.err).find(k_planted) == std::string::npos);
}

}  // namespace aegis::test
