#include <array>
#include <catch2/catch.hpp>

#include "base/digest.h"
#include "engine/status.h"
#include "kinds/docker/service_status.h"
#include "model/report.h"
#include "support/fake_clock.h"
#include "support/fake_docker.h"
#include "support/fake_shell.h"
#include "swarm_rig.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

struct FakeSwarm {
  FakeSwarm() {
    engine.init_swarm();
    engine.publish_image("app:1");
    engine.publish_image("app:2");
  }
  ~FakeSwarm() { CHECK(engine.unknown_calls() == std::vector<std::string>{}); }

  Json call(const std::string& method, const std::string& path, const Json& body = nullptr) {
    HttpRequest request;
    request.endpoint = engine.endpoint();
    request.method = method;
    request.path = "/v1.41" + path;
    if (!body.is_null()) request.body = dump_json(body);
    const auto response = engine.send(request);
    REQUIRE(response->status < 300);
    const auto told = parse_json(response->body);
    return told ? *told : Json();
  }

  Json spec(const std::string& service) { return call("GET", "/services/" + service)["Spec"]; }

  test::FakeDocker engine;
  FakeClock clock;
  SwarmRig rig{engine, clock, engine.endpoint()};
};

// The service "web", with `lines` below it.
std::string web(const std::string& lines = "", const std::string& rest = "") {
  return "services:\n  web:\n    image: app:1\n" + lines + rest;
}

std::vector<std::string> names(const Json& objects) {
  std::vector<std::string> all;
  for (const auto& [name, object] : objects.items()) all.push_back(name);
  return all;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "each attribute of a Swarm's service is set, changed and taken away, and only that shows") {
  struct Row {
    std::string lines;
    std::string other;
    std::string path;
  };
  const std::vector<Row> rows{
      {"    command: [serve]", "    command: [work]", "command"},
      {"    entrypoint: [/a]", "    entrypoint: [/b]", "entrypoint"},
      {"    environment: {A: b}", "    environment: {A: c}", "environment.A"},
      {"    environment: {API_TOKEN: b}",
       "    environment: {API_TOKEN: c}",
       "environment.API_TOKEN"},
      {"    labels: {a: b}", "    labels: {a: c}", "labels.a"},
      {"    user: '1'", "    user: '2'", "user"},
      {"    group_add: ['1']", "    group_add: ['2']", "group_add"},
      {"    working_dir: /a", "    working_dir: /b", "working_dir"},
      {"    hostname: a", "    hostname: b", "hostname"},
      {"    tty: true", "", "tty"},
      {"    stdin_open: true", "", "stdin_open"},
      {"    read_only: true", "", "read_only"},
      {"    init: true", "    init: false", "init"},
      {"    stop_signal: SIGINT", "    stop_signal: SIGHUP", "stop_signal"},
      {"    stop_grace_period: 30s", "    stop_grace_period: 0s", "stop_grace_period"},
      {"    healthcheck: {test: [CMD, a]}",
       "    healthcheck: {test: [CMD, b]}",
       "healthcheck.test"},
      {"    extra_hosts: ['a:10.0.0.1']", "    extra_hosts: ['a:10.0.0.2']", "extra_hosts"},
      {"    dns: [10.0.0.1]", "    dns: [10.0.0.2]", "dns"},
      {"    dns_search: [a.example]", "    dns_search: [b.example]", "dns_search"},
      {"    dns_opt: ['ndots:1']", "    dns_opt: ['ndots:2']", "dns_opt"},
      {"    cap_add: [NET_ADMIN]", "    cap_add: [NET_RAW]", "cap_add"},
      {"    cap_drop: [ALL]", "    cap_drop: [NET_RAW]", "cap_drop"},
      {"    sysctls: {net.core.somaxconn: 1}",
       "    sysctls: {net.core.somaxconn: 2}",
       "sysctls.net.core.somaxconn"},
      {"    ulimits: {nofile: 10}", "    ulimits: {nofile: {soft: 10, hard: 20}}", ""},
      {"    volumes: ['/srv/a:/data']", "    volumes: ['/srv/b:/data']", "volumes./data"},
      {"    tmpfs: ['/run:size=1m']", "    tmpfs: ['/run:size=2m']", "volumes./run"},
      {"    ports: ['80:80']", "    ports: ['81:80']", "ports"},
      {"    ports: [{target: 80, published: 80, mode: host}]",
       "    ports: [{target: 80, published: 80, mode: ingress}]",
       "ports"},
      {"    networks: {default: {aliases: [a]}}",
       "    networks: {default: {aliases: [b]}}",
       "networks.demo_default.aliases"},
      {"    logging: {driver: json-file, options: {max-size: 1m}}",
       "    logging: {driver: json-file, options: {max-size: 2m}}",
       ""},
      {"    restart: on-failure", "    restart: 'no'", "deploy.restart_policy.condition"},
      {"    deploy: {replicas: 2}", "    deploy: {replicas: 0}", "deploy.replicas"},
      {"    deploy: {labels: {a: b}}", "    deploy: {labels: {a: c}}", "deploy.labels.a"},
      {"    deploy: {endpoint_mode: dnsrr}", "", "deploy.endpoint_mode"},
      {"    cpus: 0.5",
       "    deploy: {resources: {limits: {cpus: '0.25'}}}",
       "deploy.resources.limits.cpus"},
      {"    mem_limit: 20m", "    mem_limit: 30m", "deploy.resources.limits.memory"},
      {"    pids_limit: 20", "    pids_limit: 30", "deploy.resources.limits.pids"},
      {"    deploy: {resources: {reservations: {memory: 20m}}}",
       "    deploy: {resources: {reservations: {memory: 30m}}}",
       "deploy.resources.reservations.memory"},
      {"    deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec: "
       "{kind: "
       "gpu, value: 1}}]}}}",
       "    deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec: "
       "{kind: "
       "gpu, value: 2}}]}}}",
       "deploy.resources.reservations.generic_resources"},
      {"    deploy: {restart_policy: {delay: 1s}}",
       "    deploy: {restart_policy: {delay: 0s}}",
       "deploy.restart_policy.delay"},
      {"    deploy: {restart_policy: {max_attempts: 1}}",
       "    deploy: {restart_policy: {max_attempts: 2}}",
       "deploy.restart_policy.max_attempts"},
      {"    deploy: {restart_policy: {window: 1s}}",
       "    deploy: {restart_policy: {window: 2s}}",
       "deploy.restart_policy.window"},
      {"    deploy: {placement: {constraints: [node.role==manager]}}",
       "    deploy: {placement: {constraints: [node.role==worker]}}",
       "deploy.placement.constraints"},
      {"    deploy: {placement: {preferences: [{spread: node.labels.a}]}}",
       "    deploy: {placement: {preferences: [{spread: node.labels.b}]}}",
       "deploy.placement.preferences"},
      {"    deploy: {placement: {max_replicas_per_node: 1}}",
       "    deploy: {placement: {max_replicas_per_node: 2}}",
       "deploy.placement.max_replicas_per_node"},
      {"    deploy: {update_config: {parallelism: 0}}",
       "    deploy: {update_config: {parallelism: 2}}",
       "deploy.update_config.parallelism"},
      {"    deploy: {update_config: {delay: 1s}}",
       "    deploy: {update_config: {delay: 2s}}",
       "deploy.update_config.delay"},
      {"    deploy: {update_config: {failure_action: rollback}}",
       "    deploy: {update_config: {failure_action: continue}}",
       "deploy.update_config.failure_action"},
      {"    deploy: {update_config: {monitor: 1s}}",
       "    deploy: {update_config: {monitor: 2s}}",
       "deploy.update_config.monitor"},
      {"    deploy: {update_config: {max_failure_ratio: 0.5}}",
       "    deploy: {update_config: {max_failure_ratio: 0.25}}",
       "deploy.update_config.max_failure_ratio"},
      {"    deploy: {update_config: {order: start-first}}", "", "deploy.update_config.order"},
      {"    deploy: {rollback_config: {delay: 1s}}",
       "    deploy: {rollback_config: {delay: 2s}}",
       "deploy.rollback_config.delay"},
  };
  for (const Row& row : rows) {
    INFO(row.lines);
    FakeSwarm swarm;
    const std::string none = web();
    const std::string one = web(row.lines + "\n");
    const std::string two = web(row.other + "\n");
    swarm.rig.converge(none);
    for (const std::string& next : {one, two, one, none}) {
      const bool same = next == none && row.other.empty();
      const Plan plan = swarm.rig.converge(next);
      INFO(next);
      REQUIRE((plan.changes.size() == 1 || same));
      for (const Change& change : plan.changes) {
        for (const AttributeChange& attribute : change.attributes) {
          CHECK((row.path.empty() || attribute.path.starts_with(row.path) ||
                 row.path.starts_with(attribute.path)));
        }
      }
      CHECK_FALSE(swarm.rig.plan(next).has_differences());
    }
    CHECK(swarm.rig.plan(none).changes.empty());
  }
}

TEST_CASE("a new content is a new config or secret, and the old ones go once nothing uses them") {
  FakeSwarm swarm;
  const auto stack = [](const std::string& content) {
    return web("    configs: [settings]\n    secrets: [password]\n",
               "configs: {settings: {content: '" + content +
                   "'}}\nsecrets: {password: {content: 'pw-" + content + "'}}\n");
  };
  swarm.rig.converge(stack("one"));
  CHECK(names(swarm.engine.essence()["configs"]) == Lines{"demo_settings"});
  CHECK(names(swarm.engine.essence()["secrets"]) == Lines{"demo_password"});

  const Plan plan = swarm.rig.converge(stack("two"));
  CHECK(differences(plan) == Lines{"swarm-config/settings: content",
                                   "swarm-secret/password: content",
                                   "swarm-service/web: configs./settings",
                                   "swarm-service/web: secrets./run/secrets/password"});
  const std::string hash = sha256_hex("two").substr(0, 12);
  CHECK(names(swarm.engine.essence()["configs"]) == Lines{"demo_settings-" + hash});
  CHECK(names(swarm.engine.essence()["secrets"]) == Lines{"demo_password-2"});
  const Json container = swarm.spec("demo_web")["TaskTemplate"]["ContainerSpec"];
  CHECK(container["Configs"][0]["ConfigName"] == "demo_settings-" + hash);
  CHECK(container["Secrets"][0]["SecretName"] == "demo_password-2");
}

TEST_CASE("a secret never stands in a plan for a Swarm, nor a hash of it") {
  FakeSwarm swarm;
  const std::string stack = web("    environment: {API_TOKEN: hunter22}\n    secrets: [password]\n",
                                "secrets: {password: {content: hunter22}}\n");
  const Plan plan = swarm.rig.plan(stack);
  std::string text;
  for (const Step& step : plan.steps) text += step.title + dump_json(step.input);
  for (const Change& change : plan.changes) {
    for (const auto& attribute : change.attributes) text += dump_json(attribute.after);
  }
  CHECK(text.find("hunter22") == std::string::npos);
  CHECK(text.find(sha256_hex("hunter22").substr(0, 12)) == std::string::npos);
  swarm.rig.converge(stack);
  CHECK(swarm.spec("demo_web")["TaskTemplate"]["ContainerSpec"]["Env"] ==
        Json::array({"API_TOKEN=hunter22"}));
}

TEST_CASE("an update that the Swarm pauses ends half done, and the next run takes it up again") {
  FakeSwarm swarm;
  swarm.rig.converge(web("    command: [serve]\n"));
  const Report report = swarm.rig.apply(swarm.rig.plan(web("    command: ['false']\n")));
  CHECK(report.outcome == Outcome::partial);
  std::string said;
  for (const StepResult& result : report.results) {
    if (result.error) said += result.error->message;
  }
  CHECK(said.find("paused") != std::string::npos);
  CHECK(said.find("non-zero exit (1)") != std::string::npos);

  CHECK(differences(swarm.rig.plan(web("    command: ['false']\n"))) ==
        Lines{"swarm-service/web: update"});
  CHECK(differences(swarm.rig.converge(web("    command: [work]\n"))) ==
        Lines{"swarm-service/web: command", "swarm-service/web: update"});
  CHECK_FALSE(swarm.rig.plan(web("    command: [work]\n")).has_differences());
}

TEST_CASE("an update that the Swarm takes back is told as such, and seen again") {
  FakeSwarm swarm;
  const std::string deploy = "    deploy: {update_config: {failure_action: rollback}}\n";
  swarm.rig.converge(web("    command: [serve]\n" + deploy));
  const std::string broken = web("    command: ['false']\n" + deploy);
  const Report report = swarm.rig.apply(swarm.rig.plan(broken));
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(differences(swarm.rig.plan(broken)) == Lines{"swarm-service/web: command"});
}

TEST_CASE("an update that goes on over failures fails when its tasks do not come up") {
  FakeSwarm swarm;
  const std::string deploy =
      "    deploy: {replicas: 3, update_config: {failure_action: continue}}\n";
  swarm.rig.converge(web("    command: [serve]\n" + deploy));
  const TimePoint start = swarm.clock.now();
  const Report report = swarm.rig.apply(swarm.rig.plan(web("    command: ['false']\n" + deploy)));
  CHECK(report.outcome == Outcome::partial);
  CHECK(swarm.clock.now() - start < std::chrono::minutes{1});
}

TEST_CASE("a service whose tasks never start fails its creation, and is warned of from then on") {
  FakeSwarm swarm;
  const std::string broken = web("    command: ['false']\n    deploy: {replicas: 3}\n");
  const Report report = swarm.rig.apply(swarm.rig.plan(broken));
  CHECK(report.outcome == Outcome::partial);
  const Plan plan = swarm.rig.plan(broken);
  CHECK_FALSE(plan.has_differences());
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes[0].detail.find("0 of 3 tasks run") != std::string::npos);
}

TEST_CASE("an image is named by its digest, which moves only when its name does, or when asked") {
  FakeSwarm swarm;
  swarm.rig.converge(web());
  const auto image = [&] {
    return text_or(swarm.spec("demo_web")["TaskTemplate"]["ContainerSpec"], "Image");
  };
  const std::string first = image();
  CHECK(first.starts_with("app:1@sha256:"));
  CHECK(swarm.spec("demo_web")["TaskTemplate"]["Placement"]["Platforms"] ==
        Json::parse(R"([{"Architecture": "amd64", "OS": "linux"}])"));

  swarm.engine.publish_image("app:1", {{"Cmd", {"newer"}}});
  CHECK_FALSE(swarm.rig.plan(web()).has_differences());
  const std::string always = web("    pull_policy: always\n");
  CHECK(differences(swarm.rig.converge(always)) == Lines{"swarm-service/web: image"});
  CHECK(image() != first);

  const Plan unknown = swarm.rig.plan("services: {web: {image: 'app:9'}}\n");
  REQUIRE(unknown.notes.size() == 1);
  CHECK(unknown.notes[0].summary == "Image without a digest");
}

TEST_CASE("what `docker stack deploy` made is adopted, and what is equal stays as it is") {
  FakeSwarm swarm;
  const Json labels = {{"com.docker.stack.namespace", "demo"}};
  swarm.call("POST",
             "/networks/create",
             {{"Name", "demo_default"}, {"Driver", "overlay"}, {"Labels", labels}});
  const Json secret = swarm.call(
      "POST",
      "/secrets/create",
      {{"Name", "demo_password"}, {"Labels", labels}, {"Data", base64_encode("hunter22")}});
  Json service_labels = labels;
  service_labels["com.docker.stack.image"] = "app:1";
  swarm.call(
      "POST",
      "/services/create",
      {{"Name", "demo_web"},
       {"Labels", service_labels},
       {"Mode", {{"Replicated", {{"Replicas", 1}}}}},
       {"TaskTemplate",
        {{"ContainerSpec",
          {{"Image", "app:1@sha256:" + std::string(64, 'a')},
           {"Labels", labels},
           {"Privileges", {{"SELinuxContext", {{"Disable", true}}}}},
           {"Secrets",
            {{{"SecretName", "demo_password"},
              {"SecretID", secret["ID"]},
              {"File", {{"Name", "password"}, {"UID", "0"}, {"GID", "0"}, {"Mode", 0444}}}}}}}},
         {"ForceUpdate", 3},
         {"Networks", {{{"Target", "demo_default"}, {"Aliases", {"web"}}}}}}}});
  const std::string stack =
      web("    secrets: [password]\n", "secrets: {password: {content: hunter22}}\n");
  CHECK(swarm.rig.plan(stack).changes.size() == 3);
  CHECK_FALSE(swarm.rig.plan(stack).has_work());
  const Json before = swarm.spec("demo_web");
  swarm.rig.converge(stack, adopting("*"));
  CHECK(swarm.spec("demo_web") == before);

  // What a secret holds is not told: it is taken to be right, and written down.
  CHECK(differences(swarm.rig.converge(stack)) == Lines{"swarm-secret/password: recorded"});
  CHECK_FALSE(swarm.rig.plan(stack).has_differences());
  const std::string more =
      web("    secrets: [password]\n    user: '1'\n", "secrets: {password: {content: hunter22}}\n");
  CHECK(differences(swarm.rig.converge(more)) == Lines{"swarm-service/web: user"});
  const Json after = swarm.spec("demo_web")["TaskTemplate"];
  CHECK(after["ForceUpdate"] == 3);
  CHECK(after["ContainerSpec"]["Privileges"]["SELinuxContext"]["Disable"] == true);
}

TEST_CASE("a config that is equal is not replaced on request") {
  FakeSwarm swarm;
  const std::string stack = web("    configs: [settings]\n", "configs: {settings: {content: a}}\n");
  swarm.rig.converge(stack);
  PlanOptions options;
  options.replaces = {"stack/core/swarm-config"};
  const Plan plan = swarm.rig.plan(stack, options);
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].blocked.find("nothing to replace") != std::string::npos);
}

TEST_CASE("status tells how many tasks of a Swarm's service run, and what is not well") {
  FakeSwarm swarm;
  const std::string limits =
      "    deploy: {replicas: 2, resources: {limits: {memory: 64m, cpus: '0.5'}}}\n";
  const auto look = [&](const std::string& compose) {
    constexpr std::array<StatusReader, 1> k_readers{
        {{"stack", service_status_queries, read_service_status}}};
    FakeShell shell;
    Vault vault;
    const Desired desired = swarm_stack(swarm.engine.endpoint(), compose, vault);
    const Status status =
        read_status({desired, nullptr, k_readers, {}}, swarm.engine, shell, vault, {}).status;
    CHECK(status.gaps.empty());
    REQUIRE(status.services.size() == 1);
    return status.services[0];
  };
  CHECK(look(web(limits)).state == "absent");
  swarm.rig.converge(web("    command: [serve]\n" + limits));
  const ServiceStatus well = look(web(limits));
  CHECK(well.address == "stack/core/swarm-service/web");
  CHECK(well.state == "2/2 running");
  CHECK(well.is_well);
  CHECK(well.memory.total == 64.0 * 1024 * 1024);
  CHECK(well.cores == 0.5);

  swarm.rig.apply(swarm.rig.plan(web("    command: ['false']\n" + limits)));
  const ServiceStatus halted = look(web(limits));
  CHECK(halted.state == "update paused, 0/2 running");
  CHECK_FALSE(halted.is_well);
  CHECK(halted.restarts == 6);
}

TEST_CASE("an engine that is no manager is an error that says what to do, and nothing is made") {
  test::FakeDocker engine;
  FakeClock clock;
  SwarmRig rig(engine, clock, engine.endpoint());
  const Observed observed = rig.observe(web());
  REQUIRE_FALSE(observed.failures.empty());
  CHECK(observed.failures[0].error.message.find("docker swarm init") != std::string::npos);
  CHECK(engine.writes() == std::vector<std::string>{});
}

TEST_CASE("a network that a service of others uses is not taken away") {
  FakeSwarm swarm;
  swarm.rig.converge(web());
  swarm.call(
      "POST",
      "/services/create",
      {{"Name", "other"},
       {"Labels", Json::object()},
       {"TaskTemplate",
        {{"ContainerSpec", {{"Image", "x"}}}, {"Networks", {{{"Target", "demo_default"}}}}}}});
  const Plan plan = swarm.rig.plan(web("", "networks: {default: {internal: true}}\n"));
  REQUIRE_FALSE(plan.changes.empty());
  CHECK(plan.changes[0].blocked.find("other") != std::string::npos);
}
