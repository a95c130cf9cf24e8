#include "manifest/os.h"

#include <catch2/catch.hpp>

#include "base/digest.h"
#include "manifest/load.h"
#include "manifest/project_folder.h"

using namespace aegis;
using namespace aegis::test;

namespace {

constexpr const char* k_server = "servers:\n  a:\n    ssh: { host: h }\n";

Manifests load_host(ProjectFolder& project, const std::string& os) {
  return project.write("aegis.yaml", std::string(k_server) + "    os:\n" + os).load();
}

const Resource& at(const Manifests& manifests, const std::string& address) {
  return manifests.desired.resources.at(parse_address(address).value());
}

std::vector<std::string> needs_of(const Resource& resource) {
  std::vector<std::string> needs;
  for (const Address& need : resource.depends_on) needs.push_back(to_string(need));
  return needs;
}

}  // namespace

TEST_CASE("a container's files need the container and the directories around them") {
  ProjectFolder project;
  project.write("aegis.yaml", std::string(k_server) + R"(
containers:
  c:
    server: a
    vmid: 103
    rootfs: { storage: l, size: 1GiB }
    os:
      directories: { /home/agent: { owner: agent }, /home/agent/a/b: {} }
      files: { /home/agent/a/b/c: { content: x }, /etc/motd: { content: y } }
)");
  const Manifests manifests = project.load();
  CHECK(described(manifests.diagnostics) == std::vector<std::string>{});
  using Names = std::vector<std::string>;
  CHECK(needs_of(at(manifests, "guest/c/directory/home/agent/a/b")) ==
        Names{"container/c", "guest/c/directory/home/agent"});
  CHECK(needs_of(at(manifests, "guest/c/file/home/agent/a/b/c")) ==
        Names{"container/c", "guest/c/directory/home/agent/a/b"});
  CHECK(needs_of(at(manifests, "guest/c/file/etc/motd")) == Names{"container/c"});
  const Scope& scope = manifests.desired.scopes.at("guest/c");
  CHECK(scope.settings.at("shell") == "guest/a/103");
  CHECK(scope.settings.at("paths") ==
        Json({"/etc/motd", "/home/agent", "/home/agent/a/b", "/home/agent/a/b/c"}));
  CHECK_FALSE(at(manifests, "container/c").spec.contains("os"));
}

TEST_CASE("what a file holds comes from the manifest or, byte by byte, from the project") {
  ProjectFolder project;
  project.write("files/blob", std::string("\0\xff\n", 3));
  const Manifests manifests = load_host(project, R"(
      files:
        /a: { content: "one\n" }
        /b: { source: files/blob }
)");
  CHECK(described(manifests.diagnostics) == std::vector<std::string>{});
  const Json& a = at(manifests, "host/a/file/a").spec;
  CHECK(a.at("content") == "one\n");
  CHECK(a.at("digest") == sha256_hex("one\n"));
  const Json& b = at(manifests, "host/a/file/b").spec;
  CHECK_FALSE(b.contains("content"));
  CHECK(project.vault().open(b.at("payload"))->reveal() == std::string("\0\xff\n", 3));
}

TEST_CASE("a file that holds a secret shows neither it nor its digest") {
  ProjectFolder project;
  project.set("TOKEN", "hunter2");
  project.write("secrets.yaml", "secrets: { token: { env: TOKEN } }\n");
  const Manifests manifests =
      load_host(project, "      files: { /a: { content: 'token=${secret:token}' } }\n");
  CHECK(described(manifests.diagnostics) == std::vector<std::string>{});
  const Json& spec = at(manifests, "host/a/file/a").spec;
  CHECK(is_sealed(spec.at("content")));
  CHECK_FALSE(spec.contains("digest"));
  CHECK(project.vault().open(spec.at("payload"))->reveal() == "token=hunter2");
}

TEST_CASE("paths that cannot be managed, and files without one content, are refused") {
  ProjectFolder project;
  const Manifests manifests = load_host(project, R"(
      directories:
        /a/../etc: {}
        /a//b: {}
        /a/: {}
        /proc/sys: {}
        /var/lib/aegisctl: {}
        /procedure: {}
        /d: {}
      files:
        /d: { content: x }
        /f: { content: x, source: y }
        /g: {}
        /h: { content: x }
        /h/i: { content: x }
        /j: { source: nothing-there }
)");
  CHECK(described(manifests.diagnostics) == std::vector<std::string>{
                                                "aegis.yaml:7:9 not a path in its shortest form",
                                                "aegis.yaml:8:9 not a path in its shortest form",
                                                "aegis.yaml:9:9 not a path in its shortest form",
                                                "aegis.yaml:10:9 a path that is not to be managed",
                                                "aegis.yaml:11:9 a path that is not to be managed",
                                                "aegis.yaml:15:9 one path twice",
                                                "aegis.yaml:16:9 a file without one content",
                                                "aegis.yaml:17:9 a file without one content",
                                                "aegis.yaml:19:9 a path below a file",
                                                "aegis.yaml:20:23 a source that cannot be read",
                                            });
}

TEST_CASE("users, packages and paths are put into an order in which each finds what it needs") {
  ProjectFolder project;
  const Manifests manifests = load_host(project, R"(
      packages: { nginx: present, curl: absent }
      groups: { crew: {} }
      users: { zed: { groups: [crew, docker] } }
      directories: { /srv/d: { owner: zed }, /srv/e: { owner: www-data }, /srv/f: {} }
      files:
        /srv/d/x: { content: x, owner: zed, group: zed }
        /etc/nginx/x: { content: x }
        /etc/apt/sources.list: { content: x }
)");
  CHECK(described(manifests.diagnostics) == std::vector<std::string>{});
  using Names = std::vector<std::string>;
  const Names packages{"host/a/package/nginx", "host/a/package/curl"};
  const auto with_packages = [&](Names names) {
    names.insert(names.end(), packages.begin(), packages.end());
    return names;
  };
  const auto needs = [&](const char* name) {
    return needs_of(at(manifests, std::string("host/a/") + name));
  };
  CHECK(needs("package/nginx") == Names{"host/a/file/etc/apt/sources.list"});
  CHECK(needs("os-user/zed") == with_packages({"host/a/os-group/crew"}));
  CHECK(needs("directory/srv/d") == Names{"host/a/os-user/zed"});
  CHECK(needs("directory/srv/e") == packages);
  CHECK(needs("directory/srv/f") == Names{});
  CHECK(needs("file/srv/d/x") == Names{"host/a/directory/srv/d", "host/a/os-user/zed"});
  CHECK(needs("file/etc/nginx/x") == packages);
  CHECK(needs("file/etc/apt/sources.list") == Names{});
  const Json& settings = manifests.desired.scopes.at("host/a").settings;
  CHECK(settings.at("packages") == Json({"curl", "nginx"}));
  CHECK(settings.at("users") == Json({"zed"}));
  CHECK(settings.at("groups") == Json({"crew"}));
  CHECK(at(manifests, "host/a/package/curl").spec == Json({{"state", "absent"}}));
}

TEST_CASE("an operating system without SSH to its server cannot be reached") {
  ProjectFolder project;
  project.write("aegis.yaml",
                "servers:\n  a:\n    proxmox: { url: 'https://h:8006', password: x }\n"
                "    os: { directories: { /a: {} } }\n");
  CHECK(described(project.load().diagnostics) ==
        std::vector<std::string>{"aegis.yaml:4:5 an operating system that cannot be reached"});
}
