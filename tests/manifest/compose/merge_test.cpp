#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {
namespace {

// The service `web` of two files whose services have these bodies (YAML flow mappings).
Json merged(const std::string& base, const std::string& over, const std::string& top = "") {
  StackFolder folder;
  const LoadedStack loaded = folder.write("a.yaml", "services: {web: " + base + "}\n" + top)
                                 .write("b.yaml", "services: {web: " + over + "}\n")
                                 .load({"a.yaml", "b.yaml"});
  INFO(loaded.everything_said());
  REQUIRE_FALSE(has_errors(loaded.diagnostics));
  return loaded.spec("service/web");
}

struct Case {
  std::string key;
  std::string base;
  std::string over;
  std::string expected;
};

}  // namespace

TEST_CASE("later files are merged over earlier ones, each key by its own rule") {
  const std::vector<Case> cases{
      {"hostname", "a", "b", R"("b")"},
      {"hostname", "a", "", R"("a")"},
      {"command", "[a, b]", "[c]", R"(["c"])"},
      {"entrypoint", "a b", "", R"(["a","b"])"},
      {"environment", "{A: 1, B: 2}", "[B=3, C=4]", R"({"A":"1","B":"3","C":"4"})"},
      {"environment", "{A: 1}", "{A: }", R"({"A":null})"},
      {"labels", "[a=1]", "{a: 2, b: 3}", R"({"a":"2","b":"3"})"},
      {"cap_add", "[NET_ADMIN]", "[SYS_TIME, NET_ADMIN]", R"(["NET_ADMIN","SYS_TIME"])"},
      {"dns", "1.1.1.1", "[8.8.8.8]", R"(["1.1.1.1","8.8.8.8"])"},
      {"tmpfs", "/run", "['/run:size=1m', /tmp]", R"({"/run":"size=1m","/tmp":""})"},
      {"extra_hosts",
       "['a:1.1.1.1']",
       "['a:1.1.1.1', 'a:2.2.2.2']",
       R"(["a:1.1.1.1","a:2.2.2.2"])"},
      {"ulimits",
       "{nofile: {soft: 1, hard: 2}, core: 0}",
       "{nofile: 5}",
       R"({"nofile":{"soft":5,"hard":5},"core":{"soft":0,"hard":0}})"},
      {"healthcheck",
       "{test: [CMD, a], retries: 3}",
       "{test: [CMD, b]}",
       R"({"test":["CMD","b"],"retries":3})"},
      {"logging",
       "{driver: syslog, options: {a: 1}}",
       "{options: {b: 2}}",
       R"({"driver":"syslog","options":{"a":"1","b":"2"}})"},
      {"logging",
       "{driver: syslog, options: {a: 1}}",
       "{driver: local, options: {b: 2}}",
       R"({"driver":"local","options":{"b":"2"}})"},
      {"networks", "[default]", "{default: {aliases: [x]}}", R"({"default":{"aliases":["x"]}})"},
      {"networks",
       "{default: {aliases: [x], priority: 1}}",
       "[default]",
       R"({"default":{"aliases":["x"],"priority":1}})"},
      {"devices",
       "['/dev/a:/dev/x']",
       "['/dev/b:/dev/x']",
       R"([{"source":"/dev/b","target":"/dev/x","permissions":"rwm"}])"},
      {"expose", "[80]", "['80/tcp', 81]", R"(["80/tcp","81/tcp"])"},
      {"hostname", "a", "!reset b", "null"},
      {"dns", "[1.1.1.1]", "!override [8.8.8.8]", R"(["8.8.8.8"])"},
      {"dns", "[1.1.1.1]", "!reset []", "null"},
      {"environment", "{A: 1, B: 2}", "{A: !reset null}", R"({"B":"2"})"},
      {"environment", "{A: 1, B: 2}", "!override {C: 3}", R"({"C":"3"})"},
  };
  for (const Case& example : cases) {
    INFO(example.key << ": " << example.base << " + " << example.over);
    const Json spec = merged("{image: x, " + example.key + ": " + example.base + "}",
                             "{" + example.key + ": " + example.over + "}");
    CHECK(spec.value(example.key, Json()) == Json::parse(example.expected));
  }
}

TEST_CASE("ports are joined by address, ports and protocol") {
  const Json spec =
      merged("{image: x, ports: ['8080:80']}", "{ports: ['8080:80', '9090:90', '8080:80/udp']}");
  CHECK(spec.at("ports").size() == 3);
}

TEST_CASE("mounts are joined by target: the later one takes the place of the earlier") {
  const Json spec = merged("{image: x, volumes: ['one:/data', '/a:/b']}",
                           "{volumes: ['two:/data']}",
                           "volumes: {one: , two: }\n");
  REQUIRE(spec.at("volumes").size() == 2);
  CHECK(spec.at("volumes")[0].at("source") == "two");
}

TEST_CASE("dependencies merge by service") {
  StackFolder folder;
  const LoadedStack loaded =
      folder.write("a.yaml", "services:\n  web: {image: x, depends_on: [db]}\n  db: {image: y}\n")
          .write("b.yaml",
                 "services:\n  web: {depends_on: {db: {condition: service_healthy}, mq: "
                 "{condition: service_started, restart: true}}}\n  mq: {image: z}\n")
          .load({"a.yaml", "b.yaml"});
  CHECK(loaded.spec("service/web").at("depends_on") ==
        Json::parse(
            R"({"db":{"condition":"service_healthy","restart":false,"required":true},
                "mq":{"condition":"service_started","restart":true,"required":true}})"));
}

TEST_CASE("names that are also keys of Compose are merged as names") {
  const Json spec = merged("{image: x, environment: {command: a, test: b}, labels: {ports: p}}",
                           "{environment: {command: c}, labels: {ports: q, volumes: r}}");
  CHECK(spec.at("environment") == Json::parse(R"({"command":"c","test":"b"})"));
  CHECK(spec.at("labels") == Json::parse(R"({"ports":"q","volumes":"r"})"));
}

TEST_CASE("documents of one file are merged in their order, and subnets by their address") {
  const LoadedStack loaded = load_text(R"(services: {web: {image: a}}
networks: {default: {ipam: {config: [{subnet: 10.1.0.0/16}, {subnet: 10.2.0.0/16}]}}}
---
services: {web: {image: b}}
networks: {default: {ipam: {config: [{subnet: 10.1.0.0/16, gateway: 10.1.0.1}]}}}
)");
  CHECK(loaded.problems().empty());
  CHECK(loaded.spec("service/web").at("image") == "b");
  CHECK(loaded.spec("network/default").at("ipam").at("config") ==
        Json::parse(R"([{"subnet":"10.1.0.0/16","gateway":"10.1.0.1"},{"subnet":"10.2.0.0/16"}])"));
}

TEST_CASE("a whole service can be reset away") {
  StackFolder folder;
  const LoadedStack loaded = folder.write("a.yaml", "services: {a: {image: x}, b: {image: y}}\n")
                                 .write("b.yaml", "services: {b: !reset null}\n")
                                 .load({"a.yaml", "b.yaml"});
  CHECK(loaded.problems().empty());
  CHECK(loaded.find("service/a") != nullptr);
  CHECK(loaded.find("service/b") == nullptr);
}

TEST_CASE("anchors and merge keys work, and their mistakes are told once") {
  const LoadedStack loaded = load_text(R"(x-base: &base
  restart: always
  environment: &env {A: "1", B: "${NOPE}"}
services:
  one: {<<: *base, image: x}
  two:
    <<: *base
    image: y
    environment: {<<: *env, B: "2"}
)");
  CHECK(loaded.problems() ==
        std::vector<std::string>{
            "compose.yaml:3:33 warning: variable not set: The variable NOPE is not set; "
            "`services.one.environment.B` gets an empty text in its place. Set it, or write "
            "${NOPE:-} if that is meant."});
  CHECK(loaded.spec("service/two").at("environment") == Json::parse(R"({"A":"1","B":"2"})"));
  CHECK(loaded.spec("service/one").at("restart") == "always");
}

}  // namespace aegis::test
