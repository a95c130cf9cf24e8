#include <catch2/catch.hpp>

#include "base/files.h"
#include "cli/project.h"

namespace aegis::test {
namespace {

std::string servers_only() {
  const std::string all = manifest_with("");
  return all.substr(0, all.find("containers:"));
}

/// A server with a container that a manifest has made, and no manifest of it any more.
void make_container(const Project& project) {
  project.write("aegis.yaml",
                manifest_with(container_text("web",
                                             101,
                                             "    cores: 4\n    swap: 1GiB\n"
                                             "    features: { nesting: true, keyctl: true }\n"
                                             "    tags: [prod]\n    protection: true\n"
                                             "    description: \"a\\nb: c\"\n")));
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);
  project.write("aegis.yaml", servers_only());
}

}  // namespace

TEST_CASE("import writes a manifest that plans nothing") {
  const Project project;
  make_container(project);
  const std::string file = project.folder() + "/found.yaml";
  const Run run = project.run({"import", "--server", "demo", "--out", file});
  INFO(run.out << run.err);
  REQUIRE(run.exit_code == 0);
  const std::string text = read_file(file).value();
  INFO(text);
  CHECK(text.starts_with("containers:\n  web:\n    server: demo\n    vmid: 101\n    cores: 4\n"));
  CHECK(text.find("    features: { keyctl: true, nesting: true }\n") != std::string::npos);
  CHECK(text.find("aegisctl") == std::string::npos);
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 0);
}

TEST_CASE("import prints without --out, and leaves out what the manifests have") {
  const Project project;
  make_container(project);
  const Run printed = project.run({"import", "container/web"});
  INFO(printed.err);
  CHECK(printed.exit_code == 0);
  CHECK(printed.out.starts_with("containers:\n"));
  project.write("found.yaml", printed.out);
  const Run again = project.run({"import"});
  CHECK(again.exit_code == 0);
  CHECK(again.out.empty());
  CHECK(again.err.find("Nothing to import") != std::string::npos);
}

TEST_CASE("import neither overwrites a file nor takes an unknown server") {
  const Project project;
  make_container(project);
  const std::string file = project.folder() + "/notes.txt";
  project.write("notes.txt", "mine");
  const Run run = project.run({"import", "--out", file});
  CHECK(run.exit_code == 1);
  CHECK(run.err.find("notes.txt") != std::string::npos);
  CHECK(read_file(file).value() == "mine");
  CHECK(project.run({"import", "--server", "dmeo"}).exit_code == 3);
}

}  // namespace aegis::test
