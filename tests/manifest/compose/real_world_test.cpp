#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

// Stacks in the many styles that people write Compose files in.

namespace aegis::test {
namespace {

using Lines = std::vector<std::string>;

Json services_of(const LoadedStack& loaded) {
  INFO(loaded.everything_said());
  REQUIRE_FALSE(has_errors(loaded.diagnostics));
  return loaded.result.model.at("services");
}

Json names_of(const Json& object) {
  Json names = Json::array();
  for (const auto& [name, value] : object.items()) names.push_back(name);
  return names;
}

}  // namespace

TEST_CASE("a cloud store: a version line, links between services, shared folders of the host") {
  StackFolder folder;
  folder.process = {{"HOME", "/home/ops"}};
  folder.write("db.env", "MYSQL_PASSWORD=abc\nMYSQL_DATABASE=cloud\n");
  folder.write("compose.yaml", R"yaml(version: '3.8'
services:
  db:
    image: mariadb:11
    command: --transaction-isolation=READ-COMMITTED --log-bin=binlog --binlog-format=ROW
    restart: always
    volumes:
      - ~/cloud/db:/var/lib/mysql:Z
    env_file: [db.env]
    environment: [MARIADB_AUTO_UPGRADE=1]
  redis:
    image: redis:alpine
    restart: always
  app: &app
    image: cloud:fpm
    restart: always
    volumes: &volumes
      - html:/var/www/html
      - ${DATA_DIR:-./data}:/var/www/html/data
    environment:
      MYSQL_HOST: db
      REDIS_HOST: redis
    depends_on: [db, redis]
  web:
    image: nginx:alpine
    ports:
      - 127.0.0.1:8080:80
    volumes:
      - html:/var/www/html:ro
      - ./nginx.conf:/etc/nginx/nginx.conf:ro,z
    depends_on: [app]
  cron:
    <<: *app
    entrypoint: /cron.sh
    depends_on:
      db: {condition: service_started}
volumes:
  html:
)yaml");
  const LoadedStack loaded = folder.load();
  const Json services = services_of(loaded);
  CHECK(names_of(services) == Json::parse(R"(["app","cron","db","redis","web"])"));
  CHECK(services.at("db").at("volumes")[0] ==
        Json::parse(R"({"type":"bind","source":"/home/ops/cloud/db","target":"/var/lib/mysql",
                        "bind":{"create_host_path":true,"selinux":"Z"}})"));
  CHECK(services.at("db").at("command").size() == 3);
  CHECK(names_of(services.at("db").at("environment")) ==
        Json::parse(R"(["MARIADB_AUTO_UPGRADE","MYSQL_DATABASE","MYSQL_PASSWORD"])"));
  CHECK(services.at("cron").at("entrypoint") == Json::parse(R"(["/cron.sh"])"));
  CHECK(services.at("cron").at("image") == "cloud:fpm");
  CHECK(names_of(services.at("cron").at("depends_on")) == Json::parse(R"(["db"])"));
  CHECK(services.at("app").at("volumes")[1].at("source") == (folder.path() / "data").string());
  CHECK(services.at("web").at("volumes")[1].at("read_only") == true);
}

TEST_CASE("a photo library: extends from another file, a database command of many words") {
  StackFolder folder;
  folder.write("hwaccel.yml", R"yaml(services:
  cpu: {}
  vaapi:
    devices:
      - /dev/dri:/dev/dri
    group_add: ["video", 109]
  wsl:
    volumes: [/usr/lib/wsl:/usr/lib/wsl]
    gpus: all
)yaml");
  folder.write(".env",
               "UPLOAD_LOCATION=./library\nIMMICH_VERSION=release\nDB_PASSWORD=postgres\n"
               "DB_USERNAME=postgres\n# comment\nDB_DATA_LOCATION=./postgres\n");
  folder.write("compose.yaml", R"yaml(name: photos
services:
  server:
    container_name: photo_server
    image: ghcr.io/photos/server:${IMMICH_VERSION:-release}
    extends:
      file: hwaccel.yml
      service: vaapi
    volumes:
      - ${UPLOAD_LOCATION}:/usr/src/app/upload
      - /etc/localtime:/etc/localtime:ro
    env_file:
      - .env
    ports:
      - '2283:2283'
    depends_on:
      - database
    restart: always
    healthcheck:
      disable: false
  database:
    container_name: photo_postgres
    image: postgres:14@sha256:90724186f0a3517cf6914295b5ab410db9ce23190a2d9d0b9dd6463e3fa298f0
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD}
      POSTGRES_USER: ${DB_USERNAME}
      POSTGRES_INITDB_ARGS: '--data-checksums'
    volumes:
      - ${DB_DATA_LOCATION}:/var/lib/postgresql/data
    healthcheck:
      test: >-
        pg_isready --dbname="$${POSTGRES_DB}" --username="$${POSTGRES_USER}" || exit 1;
        Chksum="$$(psql --tuples-only)"; [ "$$Chksum" = '0' ] || exit 1
      interval: 5m
      start_period: 5m
    command: >-
      postgres -c shared_preload_libraries=vectors.so
      -c 'search_path="$$user", public, vectors' -c logging_collector=on
    restart: always
    shm_size: 128mb
)yaml");
  const LoadedStack loaded = folder.load();
  const Json services = services_of(loaded);
  const Json& server = services.at("server");
  CHECK(server.at("devices")[0].at("source") == "/dev/dri");
  CHECK(server.at("group_add") == Json::parse(R"(["video","109"])"));
  CHECK_FALSE(server.contains("extends"));
  CHECK(server.at("volumes")[0].at("source") == (folder.path() / "library").string());
  const Json& database = services.at("database");
  CHECK(database.at("command")[4] == "search_path=\"$$user\", public, vectors");
  CHECK(database.at("healthcheck")
            .at("test")[1]
            .get<std::string>()
            .starts_with("pg_isready --dbname=\"$${POSTGRES_DB}\""));
  CHECK(database.at("shm_size") == "134217728");
  CHECK(database.at("environment").at("POSTGRES_PASSWORD") == "[redacted]");
  CHECK(database.at("environment").at("POSTGRES_INITDB_ARGS") == "--data-checksums");
}

TEST_CASE("a reverse proxy: many labels, three notations of networks, the engine's socket") {
  const LoadedStack loaded = load_text(R"yaml(services:
  traefik:
    image: "traefik:v3.1"
    command:
      - "--providers.docker=true"
      - "--providers.docker.exposedbydefault=false"
      - "--entryPoints.web.address=:80"
      - "--certificatesresolvers.le.acme.email=${ACME_EMAIL:?set the address}"
    ports:
      - "80:80"
      - target: 443
        published: "443"
        protocol: tcp
        mode: host
      - "443:443/udp"
    volumes:
      - "/var/run/docker.sock:/var/run/docker.sock:ro"
      - type: volume
        source: certs
        target: /letsencrypt
        volume: {nocopy: true}
    networks:
      edge:
        aliases: [proxy]
        priority: 1000
      default:
  whoami:
    image: traefik/whoami
    networks: [edge]
    labels:
      traefik.enable: true
      traefik.http.routers.whoami.rule: "Host(`whoami.${DOMAIN:-localhost}`)"
      traefik.http.middlewares.auth.basicauth.users: "ops:$$apr1$$H6uskkkW$$IgXLP6ewTrSuBkTrqE8wj/"
      traefik.http.services.whoami.loadbalancer.server.port: 80
networks:
  edge:
    name: edge
    external: true
volumes:
  certs: {}
)yaml",
                                       {{"ACME_EMAIL", "ops@example.org"}});
  const Json services = services_of(loaded);
  const Json& labels = services.at("whoami").at("labels");
  CHECK(labels.at("traefik.enable") == "true");
  CHECK(labels.at("traefik.http.services.whoami.loadbalancer.server.port") == "80");
  CHECK(labels.at("traefik.http.middlewares.auth.basicauth.users") ==
        "ops:$$apr1$$H6uskkkW$$IgXLP6ewTrSuBkTrqE8wj/");
  CHECK(services.at("traefik").at("ports").size() == 3);
  CHECK(services.at("traefik").at("networks") ==
        Json::parse(R"({"edge":{"aliases":["proxy"],"priority":1000},"default":null})"));
  CHECK(loaded.result.model.at("networks").at("edge") ==
        Json::parse(R"({"external":true,"name":"edge","ipam":{}})"));
  CHECK(load_text("services: {a: {image: 'x:${ACME_EMAIL:?set the address}'}}\n").problems() ==
        Lines{"compose.yaml:1:23 error: variable not usable: In `services.a.image`: The variable "
              "ACME_EMAIL is required, but unset or empty: set the address"});
}

TEST_CASE("a monitoring stack: anchors for what is shared, the host's namespaces, profiles") {
  StackFolder folder;
  folder.write("compose.yaml", R"yaml(
x-common: &common
  restart: unless-stopped
  logging:
    driver: "json-file"
    options: {max-size: "10m", max-file: "5"}
  networks: [monitoring]

services:
  prometheus:
    <<: *common
    image: prom/prometheus:v2.53.0
    user: "65534:65534"
    command: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.retention.time=30d']
    volumes: [./prometheus:/etc/prometheus:ro, prometheus_data:/prometheus]
    expose: [9090]
    deploy:
      resources:
        limits: {cpus: '1.5', memory: 2G}
        reservations: {memory: 512M}
  node-exporter:
    image: prom/node-exporter:v1.8.1
    restart: unless-stopped
    network_mode: host
    pid: host
    command: ["--path.rootfs=/host"]
    volumes: ["/:/host:ro,rslave"]
  cadvisor:
    <<: *common
    image: gcr.io/cadvisor/cadvisor:v0.49.1
    privileged: true
    devices: [/dev/kmsg]
    volumes: [/:/rootfs:ro, /var/run:/var/run:rw, /sys:/sys:ro]
  debug:
    <<: *common
    image: alpine
    profiles: [debug]
    stdin_open: true
    tty: true
networks: {monitoring: {driver: bridge, driver_opts: {com.docker.network.bridge.name: br-mon}}}
volumes: {prometheus_data: }
)yaml");
  const Json services = services_of(folder.load());
  CHECK(names_of(services) == Json::parse(R"(["cadvisor","node-exporter","prometheus"])"));
  CHECK(services.at("prometheus").at("deploy").at("resources") ==
        Json::parse(R"({"limits":{"cpus":1.5,"memory":"2147483648"},
                        "reservations":{"memory":"536870912"}})"));
  CHECK(services.at("node-exporter").at("volumes")[0].at("bind").at("propagation") == "rslave");
  CHECK_FALSE(services.at("node-exporter").contains("networks"));
  CHECK(services.at("cadvisor").at("logging").at("options").at("max-file") == "5");
  folder.input.profiles = {"debug"};
  CHECK(services_of(folder.load()).at("debug").at("tty") == true);
}

TEST_CASE(
    "a forge: a block of configuration in a variable, SSH on another port, large shared memory") {
  const LoadedStack loaded = load_text(R"yaml(services:
  gitlab:
    image: gitlab/gitlab-ce:17.1.1-ce.0
    hostname: 'git.example.org'
    environment:
      GITLAB_OMNIBUS_CONFIG: |
        external_url 'https://git.example.org'
        gitlab_rails['smtp_enable'] = true # a comment of theirs
        nginx['listen_port'] = 80
    ports: ['80:80', '2224:22']
    volumes: ['$GITLAB_HOME/config:/etc/gitlab', '$GITLAB_HOME/data:/var/opt/gitlab']
    shm_size: '256m'
    ulimits: {nofile: {soft: 65536, hard: 65536}}
    stop_grace_period: 2m
)yaml",
                                       {{"GITLAB_HOME", "/srv/gitlab"}});
  const Json gitlab = services_of(loaded).at("gitlab");
  CHECK(gitlab.at("environment").at("GITLAB_OMNIBUS_CONFIG") ==
        "external_url 'https://git.example.org'\n"
        "gitlab_rails['smtp_enable'] = true # a comment of theirs\n"
        "nginx['listen_port'] = 80\n");
  CHECK(gitlab.at("volumes")[0].at("source") == "/srv/gitlab/config");
  CHECK(gitlab.at("stop_grace_period") == "2m0s");
}

TEST_CASE("a social network: health gates, internal networks, one image in many roles") {
  StackFolder folder;
  folder.write(".env.production", "SECRET_KEY_BASE=aaa\nDB_HOST=db\n");
  folder.write("compose.yaml", R"yaml(services:
  db:
    restart: always
    image: postgres:14-alpine
    shm_size: 256mb
    networks: [internal_network]
    healthcheck: {test: ['CMD', 'pg_isready', '-U', 'postgres']}
    volumes: ['./postgres14:/var/lib/postgresql/data']
    environment: ['POSTGRES_HOST_AUTH_METHOD=trust']
  web:
    image: social/app:v4.2.10
    env_file: .env.production
    command: bundle exec puma -C config/puma.rb
    networks: [external_network, internal_network]
    healthcheck:
      test: ['CMD-SHELL', "curl -s --noproxy localhost localhost:3000/health | grep -q 'OK' || exit 1"]
    ports: ['127.0.0.1:3000:3000']
    depends_on: {db: {condition: service_healthy}}
  sidekiq:
    extends: web
    command: bundle exec sidekiq
    ports: !reset []
    healthcheck: {test: ['CMD-SHELL', "ps aux | grep '[s]idekiq\ 6' || false"]}
networks:
  external_network:
  internal_network: {internal: true}
)yaml");
  const Json services = services_of(folder.load());
  const Json& sidekiq = services.at("sidekiq");
  CHECK(sidekiq.at("command") == Json::parse(R"(["bundle","exec","sidekiq"])"));
  CHECK_FALSE(sidekiq.contains("ports"));
  CHECK(sidekiq.at("environment").contains("SECRET_KEY_BASE"));
  CHECK(sidekiq.at("depends_on").at("db").at("condition") == "service_healthy");
  CHECK(sidekiq.at("healthcheck").at("test")[1] == "ps aux | grep '[s]idekiq 6' || false");
}

TEST_CASE("a paper archive, split into files that are included, with an override file") {
  StackFolder folder;
  folder.write("broker/compose.yml",
               "services:\n  broker:\n    image: docker.io/library/redis:7\n"
               "    restart: unless-stopped\n    volumes:\n      - redisdata:/data\n"
               "volumes:\n  redisdata:\n");
  folder.write("docker-compose.env", "PAPERLESS_URL=https://paper.example.org\nUSERMAP_UID=1000\n");
  folder.write("compose.yaml", R"yaml(include:
  - broker/compose.yml
services:
  webserver:
    image: ghcr.io/paper/app:latest
    depends_on: [broker]
    ports: ["8000:8000"]
    volumes: [data:/usr/src/app/data, ./export:/usr/src/app/export]
    env_file:
      - path: ./docker-compose.env
        required: true
      - path: ./local.env
        required: false
    environment: {PAPERLESS_REDIS: "redis://broker:6379"}
volumes: {data: }
)yaml");
  folder.write("compose.override.yaml",
               "services:\n  webserver:\n    image: !override ghcr.io/paper/app:2.10\n"
               "    ports: !override ['127.0.0.1:8001:8000']\n    environment: [EXTRA=1]\n");
  const LoadedStack loaded = folder.load({"compose.yaml", "compose.override.yaml"});
  const Json services = services_of(loaded);
  const Json& web = services.at("webserver");
  CHECK(web.at("image") == "ghcr.io/paper/app:2.10");
  REQUIRE(web.at("ports").size() == 1);
  CHECK(web.at("ports")[0].at("published") == "8001");
  CHECK(names_of(web.at("environment")) ==
        Json::parse(R"(["EXTRA","PAPERLESS_REDIS","PAPERLESS_URL","USERMAP_UID"])"));
  CHECK(names_of(loaded.result.model.at("volumes")) == Json::parse(R"(["data","redisdata"])"));
}

TEST_CASE("habits of other tools are refused, each with its reason") {
  const auto problems = load_text(R"yaml(services:
  web:
    image: nginx
    port: ["80:80"]
    restart: alway
    user: 1000
    environment:
      MODE: 0755
      WHEN: 2024-01-01
    depends_on: [databse]
    volumes: ["data:/data"]
  database:
    image: postgres
    stop_grace_period: 90
    isolation: hyperv
)yaml")
                            .problems();
  const Lines starts{
      "compose.yaml:4:5 error: unknown key: Compose does not know `services.web.port`. Did you "
      "mean `ports`?",
      "compose.yaml:5:14 error: ",
      "compose.yaml:6:11 error: value must be quoted: ",
      "compose.yaml:8:13 error: value must be quoted: ",
      "compose.yaml:9:13 error: value must be quoted: ",
      "compose.yaml:14:24 error: ",
      "compose.yaml:15:16 error: not possible here: ",
      "compose.yaml:11:15 error: undefined volume: ",
      "compose.yaml:10:18 error: undefined service: ",
  };
  CAPTURE(problems);
  for (const std::string& start : starts) {
    INFO(start);
    CHECK(std::any_of(problems.begin(), problems.end(), [&](const std::string& problem) {
      return problem.starts_with(start);
    }));
  }
  CHECK(problems.size() == starts.size());
}

TEST_CASE("a mail server: addresses of an own network, SELinux letters on volumes, odd ports") {
  StackFolder folder;
  folder.write(".env", "TZ=UTC\n");
  folder.write("compose.yaml", R"yaml(services:
  resolver:
    image: registry.example.com/resolver:1.23
    environment:
      - TZ=${TZ}
      - SKIP_CHECK=${SKIP_CHECK:-n}
    tty: true
    networks:
      mail:
        ipv4_address: ${IPV4_NETWORK:-172.22.1}.254
        aliases: [resolver]
  store:
    image: registry.example.com/store:2.2
    depends_on: [resolver]
    dns:
      - ${IPV4_NETWORK:-172.22.1}.254
    cap_add: [NET_BIND_SERVICE]
    volumes:
      - mail-vol:/var/mail:Z
      - socket-vol:/var/run/mysqld/:z
      - ./conf/:/etc/store/:ro,Z
    ports:
      - "${ADMIN_PORT:-127.0.0.1:19991}:12345"
      - "${IMAP_PORT:-143}:143"
    ulimits: {nproc: 65535, nofile: {soft: 20000, hard: 40000}}
    labels:
      jobs.clean.command: "/bin/sh -c \"[ $${MASTER} = y ] || exit 0\""
    stop_grace_period: 45s
    networks: [mail]
  filter:
    image: registry.example.com/filter:1.60
    privileged: true
    network_mode: host
    sysctls:
      net.ipv6.conf.all.disable_ipv6: ${NO_IPV6:-0}
networks:
  mail:
    enable_ipv6: true
    ipam:
      driver: default
      config:
        - subnet: ${IPV4_NETWORK:-172.22.1}.0/24
        - subnet: ${IPV6_NETWORK:-fd4d:6169:6c63:6f77::/64}
volumes:
  mail-vol:
  socket-vol: {name: sockets}
)yaml");
  const Json services = services_of(folder.load());
  const Json& store = services.at("store");
  CHECK(store.at("volumes").at(0).at("bind") == Json{{"selinux", "Z"}});
  CHECK(store.at("volumes").at(1).at("target") == "/var/run/mysqld");
  CHECK(store.at("ports").at(0).at("host_ip") == "127.0.0.1");
  CHECK(store.at("ports").at(0).at("published") == "19991");
  CHECK(store.at("labels").at("jobs.clean.command") ==
        "/bin/sh -c \"[ $${MASTER} = y ] || exit 0\"");
  CHECK(services.at("resolver").at("networks").at("mail").at("ipv4_address") == "172.22.1.254");
  CHECK(services.at("filter").at("sysctls").at("net.ipv6.conf.all.disable_ipv6") == "0");
}

}  // namespace aegis::test
