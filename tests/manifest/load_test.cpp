#include "manifest/load.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <ctime>
#include <iostream>

#include "manifest/project_folder.h"
#include "support/source_folder.h"

namespace aegis::test {
namespace {

using Lines = std::vector<std::string>;

const std::string k_servers = "servers:\n  s: {ssh: {host: h}}\n";
const std::string k_root = "rootfs: {storage: local, size: 8GiB}";

std::string container(const std::string& name, int vmid, const std::string& more = "") {
  return "  " + name + ": {server: s, vmid: " + std::to_string(vmid) + ", " + k_root + more + "}\n";
}

Lines load_of(const std::string& text) {
  ProjectFolder folder;
  folder.write("a.yaml", text);
  return described(folder.load().diagnostics);
}

Manifests loaded(ProjectFolder& folder) {
  Manifests manifests = folder.load();
  INFO(details(manifests.diagnostics));
  REQUIRE(manifests.diagnostics.empty());
  return manifests;
}

}  // namespace

TEST_CASE("all files of a folder are one project") {
  ProjectFolder folder;
  folder.write("a.yaml", k_servers + "containers:\n" + container("web", 101) + "x-note: [1]\n")
      .write("b.yml", "# more\ncontainers:\n" + container("db", 102) + "stacks:\n")
      .write("empty.yaml", "")
      .write(".hidden.yaml", "nonsense: 1")
      .write("notes.txt", "nonsense: [")
      .write("sub/c.yaml", "nonsense: 1");
  const Manifests manifests = loaded(folder);
  CHECK(manifests.desired.resources.size() == 2);
  CHECK(manifests.sources.size() == 3);
  CHECK(manifests.desired.resources.at({"", "container", "db"}).where ==
        SourceSpan{"b.yml", 3, 3, 2});
}

TEST_CASE("a container is a resource of its server, with the place of every field") {
  ProjectFolder folder;
  folder.write("a.yaml",
               k_servers + "containers:\n  web:\n    server: s\n    vmid: 101\n" +
                   "    rootfs:\n      storage: local\n      size: 8GiB\n    tags: [x, y]\n");
  const Manifests manifests = loaded(folder);
  const Resource& web = manifests.desired.resources.at({"", "container", "web"});
  CHECK(web.scope == "server/s");
  CHECK(web.spec == Json{{"server", "s"},
                         {"vmid", 101},
                         {"rootfs", {{"storage", "local"}, {"size", "8GiB"}}},
                         {"tags", {"x", "y"}}});
  CHECK(web.place_of("rootfs.size") == SourceSpan{"a.yaml", 9, 13, 4});
  CHECK(web.place_of("tags[1]") == SourceSpan{"a.yaml", 10, 15, 1});
  CHECK(web.place_of("memory") == web.where);
}

TEST_CASE("the file of certificate authorities is in the project or in the home folder") {
  ProjectFolder folder;
  folder.write("a.yaml",
               "servers:\n"
               "  a: {ssh: {host: h}, proxmox: {ca_file: ca.pem}}\n"
               "  b: {ssh: {host: h}, proxmox: {ca_file: ~/ca.pem}}\n");
  Vault vault;
  const auto home = [](const std::string& name) -> std::optional<std::string> {
    if (name == "HOME") return "/home/me";
    return std::nullopt;
  };
  const auto servers = load(folder.path(), home, vault).connections.servers;
  CHECK(servers.at("a").proxmox.ca_file == (folder.path() / "ca.pem").string());
  CHECK(servers.at("b").proxmox.ca_file == "/home/me/ca.pem");
}

TEST_CASE("a server is a scope with its endpoint, its node and what may be done as root") {
  ProjectFolder folder;
  folder.write("a.yaml",
               "servers:\n"
               "  a: {ssh: {host: h, port: 2222, user: admin}}\n"
               "  b: {proxmox: {node: n, url: 'https://h:8006/', token: 'u@pve!t=sec=ret'}}\n"
               "  c: {proxmox: {url: 'https://h', user: root@pam, password: hunter2}}\n"
               "  d: {proxmox: {url: 'https://h', token: {id: 'u@pve!t', secret: x}}}\n");
  const Manifests manifests = loaded(folder);
  const auto settings = [&](const std::string& name) {
    return manifests.desired.scopes.at("server/" + name).settings;
  };
  const auto sections = Json::array();
  CHECK(settings("a") == Json{{"elsewhere", Json::array()},
                              {"endpoint", "proxmox/a"},
                              {"node", "a"},
                              {"root", true},
                              {"sections", sections},
                              {"shell", "host/a"},
                              {"ssh_port", 2222}});
  CHECK(settings("b") == Json{{"elsewhere", Json::array()},
                              {"endpoint", "proxmox/b"},
                              {"node", "n"},
                              {"root", false},
                              {"sections", sections},
                              {"shell", false},
                              {"api_port", 8006}});
  CHECK(settings("c").at("root") == true);
  const auto& servers = manifests.connections.servers;
  CHECK(servers.at("a").ssh->port == 2222);
  CHECK(servers.at("a").ssh->user == "admin");
  CHECK(servers.at("b").proxmox.url == "https://h:8006");
  CHECK(servers.at("b").proxmox.token_id == "u@pve!t");
  CHECK(servers.at("b").proxmox.token_secret == Secret("sec=ret"));
  CHECK(servers.at("c").proxmox.password == Secret("hunter2"));
  CHECK(servers.at("d").proxmox.token_secret == Secret("x"));
}

TEST_CASE("a server that cannot be reached or logged in to is said so") {
  CHECK(load_of("servers: {a: {proxmox: {node: x}}}") ==
        Lines{"a.yaml:1:11 no way to reach a server"});
  CHECK(load_of("servers: {a: {proxmox: {url: 'https://h'}}}") ==
        Lines{"a.yaml:1:11 no credential for a server"});
  CHECK(load_of("servers: {a: {proxmox: {url: 'https://h', token: nonsense}}}").front() ==
        "a.yaml:1:11 no credential for a server");
  CHECK(load_of("servers: {a: {proxmox: {url: 'http://h', token: 'a@b!c=d'}}}") ==
        Lines{"a.yaml:1:30 a value of the wrong form"});
}

TEST_CASE("the usual variables fill in for the only server, and never for one of several") {
  ProjectFolder folder;
  folder.set("PROXMOX_VE_ENDPOINT", "https://env:8006/").set("PROXMOX_VE_API_TOKEN", "u@pve!t=x");
  folder.write("a.yaml", "servers: {a: {}}");
  const Manifests one = loaded(folder);
  CHECK(one.connections.servers.at("a").proxmox.url == "https://env:8006");
  CHECK(one.connections.servers.at("a").proxmox.token_id == "u@pve!t");
  folder.write("a.yaml",
               "servers: {a: {proxmox: {url: 'https://own', user: u@pve, password: mine}}}");
  const Manifests own = loaded(folder);
  CHECK(own.connections.servers.at("a").proxmox.url == "https://own");
  CHECK(own.connections.servers.at("a").proxmox.token_id.empty());
  folder.write("a.yaml", "servers: {a: {ssh: {host: h}}}");
  CHECK(loaded(folder).connections.servers.at("a").proxmox.url.empty());
  folder.write("a.yaml", "servers: {a: {}, b: {ssh: {host: h}}}");
  CHECK(described(folder.load().diagnostics) == Lines{"a.yaml:1:11 no way to reach a server"});
}

TEST_CASE("the same name twice is shown at both places") {
  ProjectFolder folder;
  folder.write("a.yaml", k_servers + "containers:\n" + container("web", 101))
      .write("b.yaml", "containers:\n" + container("web", 102));
  const auto found = folder.load().diagnostics;
  REQUIRE(described(found) == Lines{"b.yaml:2:3 the same name twice"});
  CHECK(found[0].related == SourceSpan{"a.yaml", 4, 3, 3});
}

TEST_CASE("a server's sections may stand in several files, entry by entry") {
  ProjectFolder folder;
  folder
      .write(
          "a.yaml",
          "servers: {s: {ssh: {host: h}, access: {users: {a@pve: {}}}, time: {timezone: UTC}}}\n")
      .write("b.yaml",
             "servers:\n  s:\n    access:\n      users: {b@pve: {}}\n      groups: {g: {}}\n"
             "    storage: {dd: {type: dir, path: /d, content: [iso]}}\n");
  const Manifests both = folder.load();
  CHECK(described(both.diagnostics) == Lines{});
  for (const char* name : {"server/s/user/a@pve",
                           "server/s/user/b@pve",
                           "server/s/group/g",
                           "server/s/storage/dd",
                           "server/s/setting/time"}) {
    CHECK(both.desired.resources.contains(*parse_address(name)));
  }
  folder.write("b.yaml",
               "servers:\n  s:\n    access: {users: {a@pve: {}}}\n    time: {timezone: UTC}\n");
  CHECK(described(folder.load().diagnostics) ==
        Lines{"b.yaml:3:22 the same name twice", "b.yaml:4:5 the same name twice"});
}

TEST_CASE("mistakes between entries are found, with the other place") {
  const std::string head = k_servers + "containers:\n";
  CHECK(load_of(head + container("a", 101) + container("b", 101)) ==
        Lines{"a.yaml:5:24 a vmid is used twice"});
  CHECK(load_of("servers: {fsn1: {ssh: {host: h}}}\ncontainers:\n  a: {server: fsn, vmid: 101, " +
                k_root + "}\n") == Lines{"a.yaml:3:15 unknown server"});
  const std::string net = ", network: {eth0: {bridge: b, ip: 10.0.0.5/24, gw: ";
  CHECK(load_of(head + container("a", 101, net + "10.0.1.1}}")) ==
        Lines{"warning a.yaml:4:116 the gateway is outside of the subnet"});
  CHECK(load_of(head + container("a", 101, net + "10.0.0.1}}")) == Lines{});
  CHECK(load_of(head + container("a", 101, net + "10.0.0.1}}") +
                container("b", 102, net + "10.0.0.1}}")) ==
        Lines{"warning a.yaml:5:99 an address is used twice"});
  const std::string mac = ", network: {eth0: {bridge: b, hwaddr: 'BC:24:11:00:00:01'}}";
  CHECK(load_of(head + container("a", 101, mac) + container("b", 102, mac)) ==
        Lines{"warning a.yaml:5:103 an address is used twice"});
  const std::string mtu =
      "servers: {s: {ssh: {host: h}, interfaces: {vmbr0: {type: bridge, "
      "mtu: 9000}}}}\ncontainers:\n";
  const auto with_mtu = [&](int bytes) {
    return mtu + container("a",
                           101,
                           fmt::format(", network: {{eth0: {{bridge: vmbr0, mtu: {}}}}}", bytes));
  };
  CHECK(load_of(with_mtu(9000)) == Lines{});
  CHECK(load_of(with_mtu(9001)) == Lines{"a.yaml:3:104 an MTU is larger than the bridge's"});
  CHECK(load_of(head + container("a", 101, ", network: {e: {bridge: b, ip: 300.1.1.1/24}}")) ==
        Lines{"a.yaml:4:96 not an address"});
  CHECK(load_of(head +
                container(
                    "a", 101, ", network: {e: {bridge: b, ip6: '2001:db8::5/64', gw6: 'fe80::1'}}"))
            .size() == 1);
  CHECK(load_of(head + container("a", 101, ", network: {e: {bridge: b, ip6: '2001:db8::5'}}")) ==
        Lines{"a.yaml:4:97 not an address"});
  CHECK(load_of(head + container("a", 101, ", mount_points: {mp0: {mp: /a}}")) ==
        Lines{"a.yaml:4:87 a mount point without one source"});
}

TEST_CASE("a container with less memory than Proxmox takes is refused") {
  const auto with_memory = [](const std::string& memory) {
    return load_of(k_servers + "containers:\n" + container("a", 100, ", memory: " + memory));
  };
  CHECK(with_memory("16MiB") == Lines{});
  CHECK(with_memory("15MiB") == Lines{"a.yaml:4:75 too little memory"});
  CHECK(with_memory("0") == Lines{"a.yaml:4:75 too little memory"});
}

TEST_CASE("what is wrong in one entry does not hide or invent mistakes in others") {
  CHECK(load_of("servers:\n  s: {ssh: {host: 5}}\ncontainers:\n" + container("a", 101) +
                container("b", 101) + "  c: {server: t, vmid: 103, " + k_root + "}\n") ==
        Lines{"a.yaml:2:19 wrong type", "a.yaml:6:15 unknown server"});
  CHECK(load_of("servers: []\ncontainers:\n" + container("a", 101)) ==
        Lines{"a.yaml:1:10 wrong type"});
  CHECK(load_of("servers: {s: {ssh: [}}\n").size() == 1);
}

TEST_CASE("sections that say nothing, and documents that are no manifests") {
  CHECK(load_of("servers:\ncontainers:\nstacks:\n") == Lines{});
  CHECK(load_of("servers:\n---\nservers:\n") == Lines{});
  CHECK(load_of("- a\n- b\n") == Lines{"a.yaml:1:1 not a manifest"});
  CHECK(load_of("containers: {web: }\n") == Lines{"a.yaml:1:14 wrong type"});
  CHECK(load_of("sevrers: {}\n") == Lines{"a.yaml:1:1 unknown key"});
}

TEST_CASE("a folder without manifests, no folder, and a file instead of one") {
  ProjectFolder folder;
  folder.write("file.txt", "x");
  CHECK(folder.load().diagnostics.at(0).summary == "no manifests");
  Vault vault;
  const Environment nothing = [](const std::string&) { return std::nullopt; };
  CHECK(load(folder.path() / "none", nothing, vault).diagnostics.at(0).summary ==
        "the project folder cannot be read");
  CHECK(load(folder.path() / "file.txt", nothing, vault).diagnostics.at(0).summary ==
        "not a folder");
  std::filesystem::create_symlink("nowhere", folder.path() / "a.yaml");
  CHECK(described(folder.load().diagnostics) == Lines{"a.yaml file cannot be read"});
}

TEST_CASE("what cannot be read as a file is named, and never waited for") {
  ProjectFolder folder;
  folder.write("good.yaml", "containers:\n" + container("a", 5)).write("huge.yaml", "");
  std::filesystem::resize_file(folder.path() / "huge.yaml", (16U << 20U) + 1);
  REQUIRE(mkfifo((folder.path() / "pipe.yaml").c_str(), 0600) == 0);
  std::filesystem::create_directory(folder.path() / "folder.yaml");
  const Manifests manifests = folder.load();
  // The server may be in a file that was not read: that it is missing is no mistake.
  CHECK(described(manifests.diagnostics) == Lines{"good.yaml:2:24 a number out of range",
                                                  "huge.yaml file too large",
                                                  "pipe.yaml file cannot be read"});
  CHECK(manifests.sources.contains("good.yaml"));
}

TEST_CASE("Compose files beside the manifests are not manifests") {
  ProjectFolder folder;
  const std::string compose = "services: {web: {image: nginx}}\n";
  folder
      .write("a.yaml",
             k_servers + "stacks:\n  one: {server: s, compose: compose.yaml}\n" +
                 "  two: {server: s, compose: [web.yaml, ./more.yml]}\n")
      .write("compose.yaml", compose)
      .write("web.yaml", compose)
      .write("more.yml", "services: {web: {user: '1'}}\n");
  const Manifests manifests = loaded(folder);
  CHECK(manifests.desired.resources.contains({"stack/one", "service", "web"}));
  CHECK(manifests.desired.resources.at({"stack/two", "service", "web"}).spec.at("user") == "1");
}

TEST_CASE("a stack in a container knows its guest, and comes after it") {
  ProjectFolder folder;
  folder
      .write("a.yaml",
             k_servers + "containers:\n" + container("web", 101) +
                 "stacks:\n  core: {container: web, compose: stacks/core.yaml, project: p}\n")
      .write("stacks/core.yaml", "services: {app: {image: nginx}}\n");
  const Manifests manifests = loaded(folder);
  const Json& settings = manifests.desired.scopes.at("stack/core").settings;
  CHECK(settings.at("endpoint") == "docker/guest:s/101");
  CHECK(settings.at("project") == "p");
  CHECK(
      settings.at("guest") ==
      Json{{"endpoint", "proxmox/s"}, {"node", "s"}, {"vmid", 101}, {"address", "container/web"}});
  const Resource& app = manifests.desired.resources.at({"stack/core", "service", "app"});
  CHECK(std::count(app.depends_on.begin(), app.depends_on.end(), Address{"", "container", "web"}) ==
        1);
  CHECK(manifests.connections.engines.contains("docker/guest:s/101"));
}

TEST_CASE("a stack names one engine that can be reached") {
  const auto stack = [](const std::string& engine) {
    ProjectFolder folder;
    folder.write("c/c.yaml", "services: {app: {image: nginx}}\n");
    folder.write(
        "a.yaml",
        "servers: {s: {ssh: {host: h}}, t: {proxmox: {url: 'https://h', token: 'a@b!c=d'}}}\n"
        "stacks: {x: {compose: c/c.yaml" +
            engine + "}}\n");
    return described(folder.load().diagnostics);
  };
  CHECK(stack(", server: s") == Lines{});
  CHECK(stack(", docker: 'unix:///run/docker.sock'") == Lines{});
  CHECK(stack(", docker: 'ssh://me@host:2222'") == Lines{});
  CHECK(stack(", docker: 'ssh://me@[2001:db8::1]:22'") == Lines{});
  CHECK(stack("") == Lines{"a.yaml:2:10 a stack without one engine"});
  CHECK(stack(", server: s, container: c") == Lines{"a.yaml:2:10 a stack without one engine"});
  CHECK(stack(", server: ss") == Lines{"a.yaml:2:41 unknown server"});
  CHECK(stack(", container: c") == Lines{"a.yaml:2:44 unknown container"});
  CHECK(stack(", server: t") == Lines{"a.yaml:2:41 an engine that cannot be reached"});
  CHECK(stack(", docker: 'tcp://h:2375'") == Lines{"a.yaml:2:41 a value of the wrong form"});
  for (const std::string bad : {"ssh://",
                                "ssh://me@",
                                "ssh://h:0",
                                "ssh://h:x",
                                "ssh://[::1",
                                "ssh://h/p",
                                "unix://x",
                                "ssh://[]:1"}) {
    INFO(bad);
    CHECK(stack(", docker: '" + bad + "'").size() == 1);
  }
}

TEST_CASE("two stacks cannot be one project on one engine") {
  ProjectFolder folder;
  folder.write("c.yml", "services: {app: {image: nginx}}\n");
  folder.write("a.yaml",
               k_servers +
                   "stacks:\n  a: {server: s, compose: c.yml, project: p}\n"
                   "  b: {server: s, compose: c.yml, project: p}\n");
  const auto found = folder.load().diagnostics;
  REQUIRE(described(found) == Lines{"a.yaml:5:3 one project twice on one engine"});
  CHECK(found[0].related->line == 4);
}

TEST_CASE("the examples load without a word") {
  const Environment environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "SIMULATOR_URL") return "https://127.0.0.1:8006";
    if (name == "QUICKSTART_ENGINE") return "unix:///run/docker.sock";
    if (name == "SIMULATOR_FINGERPRINT") {
      std::string pairs = "AA";
      for (int i = 1; i < 32; ++i) pairs += ":AA";
      return pairs;
    }
    return "12345678";
  };
  std::size_t projects = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() / "examples")) {
    if (!entry.is_directory()) continue;
    ++projects;
    Vault vault;
    const Manifests manifests = load(entry.path(), environment, vault);
    INFO(entry.path() << "\n" << details(manifests.diagnostics));
    CHECK(manifests.diagnostics.empty());
    CHECK_FALSE(manifests.desired.resources.empty());
  }
  CHECK(projects > 0);
}

TEST_CASE("loading twice gives the same") {
  ProjectFolder folder;
  folder.write("a.yaml",
               k_servers + "containers:\n" + container("a", 1) + container("b", 2, ", x: 1"));
  const Manifests one = folder.load();
  const Manifests two = folder.load();
  CHECK(one.diagnostics == two.diagnostics);
  CHECK(one.sources == two.sources);
}

TEST_CASE("ten thousand containers load in a moment") {
  ProjectFolder folder;
  folder.write("servers.yaml", k_servers);
  for (int file = 0; file < 100; ++file) {
    std::string text = "containers:\n";
    for (int i = 0; i < 100; ++i) {
      const int number = file * 100 + i;
      const std::string ip = "10." + std::to_string(number / 250 / 250) + "." +
                             std::to_string(number / 250 % 250) + "." +
                             std::to_string(number % 250);
      text += "  ct" + std::to_string(number) +
              ":\n    server: s\n    vmid: " + std::to_string(1000 + number) +
              "\n    hostname: ct.example.net\n    cores: 4\n    memory: 4GiB\n    " + k_root +
              "\n    features: { nesting: true, keyctl: true }\n    network: { eth0: { bridge: "
              "vmbr1, ip: " +
              ip + "/8, gw: 10.255.255.1 } }\n    onboot: true\n    tags: [web, prod]\n";
    }
    folder.write("f" + std::to_string(file) + ".yaml", text);
  }
  const std::clock_t start = std::clock();
  const Manifests manifests = loaded(folder);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::cout << "10,000 containers: " << seconds << " s of CPU\n";
  CHECK(manifests.desired.resources.size() == 10'000);
  CHECK(seconds < 20);  // unoptimized and sanitized builds too
}

}  // namespace aegis::test
