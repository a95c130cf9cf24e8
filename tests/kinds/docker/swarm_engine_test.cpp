#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "model/endpoint.h"
#include "model/report.h"
#include "support/private_dockerd.h"
#include "swarm_rig.h"
#include "transport/doors.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

/// A real engine that is the one manager of a Swarm, for all tests.
test::PrivateDockerd& engine() {
  static test::PrivateDockerd* made = [] {
    static test::PrivateDockerd dockerd;
    dockerd.run({"docker", "swarm", "init", "--advertise-addr", "127.0.0.1"});
    dockerd.import_image("plain:1");
    dockerd.import_image("plain:2", {"ENV SECOND=yes"});
    return &dockerd;
  }();
  return *made;
}

struct SwarmDoors {
  SwarmDoors() : endpoint(engine_endpoint(UnixEngine{engine().socket()})), doors(connections()) {}

  static Connections connections() {
    Connections all;
    const UnixEngine engine_socket{engine().socket()};
    all.engines.emplace(engine_endpoint(engine_socket), engine_socket);
    return all;
  }

  std::string endpoint;
  transport::SystemDoors doors;
};

SwarmDoors& doors() {
  static SwarmDoors made;
  return made;
}

// A network is only gone when the tasks on it are.
constexpr const char* k_clean_up = R"sh(
docker service ls -q | xargs -r docker service rm
docker config ls -q | xargs -r docker config rm
docker secret ls -q | xargs -r docker secret rm
networks='docker network ls -q --filter label=com.docker.stack.namespace'
for attempt in $(seq 100); do
  if [ -z "$($networks)" ]; then exit 0; fi
  $networks | xargs docker network rm
  sleep 0.3
done
exit 1
)sh";

struct SwarmLab {
  ~SwarmLab() { engine().run({"sh", "-c", k_clean_up}); }
  SwarmRig rig{doors().doors.http(), doors().doors.clock(), doors().endpoint};
};

std::string out(const std::vector<std::string>& words) {
  std::string text = engine().run(words);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

Json inspected(const std::string& service) {
  return parse_json(out({"docker", "service", "inspect", service})).value()[0];
}

// What both make must be the same but for the labels of ours, and what names each other's objects.
Json comparable(Json spec) {
  spec["Labels"].erase("io.aegisctl.stack");
  spec["Labels"].erase("io.aegisctl.sealed");
  Json& task = spec["TaskTemplate"];
  for (Json& network : task["Networks"]) network.erase("Target");
  // Theirs are there, and say nothing.
  task["ContainerSpec"].erase("Privileges");
  for (const char* key : {"Configs", "Secrets"}) {
    if (!task["ContainerSpec"].contains(key)) continue;
    for (Json& use : task["ContainerSpec"][key]) {
      use.erase("ConfigID");
      use.erase("SecretID");
      std::string name = use["File"]["Name"];
      use["File"]["Name"] = name.substr(name.rfind('/') + 1);
    }
  }
  return spec;
}

const std::string k_stack = R"yaml(version: "3.8"
services:
  web:
    image: plain:1
    command: [sleep, "1000"]
    stop_signal: SIGKILL
    environment: {MODE: fast}
    user: "0"
    labels: {com.example.a: b}
    configs: [{source: settings, target: /etc/settings.conf, mode: 0400}]
    secrets: [password]
    healthcheck: {test: [CMD, "true"], interval: 1s, timeout: 5s, retries: 2}
    ports: [{target: 80, published: 8080, protocol: tcp, mode: host}]
    volumes: [data:/data, {type: tmpfs, target: /cache, tmpfs: {size: 1000000}}]
    networks: {default: {aliases: [front]}, back: {}}
    extra_hosts: ["db:10.0.0.5"]
    cap_drop: [NET_RAW]
    logging: {driver: json-file, options: {max-size: 1m}}
    deploy:
      replicas: 1
      labels: {com.example.team: web}
      resources: {limits: {cpus: "0.50", memory: 64M}, reservations: {memory: 16M}}
      restart_policy: {condition: on-failure, delay: 1s, max_attempts: 3, window: 30s}
      update_config: {parallelism: 1, delay: 0s, monitor: 1s, failure_action: rollback, order: stop-first}
      rollback_config: {parallelism: 1, monitor: 1s}
      placement: {constraints: [node.role == manager]}
  every:
    image: plain:1
    command: [sleep, "1000"]
    stop_signal: SIGKILL
    networks: [back]
    deploy: {mode: global, endpoint_mode: dnsrr}
networks: {back: {driver_opts: {com.example.x: "1"}, attachable: true}}
volumes: {data: {}}
configs: {settings: {file: ./settings.conf}}
secrets: {password: {file: ./password.txt}}
)yaml";

// The same with the files' contents in it, for the loader, which is given one file only.
std::string ours(std::string compose) {
  const auto replace = [&](const std::string& from, const std::string& to) {
    const auto at = compose.find(from);
    if (at != std::string::npos) compose.replace(at, from.size(), to);
  };
  replace("{file: ./settings.conf}", "{content: \"colour=red\\n\"}");
  replace("{file: ./password.txt}", "{content: hunter22}");
  return compose;
}

void deploy_by_docker(const std::string& compose) {
  const auto folder = engine().folder() / "stack";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "compose.yaml") << compose;
  std::ofstream(folder / "settings.conf") << "colour=red\n";
  std::ofstream(folder / "password.txt") << "hunter22";
  out({"docker", "stack", "deploy", "-c", (folder / "compose.yaml").string(), "demo"});
}

}  // namespace

TEST_CASE("on a real Swarm a stack is what `docker stack deploy` makes of the same file") {
  std::map<std::string, Json> theirs;
  {
    const SwarmLab lab;
    deploy_by_docker(k_stack);
    for (const std::string name : {"demo_web", "demo_every"}) {
      theirs[name] = comparable(inspected(name)["Spec"]);
    }
  }
  SwarmLab lab;
  lab.rig.converge(ours(k_stack));
  for (const auto& [name, spec] : theirs) {
    INFO(name);
    CHECK(comparable(inspected(name)["Spec"]) == spec);
  }
  CHECK_FALSE(lab.rig.plan(ours(k_stack)).has_differences());
  CHECK(out({"docker", "stack", "services", "demo", "--format", "{{.Name}} {{.Replicas}}"}) ==
        "demo_every 1/1\ndemo_web 1/1");
  out({"docker", "stack", "rm", "demo"});
  CHECK(out({"docker", "service", "ls", "-q"}).empty());
}

TEST_CASE("on a real Swarm what `docker stack deploy` made is adopted as it is") {
  SwarmLab lab;
  deploy_by_docker(k_stack);
  const Json before = inspected("demo_web");
  const Plan adoption = lab.rig.converge(ours(k_stack), adopting("*"));
  for (const Change& change : adoption.changes) {
    INFO(to_string(change.address));
    const bool is_secret = change.address.kind == "swarm-secret";
    CHECK(change.attributes.size() == (is_secret ? 1 : 0));
  }
  CHECK(differences(lab.rig.converge(ours(k_stack))) ==
        std::vector<std::string>{"swarm-secret/password: recorded"});
  CHECK_FALSE(lab.rig.plan(ours(k_stack)).has_differences());
  CHECK(inspected("demo_web")["Version"] == before["Version"]);
}

TEST_CASE("on a real Swarm a change by docker is seen, and an update is waited for") {
  SwarmLab lab;
  lab.rig.converge(ours(k_stack));
  out({"docker", "service", "update", "-d", "--env-add", "MODE=slow", "demo_web"});
  CHECK(differences(lab.rig.plan(ours(k_stack))) ==
        std::vector<std::string>{"swarm-service/web: environment.MODE"});
  lab.rig.converge(ours(k_stack));
  CHECK(inspected("demo_web")["UpdateStatus"]["State"] == "completed");

  std::string changed = ours(k_stack);
  changed.replace(changed.find("colour=red"), 10, "colour=sky");
  lab.rig.converge(changed);
  CHECK(out({"docker", "config", "ls", "-q"}).find('\n') == std::string::npos);
  CHECK_FALSE(lab.rig.plan(changed).has_differences());
}

TEST_CASE("on a real Swarm an update that fails is rolled back or paused, as the file says") {
  SwarmLab lab;
  const auto stack = [](const std::string& command, const std::string& action) {
    return "services:\n  web:\n    image: plain:1\n    command: " + command +
           "\n    stop_signal: SIGKILL\n    deploy:\n      restart_policy: {delay: 0s}\n      "
           "update_config: {monitor: 2s, failure_action: " +
           action + "}\n";
  };
  lab.rig.converge(stack("[sleep, '1000']", "rollback"));
  const Report back = lab.rig.apply(lab.rig.plan(stack("['false']", "rollback")));
  CHECK(back.outcome == Outcome::rolled_back);
  CHECK(inspected("demo_web")["Spec"]["TaskTemplate"]["ContainerSpec"]["Args"][0] == "sleep");

  const Report paused = lab.rig.apply(lab.rig.plan(stack("['false']", "pause")));
  CHECK(paused.outcome == Outcome::partial);
  lab.rig.converge(stack("[sleep, '2000']", "pause"));
  CHECK_FALSE(lab.rig.plan(stack("[sleep, '2000']", "pause")).has_differences());
}

TEST_CASE("on a real Swarm a network that is replaced takes its services along") {
  SwarmLab lab;
  lab.rig.converge(ours(k_stack));
  std::string changed = ours(k_stack);
  const std::string before = "attachable: true";
  changed.replace(changed.find(before), before.size(), "attachable: false");
  lab.rig.converge(changed);
  CHECK(inspected("demo_web")["Spec"]["Name"] == "demo_web");
  CHECK_FALSE(lab.rig.plan(changed).has_differences());
}
