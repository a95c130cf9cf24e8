#include "manifest/references.h"

#include <catch2/catch.hpp>
#include <chrono>

#include "manifest/project_folder.h"
#include "manifest/secret_source.h"

namespace aegis::test {
namespace {

using Lines = std::vector<std::string>;

const std::string k_head =
    "servers: {s: {ssh: {host: h}}}\n"
    "containers:\n  web:\n    server: s\n    rootfs: {storage: local, size: 8GiB}\n";

Json spec_of(ProjectFolder& folder, const std::string& lines) {
  folder.write("a.yaml", k_head + lines);
  const Manifests manifests = folder.load();
  INFO(lines);
  INFO(details(manifests.diagnostics));
  REQUIRE(manifests.diagnostics.empty());
  return manifests.desired.resources.at({"", "container", "web"}).spec;
}

Lines mistakes_of(ProjectFolder& folder, const std::string& lines) {
  folder.write("a.yaml", k_head + lines);
  return described(folder.load().diagnostics);
}

constexpr auto k_patience = std::chrono::seconds(10);

}  // namespace

TEST_CASE("variables and files stand in texts, several in one") {
  ProjectFolder folder;
  folder.set("A", "x").set("EMPTY", "").write("notes/n.txt", "from a file\r\n");
  CHECK(spec_of(folder, "    vmid: 101\n    description: \"1${env:A}2${env:A}${env:EMPTY}\"\n")
            .at("description") == "1x2x");
  CHECK(
      spec_of(folder, "    vmid: 101\n    description: ${file:notes/n.txt}\n").at("description") ==
      "from a file");
}

TEST_CASE("a dollar more keeps the text as it is") {
  ProjectFolder folder;
  CHECK(spec_of(folder, "    vmid: 101\n    description: a $${env:X} $x $5 {y}\n")
            .at("description") == "a ${env:X} $x $5 {y}");
}

TEST_CASE("a reference has the type that the field wants") {
  ProjectFolder folder;
  folder.set("N", "101").set("B", "true").set("S", "2GiB");
  const Json spec = spec_of(folder,
                            "    vmid: ${env:N}\n    onboot: \"${env:B}\"\n    memory: ${env:S}\n"
                            "    description: ${env:N}\n    tags: [\"${env:N}\"]\n");
  CHECK(spec.at("vmid") == 101);
  CHECK(spec.at("onboot") == true);
  CHECK(spec.at("memory") == "2GiB");
  CHECK(spec.at("description") == "101");
  CHECK(spec.at("tags") == Json{"101"});
  folder.set("N", "many");
  CHECK(mistakes_of(folder, "    vmid: ${env:N}\n") == Lines{"a.yaml:6:11 wrong type"});
}

TEST_CASE("secrets become seals that open to their values, from every source") {
  ProjectFolder folder;
  folder.set("P", "one two").write("p.txt", "three\n").set("HOME", folder.path().string());
  const std::string secrets =
      "secrets:\n  e: {env: P}\n  f: {file: p.txt}\n  h: {file: ~/p.txt}\n"
      "  c: {command: [printf, \"%s\\n\", \"a  bcd\"]}\n";
  const auto opened = [&](const std::string& text) {
    const Json spec = spec_of(folder, "    vmid: 101\n    password: " + text + "\n" + secrets);
    REQUIRE(is_sealed(spec.at("password")));
    return folder.vault().open(spec.at("password"))->reveal();
  };
  CHECK(opened("${secret:e}") == "one two");
  CHECK(opened("${secret:f}") == "three");
  CHECK(opened("${secret:h}") == "three");
  CHECK(opened("${secret:c}") == "a  bcd");
  CHECK(opened("x-${secret:e}-${secret:f}") == "x-one two-three");
  CHECK(opened("${env:P}") == "one two");
  CHECK(opened("in the open") == "in the open");
}

TEST_CASE("a secret of digits is still a text") {
  ProjectFolder folder;
  folder.set("P", "12345");
  const Json spec = spec_of(folder, "    vmid: 101\n    password: ${env:P}\n");
  CHECK(folder.vault().open(spec.at("password"))->reveal() == "12345");
}

TEST_CASE("what cannot be resolved is one mistake at its place") {
  ProjectFolder folder;
  folder.write("dir/x", "");
  const std::vector<std::pair<std::string, std::string>> table{
      {"    vmid: ${env:NO}\n", "6:11 an environment variable is not set"},
      {"    vmid: 101\n    hostname: ${env:NO}\n", "7:15 an environment variable is not set"},
      {"    vmid: 101\n    description: ${file:none}\n", "7:18 a reference cannot be resolved"},
      {"    vmid: 101\n    description: ${file:dir}\n", "7:18 a reference cannot be resolved"},
      {"    vmid: 101\n    description: ${file:/dev/zero}\n",
       "7:18 a reference cannot be resolved"},
      {"    vmid: 101\n    description: ${what:x}\n", "7:18 unknown reference"},
      {"    vmid: 101\n    description: ${HOME}\n", "7:18 unknown reference"},
      {"    vmid: 101\n    description: ${env:A\n", "7:18 a reference without an end"},
      {"    vmid: 101\n    password: ${secret:none}\n", "7:15 unknown secret"},
      {"    vmid: 101\n    password: ${secret:a}\nsecrets: {a: {evn: X}}\n", "8:15 unknown key"},
      {"    vmid: 101\n    password: ${secret:a}\nsecrets: {a: {env: NO}}\n",
       "8:20 an environment variable is not set"},
      {"    vmid: 101\n    password: ${secret:a}\nsecrets: {a: {command: [\"false\"]}}\n",
       "8:24 a reference cannot be resolved"},
      {"    vmid: 101\n    password: ${secret:a}\nsecrets: {a: {env: X, file: y}}\n",
       "8:14 not exactly one key"},
  };
  for (const auto& [lines, expected] : table) {
    INFO(lines);
    CHECK(mistakes_of(folder, lines) == Lines{"a.yaml:" + expected});
  }
}

TEST_CASE("a secret that is used twice is read, and complained about, once") {
  ProjectFolder folder;
  const std::string mark = (folder.path() / "runs").string();
  const Json spec = spec_of(folder,
                            "    vmid: 101\n    password: ${secret:a}${secret:a}\n"
                            "secrets: {a: {command: [sh, -c, 'echo >> " +
                                mark + "; echo hello']}}\n");
  CHECK(folder.vault().open(spec.at("password"))->reveal() == "hellohello");
  CHECK(std::filesystem::file_size(mark) == 1);
}

TEST_CASE("a command that fails, hangs or floods is an error without its output") {
  CHECK(read_command_output({"printf", "a\\n\\n"}, k_patience).value() == "a\n");
  CHECK(read_command_output({"cat"}, k_patience).value().empty());
  const auto failed = read_command_output({"sh", "-c", "echo hunter2; exit 3"}, k_patience);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message == "sh ended with status 3");
  CHECK(read_command_output({"/no/such/program"}, k_patience).error().code == ErrorCode::io);
  CHECK(read_command_output({}, k_patience).error().code == ErrorCode::io);
  CHECK(read_command_output({"yes"}, k_patience).error().code == ErrorCode::rejected);
  const auto start = std::chrono::steady_clock::now();
  for (const std::string script : {"exec sleep 30", "exec >&-; exec sleep 30"}) {
    const auto hung = read_command_output({"sh", "-c", script}, std::chrono::milliseconds(50));
    REQUIRE_FALSE(hung);
    CHECK(hung.error().code == ErrorCode::timed_out);
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
}

}  // namespace aegis::test
