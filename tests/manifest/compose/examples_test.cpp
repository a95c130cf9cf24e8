#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {

TEST_CASE("a web application behind Traefik") {
  StackFolder folder;
  folder.write(".env", "DOMAIN=example.org\nAPP_VERSION=2.4.1\nAPP_SECRET='s3cr$t'\n");
  folder.write("compose.yaml", R"yaml(name: shop
x-logging: &logging
  driver: json-file
  options: {max-size: 10m, max-file: "3"}

services:
  app:
    image: registry.example.org/shop/app:${APP_VERSION:?which version}
    restart: unless-stopped
    logging: *logging
    environment:
      - APP_URL=https://shop.${DOMAIN}
      - APP_SECRET
      - WORKERS=4
    depends_on:
      cache: {condition: service_healthy, restart: true}
    networks:
      - proxy
      - internal
    labels:
      - traefik.enable=true
      - traefik.docker.network=proxy
      - "traefik.http.routers.shop.rule=Host(`shop.${DOMAIN}`) && PathPrefix(`/`)"
      - traefik.http.routers.shop.tls.certresolver=letsencrypt
      - traefik.http.services.shop.loadbalancer.server.port=3000
    volumes:
      - uploads:/srv/uploads
      - ./config.toml:/etc/app/config.toml:ro
    read_only: true
    tmpfs: /tmp:size=64m
    security_opt: [no-new-privileges:true]
    cap_drop: [ALL]
    stop_grace_period: 30s
  cache:
    image: redis:7-alpine
    command: redis-server --save 60 1 --loglevel warning
    logging: *logging
    networks: {internal: {aliases: [redis]}}
    healthcheck:
      test: [CMD, redis-cli, ping]
      interval: 10s
      timeout: 3s
      retries: 5
networks:
  proxy: {external: true}
  internal: {internal: true}
volumes:
  uploads:
)yaml");
  const LoadedStack loaded = folder.load();
  INFO(loaded.everything_said());
  REQUIRE(loaded.problems().empty());
  const Json app = loaded.spec("service/app");
  CHECK(app.at("image") == "registry.example.org/shop/app:2.4.1");
  CHECK(app.at("labels").at("traefik.http.routers.shop.rule") ==
        "Host(`shop.example.org`) && PathPrefix(`/`)");
  CHECK(
      folder.vault.reveal_all(app.at("environment")) ==
      Json::parse(R"({"APP_URL":"https://shop.example.org","APP_SECRET":"s3cr$t","WORKERS":"4"})"));
  CHECK(is_sealed(app.at("environment").at("APP_SECRET")));
  CHECK(app.at("networks") == Json::parse(R"({"proxy":{},"internal":{}})"));
  CHECK(app.at("logging").at("options").at("max-file") == "3");
  CHECK(loaded.spec("service/cache").at("command") ==
        Json::parse(R"(["redis-server","--save","60","1","--loglevel","warning"])"));
  CHECK(loaded.find("network/proxy") == nullptr);
  CHECK(loaded.find("network/default") == nullptr);
}

TEST_CASE("a database with a health check and its backup job") {
  StackFolder folder;
  folder.process = {{"POSTGRES_PASSWORD", "hunter2"}};
  folder.write("db.env", "POSTGRES_DB=app\nPOSTGRES_USER=app\n");
  folder.write("compose.yaml", R"yaml(version: "3.9"
services:
  db:
    image: postgres:16
    container_name: app-db
    env_file:
      - db.env
    environment:
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}
      PGDATA: /var/lib/postgresql/data/pgdata
    ports:
      - "127.0.0.1:5432:5432"
    volumes:
      - type: volume
        source: pgdata
        target: /var/lib/postgresql/data
      - type: tmpfs
        target: /dev/shm2
        tmpfs: {size: 256m, mode: 01777}
    shm_size: 256mb
    ulimits: {nofile: {soft: 20000, hard: 40000}}
    sysctls: {net.core.somaxconn: 1024}
    healthcheck:
      test: pg_isready -U app -d app || exit 1
      interval: 1m30s
      start_period: 40s
    deploy:
      resources:
        limits: {cpus: "2", memory: 4G}
        reservations: {memory: 1G}
      restart_policy: {condition: on-failure, max_attempts: 5}
  backup:
    image: postgres:16
    profiles: [backup]
    entrypoint: ["/bin/sh", "-c", "pg_dump -h db -U app app > /backup/$$(date +%F).sql"]
    depends_on: {db: {condition: service_healthy}}
    volumes: ["./backup:/backup"]
volumes:
  pgdata: {driver: local}
)yaml");
  folder.input.profiles = {"backup"};
  const LoadedStack loaded = folder.load();
  INFO(loaded.everything_said());
  REQUIRE(loaded.problems().empty());
  const Json db = loaded.spec("service/db");
  CHECK(db.at("mem_limit") == 4294967296);
  CHECK(db.at("mem_reservation") == 1073741824);
  CHECK(db.at("cpus") == 2.0);
  CHECK(db.at("shm_size") == 268435456);
  CHECK(db.at("restart") == "on-failure:5");
  CHECK(db.at("volumes")[1].at("tmpfs") == Json::parse(R"({"size":268435456,"mode":1023})"));
  CHECK(db.at("healthcheck").at("test") ==
        Json::parse(R"(["CMD-SHELL","pg_isready -U app -d app || exit 1"])"));
  CHECK(db.at("environment").at("PGDATA") == "/var/lib/postgresql/data/pgdata");
  CHECK(loaded.spec("service/backup").at("entrypoint")[2] ==
        "pg_dump -h db -U app app > /backup/$(date +%F).sql");
  CHECK(dump_json(db).find("hunter2") == std::string::npos);
}

TEST_CASE("a monitoring stack, with an override file") {
  StackFolder folder;
  folder.write("compose.yaml", R"yaml(services:
  prometheus:
    image: prom/prometheus:v2.53.0
    user: "65534:65534"
    command:
      - --config.file=/etc/prometheus/prometheus.yml
      - --storage.tsdb.retention.time=${RETENTION:-15d}
    expose: [9090]
    extra_hosts: ["host.docker.internal:host-gateway"]
    volumes:
      - ./prometheus:/etc/prometheus:ro
      - prometheus_data:/prometheus
    networks: [monitoring]
  node-exporter:
    image: prom/node-exporter:v1.8.1
    network_mode: host
    pid: host
    volumes: ["/:/host:ro,rslave"]
    command: ["--path.rootfs=/host", "--collector.filesystem.mount-points-exclude=^/(sys|proc|dev)($$|/)"]
  cadvisor:
    image: gcr.io/cadvisor/cadvisor:v0.49.1
    privileged: true
    devices: [/dev/kmsg]
    volumes:
      - /:/rootfs:ro
      - /var/run:/var/run:rw
      - /sys:/sys:ro
    networks: [monitoring]
networks:
  monitoring:
    ipam:
      config: [{subnet: 172.28.0.0/16, gateway: 172.28.0.1}]
volumes:
  prometheus_data: {}
)yaml");
  folder.write("compose.override.yaml", R"yaml(services:
  prometheus:
    ports: ["127.0.0.1:9090:9090"]
    networks: {monitoring: {ipv4_address: 172.28.0.10}}
    volumes: ["./prometheus-dev:/etc/prometheus:ro"]
  cadvisor: !reset null
)yaml");
  const LoadedStack loaded = folder.load({"compose.yaml", "compose.override.yaml"});
  INFO(loaded.everything_said());
  REQUIRE(loaded.problems().empty());
  const Json prometheus = loaded.spec("service/prometheus");
  CHECK(prometheus.at("command")[1] == "--storage.tsdb.retention.time=15d");
  CHECK(prometheus.at("volumes").size() == 2);
  CHECK(prometheus.at("volumes")[0].at("source") == (folder.path() / "prometheus-dev").string());
  CHECK(prometheus.at("networks").at("monitoring").at("ipv4_address") == "172.28.0.10");
  CHECK(prometheus.at("extra_hosts")[0] == "host.docker.internal:host-gateway");
  const Json exporter = loaded.spec("service/node-exporter");
  CHECK_FALSE(exporter.contains("networks"));
  CHECK(exporter.at("volumes")[0].at("bind").at("propagation") == "rslave");
  CHECK(exporter.at("command")[1] ==
        "--collector.filesystem.mount-points-exclude=^/(sys|proc|dev)($|/)");
  CHECK(loaded.find("service/cadvisor") == nullptr);
  CHECK(loaded.result.settings.at("config_files").size() == 2);
}

}  // namespace aegis::test
