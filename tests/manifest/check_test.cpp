#include <catch2/catch.hpp>

#include "manifest/project_folder.h"

namespace aegis::test {
namespace {

using Lines = std::vector<std::string>;

const std::string k_server = "servers: {s: {ssh: {host: h}}}\n";

// What is said of a container with these further lines (each indented by 4); they start in line 7.
Diagnostics said_of(const std::string& lines) {
  ProjectFolder folder;
  folder.write("a.yaml",
               k_server + "containers:\n  web:\n    server: s\n    vmid: 101\n" +
                   "    rootfs: {storage: local, size: 8GiB}\n" + lines);
  return folder.load().diagnostics;
}

bool says(const Diagnostics& diagnostics, const std::string& words) {
  return details(diagnostics).find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a right container says nothing") {
  CHECK(described(said_of("    cores: 2\n    memory: 1.5GiB\n    swap: 0\n    cpulimit: 0.5\n"
                          "    state: stopped\n    nameserver: 1.1.1.1\n    tags: [a, b]\n")) ==
        Lines{});
}

TEST_CASE("an example is written as YAML writes it") {
  const Diagnostics said = said_of("    onboot: yess\n    cores: two\n");
  CHECK(says(said, "For example: true."));
  CHECK(says(said, "For example: 4."));
}

TEST_CASE("all mistakes are found at once, each at its place, in the order of the file") {
  ProjectFolder folder;
  folder.write("a.yaml",
               "servers:\n"
               "  s:\n"
               "    shs: {host: h}\n"
               "containers:\n"
               "  web:\n"
               "    server: s\n"
               "    vmid: 99\n"
               "    cores: two\n"
               "    memroy: 1GiB\n"
               "    rootfs: {storage: local}\n"
               "  db:\n"
               "    server: s\n"
               "    vmid: 102\n"
               "    state: runing\n"
               "    rootfs: {storage: local, size: 8}\n"
               "stacks:\n"
               "  core: {compose: [], container: web}\n"
               "conainers: {}\n");
  CHECK(described(folder.load().diagnostics) == Lines{
                                                    "a.yaml:3:5 unknown key",
                                                    "a.yaml:7:11 a number out of range",
                                                    "a.yaml:8:12 wrong type",
                                                    "a.yaml:9:5 unknown key",
                                                    "a.yaml:10:13 a required key is missing",
                                                    "a.yaml:14:12 unknown value",
                                                    "a.yaml:15:36 a size without a unit",
                                                    "a.yaml:17:19 too few items",
                                                    "a.yaml:18:1 unknown key",
                                                });
}

TEST_CASE("a misspelled key or value brings what was probably meant") {
  CHECK(says(said_of("    memroy: 1GiB\n"), "Did you mean `memory`?"));
  CHECK(says(said_of("    features: {nestng: true}\n"), "Did you mean `nesting`?"));
  CHECK(says(said_of("    network: {eth0: {bridg: vmbr0}}\n"), "Did you mean `bridge`?"));
  CHECK(says(said_of("    state: startd\n"), "Did you mean \"started\"?"));
  CHECK(says(said_of("    startup: {zzz: 1}\n"), "There are down, order and up."));
}

TEST_CASE("each wrong value is one mistake that says what is expected") {
  struct Case {
    std::string line;
    std::string where;
    std::string summary;
    std::string words;
  };
  const std::vector<Case> table{
      {"cores: \"2\"", "7:12", "wrong type", "must be an integer, and is a text (2)"},
      {"cores: 1.5", "7:12", "wrong type", "is a number (1.5)"},
      {"cores:", "7:5", "wrong type", "is nothing"},
      {"cores: [2]", "7:12", "wrong type", "is a list"},
      {"cores: 0", "7:12", "a number out of range", "1 to 8192"},
      {"onboot: yes", "7:13", "wrong type", "only `true` and `false`"},
      {"hostname: 12", "7:15", "wrong type", "Put it in quotes: \"12\""},
      {"hostname: web_1", "7:15", "a value of the wrong form", "cannot be \"web_1\""},
      {"tags: web", "7:11", "wrong type", "must be a list"},
      {"tags: [1]", "7:12", "wrong type", "containers.web.tags[0] must be a text"},
      {"memory: lots", "7:13", "not a size", "512MiB"},
      {"memory: 512", "7:13", "a size without a unit", "512MiB, 512GiB or 512B"},
      {"memory: -1GiB", "7:13", "not a size", "-1GiB"},
      {"features: nesting", "7:15", "wrong type", "must be a mapping"},
      {"mount_points: {mp256: {mp: /a}}", "7:20", "unknown key", "mp256"},
      {"mount_points: {mp0: {mp: a, volume: v}}", "7:30", "a value of the wrong form", "/srv/data"},
      {"hostname: !x web", "7:18", "a tag without a meaning", "!x"},
      {"password: abc", "7:15", "too short", "at least 5"},
      {"startup: {up: 1, up: 2}", "7:22", "duplicate key", "`up`"},
  };
  for (const Case& one : table) {
    INFO(one.line);
    const auto found = said_of("    " + one.line + "\n");
    INFO(details(found));
    CHECK(described(found) == Lines{"a.yaml:" + one.where + " " + one.summary});
    if (one.summary != "duplicate key") CHECK(says(found, one.words));
  }
}

TEST_CASE("a very long text is refused, not matched, and not repeated") {
  const auto found = said_of("    hostname: " + std::string(500'000, 'a') + "\n");
  REQUIRE(found.size() == 2);
  CHECK(details(found).size() < 1000);
}

TEST_CASE("the text of a secret never reaches a message, wherever it is wrong") {
  ProjectFolder folder;
  folder.set("TOKEN", "hunter2secret").set("NUMBER", "4711471147114711");
  folder.write(
      "a.yaml",
      "secrets: {t: {env: TOKEN}, n: {env: NUMBER}}\n"
      "servers:\n"
      "  a: {proxmox: {url: '${secret:t}', node: '${secret:t}', token: '${secret:t}'}}\n"
      "  b: {proxmox: {url: 'https://h', user: '${secret:t}', password: {x: hunter2secret}}}\n"
      "  c: {proxmox: {url: 'https://h', password: 4711471147114711}}\n"
      "  d: {proxmox: {url: 'https://h', token: hunter2secret}}\n"
      "containers:\n"
      "  w: {server: '${secret:t}', vmid: '${secret:n}', rootfs: {storage: l, size: "
      "'${secret:n}'},\n"
      "      state: '${secret:t}', hostname: '${secret:t}', network: {e: {ip: '${secret:t}'}}}\n"
      "  v: {server: a, vmid: 100, rootfs: {storage: l, size: 1G}, memory: '${secret:t}',\n"
      "      description: '${secret:t}', network: {e: {ip: '${secret:t}'}}}\n"
      "stacks:\n"
      "  s: {docker: '${secret:t}', compose: '${secret:t}'}\n"
      "  u: {container: '${secret:t}', compose: x.yaml}\n");
  const Manifests manifests = folder.load();
  CHECK(has_errors(manifests.diagnostics));
  for (const Diagnostic& diagnostic : manifests.diagnostics) {
    INFO(to_string(*diagnostic.where) << " " << diagnostic.detail);
    CHECK(diagnostic.detail.find("hunter2") == std::string::npos);
    CHECK(diagnostic.detail.find("4711") == std::string::npos);
    CHECK(diagnostic.summary.find("hunter2") == std::string::npos);
  }
}

}  // namespace aegis::test
