#include <catch2/catch.hpp>

#include "base/vault.h"
#include "manifest/load.h"
#include "manifest/project_folder.h"

using namespace aegis;
using namespace aegis::test;

namespace {

/// What is said of a container with these raw lines, each "line:column summary".
std::vector<std::string> said_of(const std::string& lines) {
  ProjectFolder folder;
  folder.write("a.yaml", R"(servers: { a: { ssh: { host: h } } }
containers:
  web:
    server: a
    vmid: 103
    rootfs: { storage: local, size: 8GiB }
    lxc:
)" + lines);
  Vault vault;
  const Manifests manifests = load(
      folder.path(), [](const std::string&) { return std::nullopt; }, vault);
  std::vector<std::string> said;
  for (const Diagnostic& one : manifests.diagnostics) {
    said.push_back(std::to_string(one.where->line) + ":" + std::to_string(one.where->column) + " " +
                   one.summary);
  }
  return said;
}

}  // namespace

TEST_CASE("raw lines that LXC reads are taken") {
  CHECK(said_of(R"(      - lxc.idmap: u 0 100000 1000
      - lxc.idmap: u 1000 1000 1
      - lxc.idmap: g 0 100000 65536
      - lxc.tty.max: 4
      - lxc.cap.drop: ""
      - lxc.cgroup2.devices.allow: c 10:232 rwm
      - lxc.prlimit.nofile: 65536
)")
            .empty());
}

TEST_CASE("a raw line that cannot work is told with its place") {
  CHECK(said_of("      - lxc.idmap: u 0 100000\n") ==
        std::vector<std::string>{"8:9 not a mapping of ids"});
  CHECK(said_of("      - lxc.idmap: u 0 100000 10\n      - lxc.idmap: b 9 300000 2\n") ==
        std::vector<std::string>{"9:9 ids are mapped twice"});
  CHECK(said_of("      - lxc.idmap: u 0 100000 10\n      - lxc.idmap: u 20 100009 2\n") ==
        std::vector<std::string>{"9:9 ids are mapped twice"});
  CHECK(said_of("      - lxc.rootfs.path: /srv\n") ==
        std::vector<std::string>{"8:9 a raw line that Proxmox makes itself"});
  CHECK(said_of("      - { lxc.idmap: u 0 1 1, lxc.autodev: 1 }\n") ==
        std::vector<std::string>{"8:9 not exactly one key"});
}

TEST_CASE("a raw line that Proxmox does not know is warned of, with what was meant") {
  CHECK(said_of("      - lxc.idmpa: u 0 100000 65536\n") ==
        std::vector<std::string>{"8:9 a raw line that Proxmox does not know"});
}
