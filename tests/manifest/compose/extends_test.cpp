#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {
namespace {

using Lines = std::vector<std::string>;

Json loaded_service(const LoadedStack& loaded, const std::string& name) {
  INFO(loaded.everything_said());
  REQUIRE_FALSE(has_errors(loaded.diagnostics));
  return loaded.spec("service/" + name);
}

}  // namespace

TEST_CASE("a service has what it extends in the same file, its own values merged over") {
  const LoadedStack loaded = load_text(R"(services:
  base:
    profiles: [never]
    image: app:1
    restart: always
    command: [a, b]
    environment: {A: "1", B: "2"}
    ports: ["80:80"]
    volumes: ["/old:/data", "/keep:/keep"]
    depends_on: [db]
  web:
    extends: base
    profiles: !reset []
    image: app:2
    command: [c]
    environment: ["B=3"]
    ports: ["80:80", "81:81"]
    volumes: ["/new:/data"]
    restart: !reset null
  db: {image: db}
)");
  const Json spec = loaded_service(loaded, "web");
  CHECK(spec.at("image") == "app:2");
  CHECK(spec.at("command") == Json::array({"c"}));
  CHECK(spec.at("environment") == Json::parse(R"({"A":"1","B":"3"})"));
  CHECK(spec.at("ports").size() == 2);
  REQUIRE(spec.at("volumes").size() == 2);
  CHECK(spec.at("volumes")[0].at("source") == "/new");
  CHECK(spec.at("depends_on").contains("db"));
  CHECK_FALSE(spec.contains("restart"));
  CHECK_FALSE(spec.contains("extends"));
}

TEST_CASE("what is extended in another file has its paths in that file's folder") {
  StackFolder folder;
  folder.write("shared/app.env", "FROM_FILE=yes\n");
  folder.write("shared/base.yaml", R"(services:
  base:
    extends: {service: deeper, file: deep/deeper.yaml}
    env_file: app.env
    volumes: ["./conf:/conf"]
  broken: {imagee: typo}
)");
  folder.write("shared/deep/deeper.yaml",
               "services:\n  deeper: {image: app, volumes: ['./data:/data']}\n");
  folder.write("compose.yaml",
               "services:\n  web:\n    extends: {file: shared/base.yaml, service: base}\n"
               "    volumes: ['./own:/own']\n");
  const LoadedStack loaded = folder.load();
  const Json spec = loaded_service(loaded, "web");
  CHECK(spec.at("image") == "app");
  CHECK(spec.at("environment").contains("FROM_FILE"));
  std::map<std::string, std::string> sources;
  for (const Json& mount : spec.at("volumes"))
    sources[mount.at("target").get<std::string>()] = mount.at("source").get<std::string>();
  CHECK(sources.at("/data") == (folder.path() / "shared/deep/data").string());
  CHECK(sources.at("/conf") == (folder.path() / "shared/conf").string());
  CHECK(sources.at("/own") == (folder.path() / "own").string());
  CHECK(loaded.result.sources.size() == 3);
}

TEST_CASE("a later file changes a service after it was extended") {
  StackFolder folder;
  folder.write("a.yaml",
               "services: {base: {image: x, hostname: b}, web: {extends: base, user: a}}\n");
  folder.write("b.yaml", "services: {base: {hostname: changed}, web: {user: b}}\n");
  const LoadedStack loaded = folder.load({"a.yaml", "b.yaml"});
  CHECK(loaded_service(loaded, "web").at("hostname") == "b");
  CHECK(loaded_service(loaded, "web").at("user") == "b");
  CHECK(loaded_service(loaded, "base").at("hostname") == "changed");
}

TEST_CASE("mistakes in extends are told once, at their places") {
  CHECK(load_text("services:\n  web:\n    image: x\n    extends: wbe\n  web2: {image: x}\n")
            .problems()
            .front()
            .starts_with("compose.yaml:4:14 error: undefined service: "
                         "`services.web.extends` is `wbe`, and "));
  CHECK(load_text("services:\n  a: {extends: b}\n  b: {extends: {service: a}}\n").problems() ==
        Lines{"compose.yaml:3:26 error: circle of extends: These services extend each other, so "
              "none has an end: a -> b -> a.",
              "compose.yaml:2:16 error: circle of extends: These services extend each other, so "
              "none has an end: b -> a -> b."});
  CHECK(load_text("services:\n  a: {image: x, extends: {file: no.yaml, service: a}}\n")
            .problems()
            .front()
            .starts_with("compose.yaml:2:33 error: Compose file not readable: "));
  CHECK(load_text("services:\n  a: {image: x, extends: {file: no.yaml}}\n").problems() ==
        Lines{"compose.yaml:2:26 error: missing key: `services.a.extends` needs `service`."});
  CHECK(load_text("services:\n  a: {image: x, extends: {service: a, file: 'https://h/f'}}\n")
            .problems()
            .size() == 1);
}

TEST_CASE("two files that extend each other's services without a circle are fine") {
  StackFolder folder;
  folder.write("a.yaml",
               "services: {one: {image: x}, two: {extends: {service: three, file: b.yaml}}}\n");
  folder.write("b.yaml", "services: {three: {extends: {service: one, file: a.yaml}, user: '5'}}\n");
  CHECK(loaded_service(folder.load({"a.yaml"}), "two").at("image") == "x");
  CHECK(loaded_service(folder.load({"a.yaml"}), "two").at("user") == "5");
}

}  // namespace aegis::test
