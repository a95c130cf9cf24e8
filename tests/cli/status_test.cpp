#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "base/json.h"
#include "cli/project.h"

namespace aegis::test {

namespace {

using Catch::Contains;

bool holds_files(const std::string& folder) {
  std::error_code none;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, none)) {
    if (entry.is_regular_file() && entry.file_size() > 0) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("status shows the host and its containers, and ends with 10 when one does not run") {
  const Project project;
  project.write("aegis.yaml", manifest_with(container_text("web", 101)));
  const Run absent = project.run({"status"});
  INFO(absent.out << absent.err);
  CHECK(absent.exit_code == 10);
  CHECK_THAT(absent.out, Contains("container/web is absent, and is declared as started"));
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);
  const Run well = project.run({"status"});
  INFO(well.out << well.err);
  CHECK(well.exit_code == 0);
  CHECK_THAT(well.out,
             Contains("server/demo  Proxmox VE 8.") && Contains("container/web") &&
                 Contains("running") && Contains("All is well."));
  const auto json = parse_json(project.run({"status", "--json"}).out);
  REQUIRE(json);
  CHECK(json->at("well") == true);
  CHECK(json->at("guests").at(0).at("address") == "container/web");
  CHECK(json->at("hosts").at(0).at("allocated").at("memory") > 0);
}

TEST_CASE("status --watch looks again until it is stopped") {
  const Project project;
  project.write("aegis.yaml", manifest_with(container_text("web", 101)));
  BackgroundRun watching = project.start({"status", "--watch", "--interval", "100ms", "--json"});
  std::this_thread::sleep_for(std::chrono::seconds(2));
  watching.signal(SIGINT);
  const Run run = watching.wait();
  CHECK(run.exit_code == 130);
  CHECK(std::count(run.out.begin(), run.out.end(), '\n') >= 2);
}

TEST_CASE("status tells of a run that was cut short") {
  simulator::SimulatorOptions options;
  options.task_duration = std::chrono::seconds(20);
  const Project project(options);
  project.write("aegis.yaml", manifest_with(container_text("web", 101)));
  auto run = project.start({"apply", "--auto-approve"});
  // The journal is written before the first step begins.
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const std::string journals = project.scratch() + "/state/aegisctl/journal";
  while (!holds_files(journals) && std::chrono::steady_clock::now() < limit) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  run.signal(SIGKILL);
  run.wait();
  const Run status = project.run({"status"});
  CHECK_THAT(status.err, Contains("an earlier run did not end"));
}

TEST_CASE("a server that does not tell its status ends with 5") {
  const Scratch scratch;
  scratch.write("aegis.yaml",
                "servers: { s: { proxmox: { url: \"https://127.0.0.1:1\", password: x } } }\n");
  const Run run = run_aegisctl({"-C", scratch.path(), "status"});
  CHECK(run.exit_code == 5);
  CHECK_THAT(run.out, Contains("server/s did not tell"));
}

}  // namespace aegis::test
