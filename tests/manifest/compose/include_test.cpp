#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {
namespace {

using Lines = std::vector<std::string>;

void expect_fine(const LoadedStack& loaded) {
  INFO(loaded.everything_said());
  REQUIRE_FALSE(has_errors(loaded.diagnostics));
}

}  // namespace

TEST_CASE("an included project has its own folder and its own variables under the outer ones") {
  StackFolder folder;
  folder.process = {{"OUTER", "outer"}};
  folder.write(".env", "PLACE=main\nBOTH=main\n");
  folder.write("db/.env", "TAG=16\nBOTH=inner\nOUTER=inner\n");
  folder.write("db/compose.yaml", R"(name: another
services:
  db:
    image: postgres:${TAG}
    hostname: ${BOTH}
    domainname: ${OUTER}
    user: ${PLACE}
    volumes: ["./init:/init", "data:/data"]
volumes: {data: }
)");
  folder.write("compose.yaml",
               "include: [db/compose.yaml]\nservices: {web: {image: 'x:${TAG:-none}', "
               "depends_on: [db]}}\n");
  const LoadedStack loaded = folder.load();
  expect_fine(loaded);
  const Json db = loaded.spec("service/db");
  CHECK(db.at("image") == "postgres:16");
  CHECK(db.at("hostname") == "main");
  CHECK(db.at("domainname") == "outer");
  CHECK(db.at("user") == "main");
  CHECK(db.at("volumes")[0].at("source") == (folder.path() / "db/init").string());
  CHECK(loaded.spec("service/web").at("image") == "x:none");
  CHECK(loaded.spec("volume/data").at("name") == "core_data");
  CHECK(loaded.result.settings.at("config_files").size() == 1);
}

TEST_CASE("the long form names several files, a folder and files of variables") {
  StackFolder folder;
  folder.write("vars/one.env", "A=1\nB=1\n").write("vars/two.env", "B=2\n");
  folder.write("sub/.env", "A=unread\nC=unread\n");
  folder.write("sub/main.yaml",
               "services: {web: {image: 'x:${A}-${B}-${C-c}', volumes: ['./d:/d']}}\n");
  folder.write("sub/over.yaml", "services: {web: {hostname: over}}\n");
  folder.write("compose.yaml", R"(include:
  - path: [sub/main.yaml, sub/over.yaml]
    project_directory: elsewhere
    env_file: [vars/one.env, vars/two.env]
)");
  const LoadedStack loaded = folder.load();
  expect_fine(loaded);
  const Json web = loaded.spec("service/web");
  CHECK(web.at("image") == "x:1-2-c");
  CHECK(web.at("hostname") == "over");
  CHECK(web.at("volumes")[0].at("source") == (folder.path() / "elsewhere/d").string());
}

TEST_CASE("the including file has the last word, and may extend what it includes") {
  StackFolder folder;
  folder.write("inc.yaml", "services: {web: {image: a, user: inc}, base: {image: b}}\n");
  folder.write("compose.yaml",
               "include: [{path: inc.yaml}]\n"
               "services: {web: {user: main}, more: {extends: base, hostname: m}}\n");
  const LoadedStack loaded = folder.load();
  expect_fine(loaded);
  CHECK(loaded.spec("service/web").at("image") == "a");
  CHECK(loaded.spec("service/web").at("user") == "main");
  CHECK(loaded.spec("service/more").at("image") == "b");
}

TEST_CASE("files that include each other are told of, and so are files that are not there") {
  StackFolder folder;
  folder.write("compose.yaml", "include: [other.yaml]\nservices: {a: {image: x}}\n");
  folder.write("other.yaml", "include: [compose.yaml]\nservices: {b: {image: x}}\n");
  const auto circle = folder.load().problems();
  REQUIRE(circle.size() == 1);
  CHECK(circle.front().starts_with("other.yaml:1:11 error: circle of includes: `include.0`"));
  const auto missing = load_text("include:\n  - no.yaml\nservices: {a: {image: x}}\n").problems();
  REQUIRE(missing.size() == 1);
  CHECK(
      missing.front().starts_with("compose.yaml:2:5 error: Compose file not readable: "
                                  "`include.0` names a Compose file that cannot be read: "));
  CHECK(load_text("include: [{project_directory: x}]\nservices: {a: {image: x}}\n").problems() ==
        Lines{"compose.yaml:1:11 error: missing key: `include.0` needs `path`."});
  CHECK(load_text("include: [a.yaml]\ninclude_not: 1\nservices: {}\n").problems().size() == 2);
}

TEST_CASE("what would have to be fetched is refused") {
  for (const std::string path :
       {"https://example.com/compose.yaml", "git@host:team/repo", "oci://registry/app:1"}) {
    const auto problems =
        load_text("include: ['" + path + "']\nservices: {a: {image: x}}\n").problems();
    REQUIRE(problems.size() == 1);
    CHECK(problems.front().starts_with("compose.yaml:1:11 error: not supported: "));
  }
}

TEST_CASE("a secret keeps its way through an included project") {
  StackFolder folder;
  folder.input.environment = {{"S", "planted-Zq7"}};
  folder.input.secret_variables = {"S"};
  folder.write("sub/.env", "DSN=mysql://${S}\n");
  folder.write("sub/inc.yaml", "services: {db: {image: x, labels: {a: '${DSN}'}}}\n");
  folder.write("compose.yaml", "include: [sub/inc.yaml]\n");
  const LoadedStack loaded = folder.load();
  expect_fine(loaded);
  CHECK(is_sealed(loaded.spec("service/db").at("labels").at("a")));
}

}  // namespace aegis::test
