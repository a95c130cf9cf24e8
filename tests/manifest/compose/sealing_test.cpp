#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {

TEST_CASE("environment values that are or may be secrets are sealed, others stay readable") {
  StackFolder folder;
  folder.process = {{"TAG", "v1"}, {"FROM_OUTSIDE", "outer"}};
  folder.write("app.env", "FILED=value\n");
  folder.write("compose.yaml", R"(services:
  web:
    image: x
    env_file: app.env
    environment:
      PLAIN: text
      NUMBER: 5
      DOLLAR: a$$b
      MIXED: app-${TAG}
      DEFAULTED: ${NOPE:-d}
      DB_PASSWORD: literal
      my_api_key: literal
      OAUTH: literal
      DATABASE_URL: postgres://app:pw@db:5432/app
      HOME_URL: https://example.com:8443/x
      FROM_OUTSIDE:
      UNSET_IN_IMAGE:
)");
  const LoadedStack loaded = folder.load();
  REQUIRE(loaded.problems().empty());
  const Json environment = loaded.spec("service/web").at("environment");
  CHECK(environment.at("PLAIN") == "text");
  CHECK(environment.at("NUMBER") == "5");
  CHECK(environment.at("DOLLAR") == "a$b");
  CHECK(environment.at("HOME_URL") == "https://example.com:8443/x");
  CHECK(environment.at("UNSET_IN_IMAGE").is_null());
  CHECK(folder.opened(environment.at("MIXED")) == "app-v1");
  CHECK(folder.opened(environment.at("DEFAULTED")) == "d");
  CHECK(folder.opened(environment.at("DB_PASSWORD")) == "literal");
  CHECK(folder.opened(environment.at("my_api_key")) == "literal");
  CHECK(folder.opened(environment.at("OAUTH")) == "literal");
  CHECK(folder.opened(environment.at("DATABASE_URL")) == "postgres://app:pw@db:5432/app");
  CHECK(folder.opened(environment.at("FILED")) == "value");
  CHECK(folder.opened(environment.at("FROM_OUTSIDE")) == "outer");
}

TEST_CASE("secrets in commands, labels and health checks are sealed whole, word by word") {
  StackFolder folder;
  folder.process = {{"DB_PASSWORD", "hunter 2"}, {"TAG", "v1"}, {"DSN", "redis://u:pw@r/0"}};
  folder.write("compose.yaml", R"(services:
  web:
    image: nginx:${TAG}
    command: run --tag=${TAG} "--password=${DB_PASSWORD}" --last
    entrypoint: [start, "-p${DB_PASSWORD}", "$DSN", "${DB_PASSWORD_FILE:-/run/s}"]
    labels: {auth: "admin:${DB_PASSWORD}", tag: "${TAG}", plain: text}
    healthcheck: {test: "check -p '${DB_PASSWORD}'"}
)");
  const LoadedStack loaded = folder.load();
  REQUIRE(loaded.problems().empty());
  const Json spec = loaded.spec("service/web");
  CHECK(spec.at("image") == "nginx:v1");
  CHECK(spec.at("command")[1] == "--tag=v1");
  CHECK(folder.opened(spec.at("command")[2]) == "--password=hunter 2");
  CHECK(spec.at("command")[3] == "--last");
  CHECK(spec.at("entrypoint")[0] == "start");
  CHECK(folder.opened(spec.at("entrypoint")[1]) == "-phunter 2");
  CHECK(folder.opened(spec.at("entrypoint")[2]) == "redis://u:pw@r/0");
  CHECK(folder.opened(spec.at("entrypoint")[3]) == "/run/s");
  CHECK(folder.opened(spec.at("labels").at("auth")) == "admin:hunter 2");
  CHECK(spec.at("labels").at("tag") == "v1");
  CHECK(spec.at("labels").at("plain") == "text");
  CHECK(spec.at("healthcheck").at("test")[0] == "CMD-SHELL");
  CHECK(folder.opened(spec.at("healthcheck").at("test")[1]) == "check -p 'hunter 2'");
}

TEST_CASE("a secret that falls apart into words leaves no word readable") {
  StackFolder folder;
  folder.process = {{"DB_PASSWORD", "two words"}};
  folder.write("compose.yaml", "services: {web: {image: x, command: 'run ${DB_PASSWORD} end'}}\n");
  const Json command = folder.load().spec("service/web").at("command");
  REQUIRE(command.size() == 4);
  CHECK(command[0] == "run");
  CHECK(folder.opened(command[1]) == "two");
  CHECK(folder.opened(command[2]) == "words");
  CHECK(command[3] == "end");
}

TEST_CASE("no secret is in the result's bytes, in a message or among the shown sources") {
  StackFolder folder;
  folder.process = {{"DB_PASSWORD", "hunter2"}};
  folder.write(".env", "TOKEN=filesecret\n").write("a.env", "API=envsecret\nnot valid\n");
  folder.write("compose.yaml", R"(services:
  web:
    image: x
    env_file: [{path: a.env}]
    environment: {A: "${DB_PASSWORD}", B: "${TOKEN}"}
    command: ["${DB_PASSWORD}"]
  bad:
    image: "${DB_PASSWORD} x"
    cpus: ${TOKEN}
    restart: ${TOKEN}
    volumes: ["${DB_PASSWORD}:/x"]
    ports: ["${TOKEN}:80"]
    devices: ["${TOKEN}"]
    extra_hosts: ["${TOKEN}"]
    mem_limit: ${TOKEN}
)");
  const LoadedStack loaded = folder.load();
  CHECK(loaded.problems().size() > 6);
  std::string all = loaded.everything_said();
  for (const Resource& resource : loaded.result.resources) all += dump_json(resource.spec);
  for (const auto& [file, text] : loaded.result.sources) all += text;
  for (const std::string secret : {"hunter2", "filesecret", "envsecret"}) {
    INFO(all);
    CHECK(all.find(secret) == std::string::npos);
  }
}

}  // namespace aegis::test
