#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {
namespace {

// The one problem of a file; its related place must stand at `related` ("" for none).
std::string only_problem(const std::string& text, const std::string& related = "") {
  const LoadedStack loaded = load_text(text);
  const auto problems = loaded.problems();
  CAPTURE(problems);
  REQUIRE(problems.size() == 1);
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    if (diagnostic.severity == Severity::note) continue;
    const std::string place = diagnostic.related ? std::to_string(diagnostic.related->line) + ":" +
                                                       std::to_string(diagnostic.related->column)
                                                 : "";
    CHECK(place == related);
  }
  return problems[0];
}

}  // namespace

TEST_CASE("a service needs an image") {
  CHECK(only_problem("services:\n  web: {restart: always}\n") ==
        "compose.yaml:2:3 error: no image: The service `web` has no `image`.");
}

TEST_CASE("circles of dependencies are shown whole") {
  CHECK(only_problem("services:\n  a: {image: x, depends_on: [b]}\n"
                     "  b: {image: x, depends_on: [c]}\n  c: {image: x, depends_on: [a]}\n") ==
        "compose.yaml:4:30 error: circle of dependencies: These services wait for each other, so "
        "none could start: a -> b -> c -> a.");
  CHECK(only_problem("services:\n  a: {image: x, depends_on: [a]}\n").find("a -> a") !=
        std::string::npos);
  CHECK(load_text("services:\n  a: {image: x, depends_on: [b, c]}\n"
                  "  b: {image: x, depends_on: [c]}\n  c: {image: x}\n")
            .problems()
            .empty());
}

TEST_CASE("a condition that does not exist is told once, with those that do") {
  const std::string problem = only_problem(
      "services:\n  a: {image: x, depends_on: {b: {condition: healthy}}}\n  b: {image: x}\n");
  CHECK(problem.starts_with("compose.yaml:2:45 error: invalid value"));
  CHECK(problem.find("service_healthy") != std::string::npos);
}

TEST_CASE("a network mode excludes networks") {
  CHECK(only_problem("services:\n  a:\n    image: x\n    network_mode: host\n    networks: [n]\n"
                     "networks: {n: }\n",
                     "5:15")
            .starts_with("compose.yaml:4:19 error: contradiction"));
}

TEST_CASE("ports on the host's network are warned about") {
  CHECK(only_problem("services: {a: {image: x, network_mode: host, ports: ['80:80']}}\n")
            .find("warning: no effect") != std::string::npos);
}

TEST_CASE("limits that contradict deploy's are shown with both places; equal ones are fine") {
  CHECK(only_problem("services:\n  a:\n    image: x\n    mem_limit: 1g\n"
                     "    deploy: {resources: {limits: {memory: 2g}}}\n",
                     "5:43")
            .starts_with("compose.yaml:4:16 error: contradiction"));
  CHECK(load_text("services: {a: {image: x, mem_limit: 1g, cpus: 0.5, deploy: {resources: "
                  "{limits: {memory: 1024m, cpus: '0.50'}}}}}\n")
            .problems()
            .empty());
}

TEST_CASE("two mounts at one path") {
  CHECK(only_problem("services:\n  a:\n    image: x\n    tmpfs: /run\n    volumes: ['/a:/run/']\n",
                     "4:12")
            .starts_with("compose.yaml:5:15 error: two mounts at one path"));
  CHECK(only_problem("services:\n  a:\n    image: x\n    volumes: ['/a:/b', '/c:/b']\n", "4:15")
            .starts_with("compose.yaml:4:24 warning: mount replaced"));
}

TEST_CASE("a container name, an engine name and a port of the host belong to one thing") {
  CHECK(only_problem("services:\n  a: {image: x, container_name: same}\n"
                     "  b: {image: x, container_name: same}\n",
                     "2:33")
            .starts_with("compose.yaml:3:33 error: name used twice"));
  CHECK(only_problem("services: {a: {image: x, volumes: ['one:/a', 'two:/b']}}\n"
                     "volumes:\n  one: {name: same}\n  two: {name: same}\n",
                     "3:3")
            .starts_with("compose.yaml:4:3 error: name used twice"));
  CHECK(only_problem("services:\n  a: {image: x, ports: ['80:80']}\n"
                     "  b: {image: x, ports: ['127.0.0.1:80:8080']}\n",
                     "2:25")
            .starts_with("compose.yaml:3:25 error: port used twice: The port 80 of the host is "
                         "published by `a` and by `b`."));
  CHECK(load_text("services:\n  a: {image: x, ports: ['80:80', '10.0.0.1:81:81', '90-99:90']}\n"
                  "  b: {image: x, ports: ['80:80/udp', '10.0.0.2:81:81', '95:90']}\n")
            .problems()
            .empty());
}

TEST_CASE("services of no enabled profile are neither made nor missed") {
  const std::string text =
      "services:\n  web: {image: x}\n"
      "  debug: {image: y, profiles: [debug], networks: [n], volumes: ['data:/d']}\n"
      "networks: {n: }\nvolumes: {data: }\n";
  const LoadedStack without = load_text(text);
  CHECK(without.problems().empty());
  CHECK(without.find("service/debug") == nullptr);
  CHECK(without.find("network/n") == nullptr);
  CHECK(without.find("volume/data") == nullptr);

  for (const std::string profile : {"debug", "*"}) {
    StackFolder folder;
    folder.input.profiles = {profile};
    const LoadedStack with = folder.write("compose.yaml", text).load();
    CHECK(with.find("service/debug") != nullptr);
    CHECK(with.find("network/n") != nullptr);
    CHECK(with.find("volume/data") != nullptr);
    CHECK_FALSE(with.spec("service/debug").contains("profiles"));
  }
  CHECK(load_text(text, {{"COMPOSE_PROFILES", "a,debug"}}).find("service/debug") != nullptr);
}

TEST_CASE("a dependency on a disabled service is an error, unless it is not required") {
  const std::string head = "services:\n  db: {image: y, profiles: [p]}\n  web:\n    image: x\n";
  CHECK(only_problem(head + "    depends_on: [db]\n")
            .starts_with("compose.yaml:5:18 error: dependency is disabled"));
  const LoadedStack loaded =
      load_text(head + "    depends_on: {db: {condition: service_started, required: false}}\n");
  CHECK(loaded.problems().empty());
  CHECK(loaded.spec("service/web").at("depends_on") == Json::object());
}

TEST_CASE("mistakes in services that are not enabled are told all the same") {
  CHECK(only_problem("services:\n  web: {image: x}\n  off: {image: y, profiles: [p], oops: 1}\n")
            .find("does not know `services.off.oops`") != std::string::npos);
}

TEST_CASE("a long chain of dependencies is no circle and no crash") {
  std::string text = "services:\n";
  constexpr int k_services = 2000;
  for (int i = 0; i < k_services; ++i) {
    text += "  s" + std::to_string(i) + ": {image: x";
    if (i + 1 < k_services) text += ", depends_on: [s" + std::to_string(i + 1) + "]";
    text += "}\n";
  }
  const LoadedStack loaded = load_text(text);
  CHECK(loaded.problems().empty());
  CHECK(loaded.result.resources.size() == k_services + 1);
}

}  // namespace aegis::test
