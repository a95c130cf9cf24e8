#include "manifest/compose/secret_places.h"

#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {
namespace {

constexpr const char* k_planted = "planted-Zq7-secret";

// A stack whose variable S is a secret of the manifests.
LoadedStack load_with_secret(const std::string& text) {
  StackFolder folder;
  folder.input.environment = {{"S", k_planted}};
  folder.input.secret_variables = {"S"};
  folder.write("a.env", "");
  folder.write("compose.yaml", text);
  return folder.load();
}

std::string in_service(const std::string& line) {
  return "services:\n  web:\n    " + line + "\n" +
         (line.starts_with("image") ? "" : "    image: app\n");
}

std::string everything_in(const LoadedStack& loaded) {
  std::string all = loaded.everything_said() + dump_json(loaded.result.settings);
  for (const Resource& resource : loaded.result.resources) {
    all += to_string(resource.address) + dump_json(resource.spec);
    for (const auto& [path, where] : resource.places) all += path + "\n";
  }
  return all;
}

void expect_sealed(const std::string& text) {
  INFO(text);
  const LoadedStack loaded = load_with_secret(text);
  CHECK(loaded.problems() == std::vector<std::string>{});
  const std::string all = everything_in(loaded);
  CHECK(all.find("$sealed") != std::string::npos);
  CHECK(all.find(k_planted) == std::string::npos);
}

void expect_refused(const std::string& text, const std::string& place) {
  INFO(text);
  const LoadedStack loaded = load_with_secret(text);
  std::vector<std::string> problems = loaded.problems();
  std::erase_if(problems, [](const std::string& line) {
    return line.find(" warning: ") != std::string::npos;
  });
  CAPTURE(problems);
  CHECK(problems.size() == 1);
  if (problems.empty()) return;
  CHECK(problems.front().starts_with("compose.yaml:" + place));
  CHECK(problems.front().find(" error: a secret where it would be shown: ") != std::string::npos);
  CHECK(everything_in(loaded).find(k_planted) == std::string::npos);
}

}  // namespace

TEST_CASE("a secret is sealed in every field of a service that can keep it") {
  for (const std::string line : {"command: run ${S}",
                                 "command: [run, '-p=${S}']",
                                 "entrypoint: ['${S}']",
                                 "environment: {A: 'x${S}'}",
                                 "environment: ['A=${S}']",
                                 "labels: {a: '${S}'}",
                                 "labels: ['a=b${S}c']",
                                 "healthcheck: {test: 'check ${S}'}",
                                 "healthcheck: {test: [CMD, check, '${S}']}",
                                 "logging: {driver: splunk, options: {splunk-token: '${S}'}}"}) {
    expect_sealed(in_service(line));
  }
}

TEST_CASE("a secret is sealed in the options and labels of networks and volumes") {
  const std::string service =
      "services: {web: {image: app, networks: [n], volumes: ['vol:/data']}}\n";
  for (const std::string line : {"networks: {n: {driver_opts: {o: 'x${S}'}}}\nvolumes: {vol: }",
                                 "networks: {n: {labels: ['a=${S}']}}\nvolumes: {vol: }",
                                 "networks: {n: }\nvolumes: {vol: {driver_opts: {o: 'pw=${S}'}}}",
                                 "networks: {n: }\nvolumes: {vol: {labels: {a: '${S}'}}}"}) {
    expect_sealed(service + line);
  }
}

TEST_CASE("hosts are sealed as a whole list, because the engine does not keep its order") {
  StackFolder folder;
  folder.input.environment = {{"S", "10.1.2.3"}};
  folder.input.secret_variables = {"S"};
  folder.write("compose.yaml", in_service("extra_hosts: ['a:10.0.0.1', 'b:${S}']"));
  const LoadedStack loaded = folder.load();
  CHECK(loaded.problems().empty());
  const Json spec = loaded.spec("service/web");
  CHECK(spec.at("extra_hosts").size() == 2);
  for (const Json& host : spec.at("extra_hosts")) CHECK(is_sealed(host));
}

TEST_CASE("a secret in a field of a service that would show it is refused at its place") {
  for (const std::string line : {"image: 'a:${S}'",
                                 "container_name: '${S}'",
                                 "user: '${S}'",
                                 "working_dir: '${S}'",
                                 "hostname: '${S}'",
                                 "domainname: '${S}'",
                                 "platform: '${S}'",
                                 "pull_policy: '${S}'",
                                 "restart: '${S}'",
                                 "stop_signal: '${S}'",
                                 "stop_grace_period: '${S}'",
                                 "mem_limit: '${S}'",
                                 "mem_reservation: '${S}'",
                                 "memswap_limit: '${S}'",
                                 "shm_size: '${S}'",
                                 "cpus: '${S}'",
                                 "cpu_shares: '${S}'",
                                 "cpuset: '${S}'",
                                 "pids_limit: '${S}'",
                                 "scale: '${S}'",
                                 "read_only: '${S}'",
                                 "init: '${S}'",
                                 "privileged: '${S}'",
                                 "tty: '${S}'",
                                 "stdin_open: '${S}'",
                                 "pid: '${S}'",
                                 "ipc: '${S}'",
                                 "network_mode: '${S}'",
                                 "env_file: '${S}'",
                                 "env_file: ['${S}']",
                                 "env_file: [{path: '${S}'}]",
                                 "env_file: [{path: a.env, required: '${S}'}]",
                                 "env_file: [{path: a.env, required: false, format: '${S}'}]",
                                 "ports: ['${S}:80']",
                                 "ports: [{target: 80, published: '${S}'}]",
                                 "ports: [{target: 80, host_ip: '${S}'}]",
                                 "expose: ['${S}']",
                                 "volumes: ['${S}:/data']",
                                 "volumes: ['/data:${S}']",
                                 "volumes: [{type: bind, source: '${S}', target: /data}]",
                                 "volumes: [{type: '${S}', source: /a, target: /data}]",
                                 "volumes: [{type: bind, source: /a, target: '/${S}'}]",
                                 "tmpfs: '/run:${S}'",
                                 "tmpfs: ['/run:${S}']",
                                 "networks: ['${S}']",
                                 "networks: {default: {aliases: ['${S}']}}",
                                 "networks: {default: {ipv4_address: '${S}'}}",
                                 "networks: {default: {mac_address: '${S}'}}",
                                 "depends_on: ['${S}']",
                                 "profiles: ['${S}']",
                                 "healthcheck: {interval: '${S}'}",
                                 "healthcheck: {retries: '${S}'}",
                                 "logging: {driver: '${S}'}",
                                 "ulimits: {nofile: '${S}'}",
                                 "cap_add: ['${S}']",
                                 "cap_drop: ['${S}']",
                                 "security_opt: ['${S}']",
                                 "group_add: ['${S}']",
                                 "devices: ['${S}']",
                                 "devices: [{source: '${S}', target: /dev/x}]",
                                 "dns: '${S}'",
                                 "dns: ['${S}']",
                                 "dns_search: '${S}'",
                                 "dns_opt: ['${S}']",
                                 "sysctls: {a: '${S}'}",
                                 "deploy: {resources: {limits: {memory: '${S}'}}}",
                                 "deploy: {restart_policy: {condition: '${S}'}}",
                                 "environment: ['${S}=x']",
                                 "environment: ['A${S}=x${S}']",
                                 "labels: ['${S}']"}) {
    expect_refused(in_service(line), "3:");
  }
}

TEST_CASE("a secret in a field of the project that would show it is refused at its place") {
  const std::string service = "services: {web: {image: app}}\n";
  for (const std::string line :
       {"name: '${S}'",
        "networks: {n: {name: '${S}'}}",
        "networks: {n: {driver: '${S}'}}",
        "networks: {n: {internal: '${S}'}}",
        "networks: {n: {external: {name: '${S}'}}}",
        "networks: {n: {ipam: {driver: '${S}'}}}",
        "networks: {n: {ipam: {config: [{subnet: '${S}'}]}}}",
        "networks: {n: {ipam: {config: [{subnet: 10.0.0.0/8, gateway: '${S}'}]}}}",
        "volumes: {v: {name: '${S}'}}",
        "volumes: {v: {driver: '${S}'}}"}) {
    expect_refused(service + line, "2:");
  }
}

TEST_CASE("a secret reaches other variables through an environment file, and stays one") {
  StackFolder folder;
  folder.input.environment = {{"S", k_planted}};
  folder.input.secret_variables = {"S"};
  folder.write(".env", "URL=https://x/${S}\nALSO=${URL}\n");
  folder.write("compose.yaml", in_service("labels: {a: '${ALSO}'}"));
  CHECK(is_sealed(folder.load().spec("service/web").at("labels").at("a")));
  folder.write("compose.yaml", in_service("hostname: '${ALSO}'"));
  REQUIRE(folder.load().problems().size() == 1);
  CHECK(folder.load().everything_said().find(k_planted) == std::string::npos);
}

TEST_CASE("what may be a secret is sealed where that is free, and stands elsewhere as it is") {
  StackFolder folder;
  folder.input.environment = {{"DOMAIN", "outside"}, {"PLAIN", "inside"}};
  folder.input.outside_variables = {"DOMAIN"};
  folder.process = {{"AUTHENTIK_TAG", "2024.2"}, {"PWD", "/srv"}};
  folder.write("compose.yaml", R"(services:
  web:
    image: server:${AUTHENTIK_TAG}
    hostname: ${DOMAIN}
    labels: {a: "${DOMAIN}", b: "${PLAIN}", c: "${PWD}", d: "${AUTHENTIK_TAG}"}
)");
  const LoadedStack loaded = folder.load();
  REQUIRE(loaded.problems().empty());
  const Json spec = loaded.spec("service/web");
  CHECK(spec.at("image") == "server:2024.2");
  CHECK(spec.at("hostname") == "outside");
  CHECK(is_sealed(spec.at("labels").at("a")));
  CHECK(spec.at("labels").at("b") == "inside");
  CHECK(spec.at("labels").at("c") == "/srv");
  CHECK(is_sealed(spec.at("labels").at("d")));
}

TEST_CASE("a variable that is named for passwords is refused where it would be shown") {
  const LoadedStack loaded =
      load_text("services:\n  web:\n    image: app:x${DB_PASSWORD}\n", {{"DB_PASSWORD", "pw9"}});
  REQUIRE(loaded.problems().size() == 1);
  CHECK(loaded.problems().front().starts_with("compose.yaml:3:17 error: a secret where"));
}

TEST_CASE("whether a secret is set may decide what is shown") {
  const LoadedStack loaded = load_text("services:\n  web:\n    image: app:${DB_PASSWORD:+auth}\n",
                                       {{"DB_PASSWORD", "pw9"}});
  CHECK(loaded.problems().empty());
  CHECK(loaded.spec("service/web").at("image") == "app:auth");
}

}  // namespace aegis::test
