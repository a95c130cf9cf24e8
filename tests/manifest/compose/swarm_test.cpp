#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "stack_folder.h"
#include "support/source_folder.h"

namespace aegis::test {
namespace {

LoadedStack load_for_swarm(const std::string& text) {
  StackFolder folder;
  folder.input.for_swarm = true;
  return folder.write("compose.yaml", text).load();
}

// The problem that one more line of the service `web` makes.
std::vector<std::string> problems_of(const std::string& line) {
  return load_for_swarm("services:\n  web:\n    image: nginx\n    " + line + "\n").problems();
}

}  // namespace

TEST_CASE("what a Swarm cannot do is an error at its place, with what to do instead") {
  struct Row {
    std::string line;
    std::string where;
    std::string part;
  };
  const std::vector<Row> rows{
      {"build: .", "4:12", "push it"},
      {"privileged: true", "4:17", "a part of the host"},
      {"devices: [/dev/null]", "4:14", "a part of the host"},
      {"gpus: all", "4:11", "generic_resources"},
      {"network_mode: host", "4:19", "use `networks`"},
      {"pid: host", "4:10", "a part of the host"},
      {"security_opt: [no-new-privileges]", "4:19", "daemon's configuration"},
      {"shm_size: 1m", "4:15", "/dev/shm"},
      {"mac_address: '02:42:ac:11:00:02'", "4:18", "one container"},
      {"links: [web]", "4:12", "by their names"},
      {"post_start: [{command: [a]}]", "4:17", "only the Swarm knows"},
      {"memswap_limit: 1g", "4:20", "limit that a Swarm does not set"},
      {"cpuset: '0'", "4:13", "limit that a Swarm does not set"},
      {"oom_score_adj: 1", "4:20", "limit that a Swarm does not set"},
      {"ports: ['127.0.0.1:80:80']", "4:13", "binds to one address"},
      {"ports: ['8000-8010:80']", "4:13", "range"},
      {"networks: {default: {ipv4_address: 10.0.0.5}}", "4:40", "chosen by the Swarm"},
      {"volumes: [{type: image, source: a, target: /a}]", "4:15", "mounts an image"},
      {"tmpfs: ['/run:uid=1']", "4:13", "`size` and `mode`"},
      {"deploy: {mode: global, replicas: 2}", "4:38", "one task on each node"},
      {"deploy: {resources: {limits: {memory: 1m}}}\n    mem_limit: 2m",
       "5:16",
       "different values"},
  };
  for (const Row& row : rows) {
    INFO(row.line);
    const auto problems = problems_of(row.line);
    CAPTURE(problems);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].starts_with("compose.yaml:" + row.where + " error: "));
    CHECK(problems[0].find(row.part) != std::string::npos);
  }
}

TEST_CASE("what a Swarm has no use for is a warning, and what is off says nothing") {
  for (const std::string line : {"container_name: front", "depends_on: [web2]", "expose: [80]"}) {
    const LoadedStack loaded = load_for_swarm(
        "services:\n  web2: {image: a}\n  web:\n    image: nginx\n    " + line + "\n");
    INFO(line);
    REQUIRE(loaded.problems().size() == 1);
    CHECK(loaded.problems()[0].find("warning: no effect in a Swarm") != std::string::npos);
  }
  CHECK(problems_of("privileged: false\n    devices: []").empty());
}

TEST_CASE("a bridge is no network of a Swarm") {
  const auto problems =
      load_for_swarm("services: {web: {image: a}}\nnetworks: {default: {driver: bridge}}\n")
          .problems();
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].starts_with("compose.yaml:2:30 error: not possible in a Swarm"));
}

TEST_CASE("services, networks, configs and secrets of a Swarm are resources, and volumes are not") {
  const LoadedStack loaded = load_for_swarm(R"yaml(services:
  web:
    image: nginx
    scale: 3
    mem_limit: 64m
    cpus: 0.5
    tmpfs: /run:size=1m,mode=755
    configs: [settings, theirs]
    secrets: [password]
    volumes: [data:/data]
configs:
  settings: {content: "a=1", labels: {x: y}, template_driver: golang}
  theirs: {external: true, name: shared}
  unused: {content: "b"}
secrets:
  password: {content: hunter22}
volumes:
  data: {driver: nfs, driver_opts: {share: "x"}}
)yaml");
  CHECK(loaded.problems().empty());
  std::vector<std::string> names;
  for (const Resource& resource : loaded.result.resources) {
    names.push_back(resource.address.kind + "/" + resource.address.name);
  }
  CHECK(names == std::vector<std::string>{"swarm-service/web",
                                          "swarm-config/settings",
                                          "swarm-network/default",
                                          "swarm-secret/password"});
  const Json web = loaded.spec("swarm-service/web");
  CHECK(web.at("deploy") ==
        Json::parse(
            R"({"replicas": 3, "resources": {"limits": {"cpus": 0.5, "memory": 67108864}}})"));
  CHECK(web.at("volumes")[1] ==
        Json::parse(
            R"({"type": "tmpfs", "target": "/run", "tmpfs": {"size": 1048576, "mode": 493}})"));
  CHECK_FALSE(web.at("configs")[1].contains("content"));
  CHECK(loaded.spec("swarm-config/settings") ==
        Json::parse(R"({"name": "core_settings", "content": "a=1", "labels": {"x": "y"},
                        "template_driver": "golang"})"));
  CHECK(is_sealed(loaded.spec("swarm-secret/password").at("content")));
  CHECK(loaded.spec("swarm-network/default").at("driver") == "overlay");
  CHECK(loaded.result.settings.at("configs").at("theirs") ==
        Json::parse(R"({"name": "shared", "external": true})"));
  CHECK(loaded.result.settings.at("volumes").at("data") ==
        Json::parse(R"({"name": "core_data", "external": false, "driver": "nfs",
                        "driver_opts": {"share": "x"}})"));
}

TEST_CASE("the example for a Swarm loads without a word") {
  std::ifstream file(source_folder() / "examples" / "swarm" / "compose" / "shop.yaml");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  StackFolder folder;
  folder.input.for_swarm = true;
  folder.process["DB_PASSWORD"] = "hunter22";
  const LoadedStack loaded = folder.write("compose.yaml", text).load();
  CHECK(loaded.problems().empty());
  CHECK(loaded.find("swarm-service/agent") != nullptr);
}

}  // namespace aegis::test
