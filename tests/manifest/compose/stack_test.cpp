#include <algorithm>
#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {
namespace {

const Address k_guest{"", "container", "aegis"};

}  // namespace

TEST_CASE("a stack becomes services, networks and volumes with their names and dependencies") {
  StackFolder folder;
  folder.input.depends_on = {k_guest};
  folder.write("compose.yaml", R"(services:
  web:
    image: nginx
    depends_on: [db]
    networks: [front, shared]
    volumes: ["data:/a", "old:/b", "./conf:/c"]
  db: {image: postgres}
networks:
  front: {driver: bridge, internal: true, labels: {a: b}, attachable: true, enable_ipv6: false}
  shared: {external: true, name: proxy}
  unused:
volumes:
  data: {driver_opts: {type: nfs, o: "addr=10.0.0.1"}}
  old: {external: true}
  named: {name: elsewhere}
)");
  const LoadedStack loaded = folder.load();
  REQUIRE(loaded.problems().empty());
  std::vector<std::string> addresses;
  for (const Resource& resource : loaded.result.resources) {
    addresses.push_back(to_string(resource.address));
    CHECK(resource.scope == "stack/core");
  }
  CHECK(addresses == std::vector<std::string>{"stack/core/service/db",
                                              "stack/core/service/web",
                                              "stack/core/network/default",
                                              "stack/core/network/front",
                                              "stack/core/volume/data"});
  const Resource& web = *loaded.find("service/web");
  CHECK(web.depends_on == std::vector<Address>{k_guest,
                                               {"stack/core", "network", "front"},
                                               {"stack/core", "service", "db"},
                                               {"stack/core", "volume", "data"}});
  CHECK(web.where.line == 2);
  CHECK(web.spec.at("volumes")[2].at("source") == (folder.path() / "conf").string());
  CHECK(loaded.find("network/front")->depends_on == std::vector<Address>{k_guest});
  CHECK(loaded.spec("network/front") ==
        Json::parse(R"({"name":"core_front","driver":"bridge","internal":true,"attachable":true,
                        "enable_ipv6":false,"labels":{"a":"b"}})"));
  CHECK(loaded.spec("network/default") == Json::parse(R"({"name":"core_default"})"));
  CHECK(loaded.spec("volume/data") ==
        Json::parse(R"({"name":"core_data","driver_opts":{"type":"nfs","o":"addr=10.0.0.1"}})"));
  CHECK(loaded.result.settings ==
        Json({{"project", "core"},
              {"working_dir", folder.path().string()},
              {"config_files", {(folder.path() / "compose.yaml").string()}},
              {"services", {"web", "db"}},
              {"images", {"postgres", "nginx"}},
              {"networks",
               {{"default", {{"name", "core_default"}, {"external", false}}},
                {"front", {{"name", "core_front"}, {"external", false}}},
                {"shared", {{"name", "proxy"}, {"external", true}}}}},
              {"volumes",
               {{"data", {{"name", "core_data"}, {"external", false}}},
                {"old", {{"name", "old"}, {"external", true}}}}}}));
}

TEST_CASE("attributes remember their places, through short forms and several files") {
  StackFolder folder;
  folder.write("a.yaml", "services:\n  web:\n    image: x\n    ports:\n      - '80:80'\n")
      .write("b.yaml", "services:\n  web:\n    environment:\n      A: b\n");
  const LoadedStack loaded = folder.load({"a.yaml", "b.yaml"});
  const Resource& web = *loaded.find("service/web");
  CHECK(web.place_of("image").line == 3);
  CHECK(web.place_of("image").column == 12);
  CHECK(web.place_of("ports.0.target").line == 5);
  CHECK(web.place_of("environment.A").file == (folder.path() / "b.yaml").string());
  CHECK(web.place_of("environment.A").line == 4);
  CHECK(web.place_of("networks.default").line == 2);
  CHECK(loaded.result.sources.size() == 2);
  CHECK(loaded.result.sources.at((folder.path() / "a.yaml").string()).starts_with("services:"));
}

TEST_CASE("the same files give the same bytes") {
  const std::string text =
      "services: {b: {image: x, environment: {Z: 1, A: 2}}, a: {image: y}}\nvolumes: {v1: }\n";
  StackFolder folder;
  folder.write("compose.yaml", text);
  const LoadedStack first = folder.load();
  const LoadedStack second = folder.load();
  REQUIRE(first.result.resources.size() == second.result.resources.size());
  for (std::size_t i = 0; i < first.result.resources.size(); ++i) {
    CHECK(dump_json(first.result.resources[i].spec) == dump_json(second.result.resources[i].spec));
  }
}

TEST_CASE(
    "variables: the stack's own win over the process, the process over files, later files "
    "over earlier") {
  StackFolder folder;
  folder.process = {{"A", "process"}, {"B", "process"}};
  folder.input.environment = {{"A", "stack"}};
  folder.input.env_files = {"one.env", "two.env"};
  folder.write(".env", "D=default\n")
      .write("one.env", "A=one\nB=one\nC=one\nE=one\n")
      .write("two.env", "C=two\nF=${E}+${B}\n")
      .write("compose.yaml",
             "services: {web: {image: x, hostname: "
             "'$A-$B-$C-${D:-none}-$F-$COMPOSE_PROJECT_NAME'}}\n");
  CHECK(folder.load().spec("service/web").at("hostname") ==
        "stack-process-two-none-one+process-core");

  folder.input.env_files.clear();
  folder.write("compose.yaml", "services: {web: {image: x, hostname: $D}}\n");
  CHECK(folder.load().spec("service/web").at("hostname") == "default");
  folder.process.emplace("COMPOSE_DISABLE_ENV_FILE", "1");
  CHECK(folder.load().spec("service/web").at("hostname") == "");
}

TEST_CASE(
    "a container's environment: its own wins over files, later files over earlier, and .env "
    "stays outside") {
  StackFolder folder;
  folder.write(".env", "OUTSIDE=x\n")
      .write("one.env", "A=1\nB=1\nC=1\n")
      .write("two.env", "B=2\nC=2\n")
      .write("raw.env", "R=\"q\"\n")
      .write("compose.yaml", R"(services:
  web:
    image: x
    env_file:
      - one.env
      - path: two.env
      - {path: gone.env, required: false}
      - {path: raw.env, format: raw}
    environment: {C: "3"}
)");
  const LoadedStack loaded = folder.load();
  REQUIRE(loaded.problems().empty());
  CHECK(folder.vault.reveal_all(loaded.spec("service/web").at("environment")) ==
        Json::parse(R"({"A":"1","B":"2","C":"3","R":"\"q\""})"));
  CHECK_FALSE(loaded.spec("service/web").contains("env_file"));
}

TEST_CASE("unset variables warn at their own place") {
  const auto problems =
      load_text("services:\n  web:\n    image: nginx:$TAG\n    hostname: '$HOST'\n").problems();
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].starts_with("compose.yaml:3:18 warning: variable not set: The variable TAG"));
  CHECK(problems[1].starts_with("compose.yaml:4:15 warning: variable not set: The variable HOST"));
}

TEST_CASE("version and another project's name are noted, not obeyed") {
  const LoadedStack loaded =
      load_text("version: '3.8'\nname: other\nservices: {web: {image: x}}\n");
  REQUIRE(loaded.diagnostics.size() == 2);
  CHECK(loaded.diagnostics[0].severity == Severity::note);
  CHECK(loaded.diagnostics[0].where->line == 1);
  CHECK(loaded.diagnostics[1].severity == Severity::note);
  CHECK(loaded.diagnostics[1].where->line == 2);
  CHECK(loaded.spec("network/default").at("name") == "core_default");
  CHECK(load_text("name: core\nservices: {web: {image: x}}\n").diagnostics.empty());
}

TEST_CASE("home folders and relative paths of bind mounts become absolute") {
  StackFolder folder;
  folder.process = {{"HOME", "/home/me"}};
  folder.write("compose.yaml",
               "services: {web: {image: x, volumes: ['~/a:/a', './b:/b', '../c:/c', '.:/d', "
               "{type: bind, source: e, target: /e}]}}\n");
  const Json mounts = folder.load().spec("service/web").at("volumes");
  CHECK(mounts[0].at("source") == "/home/me/a");
  CHECK(mounts[1].at("source") == (folder.path() / "b").string());
  CHECK(mounts[2].at("source") == (folder.path().parent_path() / "c").string());
  CHECK(mounts[3].at("source") == folder.path().string());
  CHECK(mounts[4].at("source") == (folder.path() / "e").string());
  folder.process.clear();
  CHECK(folder.load().problems().size() == 1);
}

TEST_CASE("keys that start with x- are free at every level of Compose's own keys") {
  const LoadedStack loaded = load_text(R"(x-a: {b: [c, "${NOT_LOOKED_AT}"]}
services:
  web:
    image: x
    x-b: 1
    healthcheck: {test: a, x-c: 2}
    environment: {x-d: kept}
networks: {default: {x-e: 3}}
)");
  CHECK(loaded.problems().empty());
  CHECK(loaded.spec("service/web").at("environment") == Json::parse(R"({"x-d":"kept"})"));
}

TEST_CASE("a service of several containers is a resource for each, one after the other") {
  const LoadedStack loaded = load_text(R"(services:
  web: { image: x, deploy: { replicas: 3 } }
  proxy: { image: y, depends_on: [web] }
)");
  REQUIRE(loaded.problems().empty());
  CHECK(loaded.spec("service/web").at("replica") ==
        Json({{"service", "web"}, {"number", 1}, {"count", 3}}));
  CHECK(loaded.spec("service/web-3").at("replica") == Json({{"service", "web"}, {"number", 3}}));
  CHECK_FALSE(loaded.spec("service/web").contains("scale"));
  const Address second{"stack/core", "service", "web-2"};
  const auto& needed = loaded.find("service/web-3")->depends_on;
  CHECK(std::find(needed.begin(), needed.end(), second) != needed.end());
  const Address last{"stack/core", "service", "web-3"};
  const auto& proxied = loaded.find("service/proxy")->depends_on;
  CHECK(std::find(proxied.begin(), proxied.end(), last) != proxied.end());
}

TEST_CASE("as many containers are replaced at a time as its update_config says, with pauses") {
  const auto needs = [](int parallelism, const std::string& name) {
    const LoadedStack loaded = load_text(fmt::format(R"(services:
  web:
    image: x
    deploy: {{ replicas: 4, update_config: {{ parallelism: {}, delay: 10s }} }}
  proxy: {{ image: y, depends_on: [web] }}
)",
                                                     parallelism));
    REQUIRE(loaded.problems().empty());
    CHECK_FALSE(loaded.spec("service/web-4").at("replica").contains("is_followed"));
    std::vector<std::string> names;
    for (const Address& need : loaded.find("service/" + name)->depends_on) {
      if (need.kind == "service") names.push_back(need.name);
    }
    std::sort(names.begin(), names.end());
    return names;
  };
  using Names = std::vector<std::string>;
  CHECK(needs(2, "web-2") == Names{});
  CHECK(needs(2, "web-3") == Names{"web"});
  CHECK(needs(2, "web-4") == Names{"web-2"});
  CHECK(needs(2, "proxy") == Names{"web-3", "web-4"});
  CHECK(needs(0, "web-4") == Names{});
  CHECK(needs(0, "proxy") == Names{"web", "web-2", "web-3", "web-4"});
}

TEST_CASE("how a service is replaced is a part of it, and what has no effect is noted") {
  const LoadedStack loaded = load_text(R"(services:
  web:
    image: x
    deploy:
      update_config: { order: start-first, monitor: 5s, parallelism: 2, failure_action: pause }
      rollback_config: { order: stop-first }
)");
  REQUIRE(loaded.problems().empty());
  CHECK(loaded.spec("service/web").at("update_config") ==
        Json({{"order", "start-first"}, {"monitor", 5'000'000'000}, {"parallelism", 2}}));
  CHECK(loaded.everything_said().find("always replaced by the old one again") != std::string::npos);
}

TEST_CASE("an image that is built has a name, and a digest of what it is built from") {
  StackFolder folder;
  folder.process = {{"WORD", "given"}};
  folder.write("app/Dockerfile", "FROM scratch\n").write("app/a", "one");
  folder.write("compose.yaml", R"(services:
  web: { build: { context: app, args: { WORD: , OTHER: x }, target: last } }
)");
  const LoadedStack loaded = folder.load();
  REQUIRE(loaded.problems() == std::vector<std::string>{});
  const Json spec = loaded.spec("service/web");
  CHECK(spec.at("image") == "core-web");
  CHECK(spec.at("build").at("context") == (folder.path() / "app").string());
  CHECK(spec.at("build").at("args") == Json({{"WORD", "given"}, {"OTHER", "x"}}));
  folder.write("app/a", "two");
  CHECK(folder.load().spec("service/web").at("build").at("digest") !=
        spec.at("build").at("digest"));
}

TEST_CASE("a build argument that looks like a secret is refused") {
  StackFolder folder;
  folder.write("Dockerfile", "FROM scratch\n");
  folder.write("compose.yaml", R"(services:
  web: { build: { context: ., args: { API_TOKEN: x } } }
)");
  CHECK(folder.load().everything_said().find("shows its build arguments") != std::string::npos);
}

}  // namespace aegis::test
