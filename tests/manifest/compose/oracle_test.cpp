#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <memory>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {
namespace {

// docker-compose 1.29 writes out what it understood of a file as another Compose file. Where both
// agree, loading its output gives what loading the original gives.
constexpr const char* k_oracle = "/usr/bin/docker-compose";

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 4096> buffer{};
  while (const std::size_t size = fread(buffer.data(), 1, buffer.size(), pipe.get()))
    output.append(buffer.data(), size);
  return output;
}

Json all_specs(const StackFolder& folder, const LoadedStack& loaded) {
  INFO(loaded.everything_said());
  REQUIRE_FALSE(has_errors(loaded.diagnostics));
  Json specs = Json::object();
  for (const Resource& resource : loaded.result.resources) {
    Json spec = folder.vault.reveal_all(resource.spec);
    // The order of mounts means nothing, and the oracle sorts them its own way.
    if (spec.contains("volumes")) std::sort(spec["volumes"].begin(), spec["volumes"].end());
    specs[to_string(resource.address)] = std::move(spec);
  }
  return specs;
}

void agree_on(StackFolder& folder, const std::vector<std::string>& files) {
  std::string command = "cd '" + folder.path().string() +
                        "' && env -u A TAG=1.27 EMPTY= " + std::string(k_oracle) +
                        " --project-name core";
  for (const std::string& file : files) command += " -f " + file;
  const std::string understood = output_of(command + " config 2>&1");
  INFO(understood);
  const std::string start = understood.substr(0, understood.find(':'));
  REQUIRE((start == "services" || start == "networks"));
  folder.process = {{"TAG", "1.27"}, {"EMPTY", ""}};
  const Json ours = all_specs(folder, folder.load({files.begin(), files.end()}));
  const Json theirs =
      all_specs(folder, folder.write("understood.yaml", understood).load({"understood.yaml"}));
  CHECK(ours == theirs);
}

bool oracle_is_here() {
  if (std::filesystem::exists(k_oracle)) return true;
  WARN("docker-compose is not installed; the comparison with it was not made");
  return false;
}

}  // namespace

TEST_CASE("one file means to us what it means to docker-compose") {
  if (!oracle_is_here()) return;
  StackFolder folder;
  folder.write("web.env", "X=1\nQUOTED=\"a b\"\nLITERAL='a b'\nOVER=file\n");
  folder.write("compose.yaml", R"(services:
  web:
    image: "nginx:${TAG:-none}"
    command: sh -c "echo 'a b' $$HOME"
    entrypoint: ["/entry", "a b"]
    ports: ["8080:80", "127.0.0.1:5353:53/udp", "3000", "9000-9001:9000-9001", "127.0.0.1::443"]
    expose: ["8000", "8001"]
    volumes: ["./data:/data:ro", "cache:/cache", "/anonymous", "/abs:/abs:rw"]
    environment:
      DEFAULT: ${A:-x}
      UNSET_ONLY: ${EMPTY-y}
      DOLLARS: "$$A $$${TAG}"
      NUMBER: 5
      SWITCH: "true"
      OVER: service
      NESTED: "a${TAG}b"
    env_file: [web.env]
    labels: ["a=b", "c", "d=e=f"]
    mem_limit: 1g
    ulimits: {nofile: 100, nproc: {soft: 5, hard: 10}}
    depends_on: [db]
    healthcheck: {test: "true", interval: 90s, timeout: 1m30s, retries: 3}
    extra_hosts: ["h:1.2.3.4"]
    networks: {back: {aliases: [w], ipv4_address: 10.5.0.5}, front: }
    logging: {driver: json-file, options: {max-size: 10m}}
    cap_add: [NET_ADMIN]
    dns: 1.1.1.1
    tmpfs: /run
    devices: ["/dev/null:/dev/x"]
    restart: on-failure:3
    stop_grace_period: 1m
    user: "1000"
    sysctls: {net.core.somaxconn: "1024"}
    shm_size: 64m
    init: true
    read_only: true
  db: {image: postgres, restart: "no"}
networks:
  front:
  back: {driver: bridge, ipam: {config: [{subnet: 10.5.0.0/16}]}}
volumes:
  cache: {driver: local, labels: {x: y}}
)");
  agree_on(folder, {"compose.yaml"});
}

TEST_CASE("merged files mean to us what they mean to docker-compose") {
  if (!oracle_is_here()) return;
  StackFolder folder;
  folder.write("base.yaml", R"(services:
  web:
    image: nginx
    command: [a, b]
    ports: ["8080:80"]
    environment: {A1: "1", B1: "2"}
    volumes: ["one:/data", "/a:/b"]
    labels: [x=1]
    depends_on: [db]
    cap_add: [NET_ADMIN]
    logging: {driver: json-file, options: {max-size: 1m}}
  db: {image: postgres}
volumes: {one: {}, two: {}}
)");
  folder.write("over.yaml", R"(services:
  web:
    image: nginx:2
    command: [c]
    ports: ["8080:80", "9090:90"]
    environment: [B1=3, C1=4]
    volumes: ["two:/data"]
    labels: {x: "2", y: "3"}
    cap_add: [NET_ADMIN, SYS_TIME]
    logging: {options: {max-file: "3"}}
  db: {hostname: data}
)");
  agree_on(folder, {"base.yaml", "over.yaml"});
}

}  // namespace aegis::test
