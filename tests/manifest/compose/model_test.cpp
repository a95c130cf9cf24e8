#include "manifest/compose/model.h"

#include <catch2/catch.hpp>

#include "manifest/compose/project_name.h"
#include "manifest/compose/stack_folder.h"
#include "manifest/yaml_text.h"

namespace aegis::test {
namespace {

constexpr const char* k_everything = R"(services:
  web:
    image: nginx
    container_name: shop
    command: run "a b"
    entrypoint: []
    environment: {A: text, B: 5, UNSET: }
    ports: ["8080:80", "127.0.0.1:53:53/udp", "9000", "3000-3001:3000-3001"]
    expose: [81, "82/udp"]
    volumes: ["data:/data", "/srv:/srv:ro", "/cache", {type: tmpfs, target: /t, tmpfs: {size: 1m}}]
    tmpfs: [/run, "/tmp:size=64m"]
    networks: {default: , back: {aliases: [w], ipv4_address: 10.9.0.5}}
    depends_on: [db]
    healthcheck: {test: "curl -f x", interval: 1m30s, timeout: 500ms, start_period: 1h, retries: 2}
    deploy: {resources: {limits: {cpus: "0.5", memory: 512m}}}
    shm_size: 64m
    stop_grace_period: 1m
    ulimits: {nofile: 1024, nproc: {soft: 1, hard: 2}}
    extra_hosts: ["host.docker.internal:host-gateway", "v6=::1"]
    devices: ["/dev/fuse"]
    labels: [a=b, c]
    logging: {driver: local, options: {max-size: 5m}}
    cap_add: [NET_ADMIN]
    sysctls: {net.core.somaxconn: 1024}
    read_only: true
    init: false
    restart: on-failure:3
  db: {image: postgres, networks: [back], network_mode: !reset null}
networks:
  back: {ipam: {config: [{subnet: 10.9.0.0/16}]}, labels: {x: y}}
  unused:
volumes:
  data: {driver_opts: {type: none, device: /d, o: bind}}
)";

Json model_of(const std::string& text) {
  const LoadedStack loaded = load_text(text);
  INFO(loaded.everything_said());
  REQUIRE_FALSE(has_errors(loaded.diagnostics));
  return loaded.result.model;
}

Json specs_of(const LoadedStack& loaded) {
  INFO(loaded.everything_said());
  REQUIRE_FALSE(has_errors(loaded.diagnostics));
  Json specs = Json::object();
  for (const Resource& resource : loaded.result.resources) {
    Json& spec = specs[to_string(resource.address)] = resource.spec;
    // Compose always writes it, and it says nothing.
    if (get(spec, "ipam") == Json::object()) spec.erase("ipam");
  }
  return specs;
}

}  // namespace

TEST_CASE("the model of a small stack has the form of docker compose config") {
  CHECK(model_of("services: {web: {image: nginx, ports: ['8080:80'], volumes: ['data:/d']}}\n"
                 "volumes: {data: }\n") == Json::parse(R"({
    "name": "core",
    "networks": {"default": {"ipam": {}, "name": "core_default"}},
    "services": {"web": {
      "command": null, "entrypoint": null, "image": "nginx",
      "networks": {"default": null},
      "ports": [{"mode": "ingress", "target": 80, "published": "8080", "protocol": "tcp"}],
      "volumes": [{"type": "volume", "source": "data", "target": "/d", "volume": {}}]
    }},
    "volumes": {"data": {"name": "core_data"}}
  })"));
}

TEST_CASE("every value of the model is in the form that docker compose config writes") {
  const Json model = model_of(k_everything);
  const Json& web = model.at("services").at("web");
  CHECK(web.at("command") == Json::parse(R"(["run","a b"])"));
  CHECK(web.at("entrypoint") == Json::array());
  CHECK(web.at("environment") == Json::parse(R"({"A":"text","B":"5","UNSET":null})"));
  CHECK(web.at("ports") == Json::parse(R"([
    {"mode":"ingress","target":80,"published":"8080","protocol":"tcp"},
    {"mode":"ingress","host_ip":"127.0.0.1","target":53,"published":"53","protocol":"udp"},
    {"mode":"ingress","target":9000,"protocol":"tcp"},
    {"mode":"ingress","target":3000,"published":"3000","protocol":"tcp"},
    {"mode":"ingress","target":3001,"published":"3001","protocol":"tcp"}])"));
  CHECK(web.at("expose") == Json::parse(R"(["81","82/udp"])"));
  CHECK(web.at("volumes") == Json::parse(R"([
    {"type":"volume","source":"data","target":"/data","volume":{}},
    {"type":"bind","source":"/srv","target":"/srv","read_only":true,
     "bind":{"create_host_path":true}},
    {"type":"volume","target":"/cache","volume":{}},
    {"type":"tmpfs","target":"/t","tmpfs":{"size":"1048576"}}])"));
  CHECK(web.at("tmpfs") == Json::parse(R"(["/run","/tmp:size=64m"])"));
  CHECK(web.at("networks") ==
        Json::parse(R"({"default":null,"back":{"aliases":["w"],"ipv4_address":"10.9.0.5"}})"));
  CHECK(web.at("depends_on") ==
        Json::parse(R"({"db":{"condition":"service_started","required":true}})"));
  CHECK(web.at("healthcheck") == Json::parse(R"({"test":["CMD-SHELL","curl -f x"],
    "interval":"1m30s","timeout":"500ms","start_period":"1h0m0s","retries":2})"));
  CHECK(web.at("deploy") == Json::parse(R"({"placement":{},
    "resources":{"limits":{"cpus":0.5,"memory":"536870912"}}})"));
  CHECK_FALSE(web.contains("mem_limit"));
  CHECK(web.at("shm_size") == "67108864");
  CHECK(web.at("stop_grace_period") == "1m0s");
  CHECK(web.at("ulimits") == Json::parse(R"({"nofile":1024,"nproc":{"soft":1,"hard":2}})"));
  CHECK(web.at("extra_hosts") == Json::parse(R"(["host.docker.internal=host-gateway","v6=::1"])"));
  CHECK(web.at("init") == false);
  CHECK(model.at("networks").at("back").at("name") == "core_back");
  CHECK_FALSE(model.at("networks").contains("unused"));
}

TEST_CASE("the model, read as a Compose file, means what the files mean") {
  StackFolder folder;
  const LoadedStack first = folder.write("compose.yaml", k_everything).load();
  const Json specs = specs_of(first);
  folder.write("again.json", first.result.model.dump());
  folder.write("again.yaml", to_yaml_text(first.result.model));
  CHECK(specs_of(folder.load({"again.json"})) == specs);
  CHECK(specs_of(folder.load({"again.yaml"})) == specs);
}

TEST_CASE("secrets are redacted in the model") {
  StackFolder folder;
  folder.input.environment = {{"S", "planted-Zq7"}};
  folder.input.secret_variables = {"S"};
  folder.write("a.env", "FILED=planted-Zq7-too\n");
  folder.write("compose.yaml", R"(services:
  web:
    image: x
    env_file: a.env
    environment: {A: "${S}", PLAIN: text}
    command: [run, "-p${S}"]
    extra_hosts: ["a:10.0.0.1"]
)");
  const Json model = folder.load().result.model;
  const Json& web = model.at("services").at("web");
  CHECK(web.at("environment") ==
        Json::parse(R"({"A":"[redacted]","FILED":"[redacted]","PLAIN":"text"})"));
  CHECK(web.at("command") == Json::parse(R"(["run","[redacted]"])"));
  CHECK(model.dump().find("Zq7") == std::string::npos);
}

TEST_CASE("a dollar sign of the model is one again when the model is loaded") {
  const Json model = model_of(R"(services:
  web:
    image: x
    command: [echo, "$$HOME"]
    labels: {users: "admin:$$apr1$$x"}
    deploy: {update_config: {monitor: 30s}}
)");
  const Json& web = model.at("services").at("web");
  CHECK(web.at("command").at(1) == "$$HOME");
  CHECK(web.at("labels").at("users") == "admin:$$apr1$$x");
  CHECK(web.at("deploy").at("update_config").at("monitor") == "30s");
  CHECK(model_of(to_yaml_text(model)).at("services").at("web").at("command") == web.at("command"));
}

TEST_CASE("with an error there is no model") {
  CHECK(load_text("services: {web: {imagee: x}}\n").result.model.is_null());
}

TEST_CASE("a project is named by its variable, its files, or its folder") {
  StackFolder folder;
  StackInput input = folder.input;
  input.project.clear();
  input.folder = folder.path() / "My.Shop_1";
  input.files = {"a.yaml", "b.yaml"};
  const Environment nothing = [](const std::string&) { return std::nullopt; };
  const auto write = [&](const std::string& file, const std::string& text) {
    folder.write("My.Shop_1/" + file, text);
  };
  write("a.yaml", "services: {}\n");
  CHECK(default_project_name(input, nothing) == "myshop_1");
  write("a.yaml", "name: first\n");
  write("b.yaml", "name: ${SECOND:-second}\n");
  CHECK(default_project_name(input, nothing) == "second");
  write(".env", "COMPOSE_PROJECT_NAME=third\n");
  CHECK(default_project_name(input, nothing) == "third");
}

}  // namespace aegis::test
