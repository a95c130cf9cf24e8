#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {

TEST_CASE("scalars that print back as they are written need no quotes") {
  const std::vector<std::string> faithful{"5",
                                          "0",
                                          "-3",
                                          "12345678901234567890",
                                          "1.5",
                                          "0.25",
                                          "true",
                                          "false",
                                          "yes",
                                          "no",
                                          "on",
                                          "off",
                                          "abc",
                                          "1.2.3",
                                          "08:30",
                                          "2024-01",
                                          "10.0.0.1",
                                          "v1_000"};
  for (const std::string& scalar : faithful) {
    INFO(scalar);
    CHECK(web_spec("    environment: {A: " + scalar + "}\n").at("environment").at("A") == scalar);
  }
}

TEST_CASE("scalars that YAML readers write differently must be quoted") {
  const std::vector<std::string> unfaithful{"0777",
                                            "0x1F",
                                            "0o17",
                                            "1_000",
                                            "0b11",
                                            "1e3",
                                            "1.10",
                                            ".5",
                                            "5.",
                                            "+5",
                                            "2024-01-01",
                                            "2024-01-01T10:00:00Z",
                                            "2024-1-1 10:00",
                                            "True",
                                            "FALSE",
                                            ".inf",
                                            "-.INF",
                                            ".nan"};
  for (const std::string& scalar : unfaithful) {
    INFO(scalar);
    const auto problems = web_problems("    environment:\n      A: " + scalar + "\n");
    REQUIRE(problems.size() == 1);
    CHECK(
        problems[0].starts_with("compose.yaml:5:10 error: value must be quoted: "
                                "`services.web.environment.A`"));
    CHECK(web_spec("    environment: {A: '" + scalar + "'}\n").at("environment").at("A") == scalar);
  }
}

TEST_CASE("what Compose wants as text must be text") {
  for (const std::string line : {"user: 1000",
                                 "hostname: 5",
                                 "working_dir: true",
                                 "command: [sleep, 10]",
                                 "container_name: 12",
                                 "cpuset: 0",
                                 "domainname: 2024-01-01"}) {
    INFO(line);
    const auto problems = web_problems("    " + std::string(line) + "\n");
    REQUIRE_FALSE(problems.empty());
    CHECK(problems[0].find("must be quoted") != std::string::npos);
  }
}

TEST_CASE("durations need units and sizes need whole bytes") {
  CHECK(web_problems("    stop_grace_period: 90\n") ==
        std::vector<std::string>{
            "compose.yaml:4:24 error: invalid value: `services.web.stop_grace_period` is `90`, "
            "which is not a duration. Write numbers with units, such as \"90s\" or \"1m30s\"."});
  CHECK(web_problems("    mem_limit: 1.5\n").size() == 1);
  CHECK(web_problems("    mem_limit: -1\n").size() == 1);
  CHECK(web_problems("    mem_limit: lots\n").size() == 1);
  CHECK(web_problems("    deploy: {resources: {limits: {memory: 1024}}}\n").size() == 1);
}

TEST_CASE("old spellings of booleans are taken with a warning, others are errors") {
  const auto problems = web_problems("    tty: yes\n");
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].starts_with("compose.yaml:4:10 warning: unusual boolean"));
  CHECK(web_problems("    tty: maybe\n")[0].find("error: invalid value") != std::string::npos);
  CHECK(web_problems("    tty: 1\n")[0].find("error: invalid value") != std::string::npos);
}

TEST_CASE("variables give text, which is cast where a number or a switch is meant") {
  StackFolder folder;
  folder.process = {{"PORT", "8080"}, {"YES", "true"}, {"MEM", "1g"}, {"CODE", "0777"}, {"N", "7"}};
  const LoadedStack loaded = folder
                                 .write("compose.yaml",
                                        "services:\n  web:\n    image: x\n    ports: "
                                        "['${PORT}:80']\n    tty: ${YES}\n    mem_limit: $MEM\n    "
                                        "cpu_shares: $N\n    labels: {a: $CODE}\n")
                                 .load();
  REQUIRE(loaded.problems().empty());
  const Json spec = loaded.spec("service/web");
  CHECK(spec.at("ports")[0].at("published") == "8080");
  CHECK(spec.at("tty") == true);
  CHECK(spec.at("mem_limit") == 1073741824);
  CHECK(spec.at("cpu_shares") == 7);
  CHECK(spec.at("labels").at("a") == "0777");
}

TEST_CASE("a bad value that a variable gave is not shown") {
  const LoadedStack loaded = load_text(
      "services:\n  web:\n    image: x\n    ports: ['${DB_PASSWORD}']\n    tty: ${DB_PASSWORD}\n",
      {{"DB_PASSWORD", "hunter2"}});
  CHECK(loaded.problems().size() == 2);
  CHECK(loaded.everything_said().find("hunter2") == std::string::npos);
}

}  // namespace aegis::test
