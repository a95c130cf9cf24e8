#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {

TEST_CASE("configs and secrets come with what they hold, at the target that Compose gives them") {
  StackFolder folder;
  folder.process = {{"DB_PASSWORD", "hunter2"}, {"COLOUR", "red"}};
  folder.write("conf/app.conf", "a=1\n").write("token.txt", "t0ken\n");
  folder.write("compose.yaml", R"(services:
  web:
    image: x
    configs:
      - app
      - { source: colour, target: deep/colour.txt, uid: "101", gid: "102", mode: 0440 }
      - { source: inline, target: /etc/inline }
      - { source: dsn, target: /etc/dsn }
    secrets:
      - token
      - { source: password, target: db }
configs:
  app: { file: ./conf/app.conf }
  colour: { environment: COLOUR }
  inline: { content: "colour=${COLOUR}\n" }
  dsn: { content: "pass=${DB_PASSWORD}" }
  unused: { file: nowhere }
secrets:
  token: { file: token.txt }
  password: { environment: DB_PASSWORD }
)");
  const LoadedStack loaded = folder.load();
  REQUIRE(loaded.problems() == std::vector<std::string>{});
  const Json configs = loaded.spec("service/web").at("configs");
  CHECK(
      configs.at(0) ==
      Json({{"target", "/app"}, {"uid", "0"}, {"gid", "0"}, {"mode", 0444}, {"content", "a=1\n"}}));
  CHECK(configs.at(1) == Json({{"target", "/deep/colour.txt"},
                               {"uid", "101"},
                               {"gid", "102"},
                               {"mode", 0440},
                               {"content", "red"}}));
  CHECK(configs.at(2).at("content") == "colour=red\n");
  CHECK(folder.opened(configs.at(3).at("content")) == "pass=hunter2");
  const Json secrets = loaded.spec("service/web").at("secrets");
  CHECK(secrets.at(0).at("target") == "/run/secrets/token");
  CHECK(folder.opened(secrets.at(0).at("content")) == "t0ken\n");
  CHECK(secrets.at(1).at("target") == "/run/secrets/db");
  CHECK(folder.opened(secrets.at(1).at("content")) == "hunter2");
}

TEST_CASE("a later file's config for the same target takes the place of the earlier one") {
  StackFolder folder;
  folder.write("compose.yaml", R"(services:
  web: { image: x, configs: [{ source: a, target: /etc/app }] }
configs: { a: { content: one }, b: { content: two } }
)");
  folder.write("more.yaml", R"(services:
  web: { configs: [{ source: b, target: /etc/app }] }
)");
  const LoadedStack loaded = folder.load({"compose.yaml", "more.yaml"});
  REQUIRE(loaded.problems() == std::vector<std::string>{});
  const Json configs = loaded.spec("service/web").at("configs");
  REQUIRE(configs.size() == 1);
  CHECK(configs.at(0).at("content") == "two");
}

TEST_CASE("what is wrong with a config or secret is told at its place") {
  struct Mistake {
    std::string use;
    std::string sections;
    std::string says;
  };
  const std::vector<Mistake> mistakes{
      {"configs: [app]", "configs: { ap: { content: x } }", "Did you mean `ap`?"},
      {"configs: [app]", "configs: { app: { file: nowhere } }", "no such file"},
      {"configs: [app]", "configs: { app: { environment: NOT_SET } }", "is not set"},
      {"configs: [app]", "configs: { app: { name: x } }", "needs one of `file`"},
      {"secrets: [app]", "secrets: { app: { external: true } }", "exist in a Swarm only"},
      {"configs: [{ target: /x }]", "", "needs `source`"},
      {"configs: [{ source: app, uid: root }]",
       "configs: { app: { content: x } }",
       "number of a user"},
      {"configs: [{ source: app, target: /run/secrets/app }]\n    secrets: [app]",
       "configs: { app: { content: x } }\nsecrets: { app: { environment: HOME } }",
       "already"},
      {"configs: [app]\n    read_only: true",
       "configs: { app: { content: x } }",
       "cannot be written to"},
  };
  for (const Mistake& mistake : mistakes) {
    INFO(mistake.use << " " << mistake.sections);
    const LoadedStack loaded = load_text(
        "services:\n  web:\n    image: x\n    " + mistake.use + "\n" + mistake.sections + "\n",
        {{"HOME", "/root"}});
    CHECK(loaded.problems().size() == 1);
    CHECK(loaded.everything_said().find(mistake.says) != std::string::npos);
  }
}

TEST_CASE("a project's file that is mounted read-only comes with its digest, others without") {
  StackFolder folder;
  folder.write("app.conf", "abc").write("data/x", "y");
  folder.write("compose.yaml", R"(services:
  web:
    image: x
    volumes: ["./app.conf:/ro:ro", "./app.conf:/rw", "./data:/data:ro", "/etc/hostname:/out:ro"]
)");
  const LoadedStack loaded = folder.load();
  REQUIRE(loaded.problems() == std::vector<std::string>{});
  const Json volumes = loaded.spec("service/web").at("volumes");
  CHECK(volumes.at(0).value("content_digest", "") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  for (const std::size_t other : {1U, 2U, 3U})
    CHECK_FALSE(volumes.at(other).contains("content_digest"));
}

}  // namespace aegis::test
