#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

// Stacks of home servers and small companies, each in the style that its kind is usually written
// in: devices, capabilities, shared networks, older keys.

namespace aegis::test {
namespace {

Json spec_of(const LoadedStack& loaded, const std::string& service) {
  INFO(loaded.everything_said());
  REQUIRE(loaded.problems().empty());
  return loaded.spec("service/" + service);
}

}  // namespace

TEST_CASE("a media server: a graphics device, its groups, a cache in memory, the host's network") {
  const LoadedStack loaded = load_text(R"yaml(services:
  media:
    image: example/media:10
    container_name: media
    user: 1000:1000
    group_add: ["109", "44"]
    network_mode: host
    devices:
      - /dev/dri/renderD128:/dev/dri/renderD128
      - /dev/dri/card0
    device_cgroup_rules: ['c 226:* rwm']
    volumes:
      - /srv/media/config:/config
      - type: bind
        source: /srv/films
        target: /films
        read_only: true
        bind: {recursive: disabled}
    tmpfs: /transcode:size=4g,mode=1777
    restart: unless-stopped
    environment: {PUBLISHED_URL: "http://media.example.org"}
    extra_hosts: ["host.docker.internal:host-gateway"]
)yaml");
  const Json media = spec_of(loaded, "media");
  CHECK(
      media.at("devices")[1] ==
      Json::parse(R"({"source":"/dev/dri/card0","target":"/dev/dri/card0","permissions":"rwm"})"));
  CHECK(media.at("device_cgroup_rules") == Json::parse(R"(["c 226:* rwm"])"));
  CHECK(media.at("volumes")[1].at("bind").at("recursive") == "disabled");
  CHECK(media.at("tmpfs").at("/transcode") == "size=4g,mode=1777");
}

TEST_CASE("a filter for names: capabilities, a fixed MAC address, names of its own, two networks") {
  const LoadedStack loaded = load_text(R"yaml(services:
  filter:
    image: example/filter:2025
    hostname: filter
    domainname: lan
    mac_address: 02:42:c0:a8:01:35
    cap_add: [NET_ADMIN, SYS_TIME, SYS_NICE]
    dns: [127.0.0.1, 9.9.9.9]
    ports: ["53:53/tcp", "53:53/udp", "67:67/udp", "8053:80"]
    environment:
      TZ: Europe/Berlin
      WEBPASSWORD_FILE: /run/secrets/web
    secrets: [web]
    networks:
      lan: {ipv4_address: 192.168.1.53, priority: 100, gw_priority: 1}
      default: {}
secrets:
  web: {environment: WEB_PASSWORD}
networks:
  lan:
    driver: macvlan
    driver_opts: {parent: eth0}
    ipam:
      config:
        - subnet: 192.168.1.0/24
          gateway: 192.168.1.1
          ip_range: 192.168.1.48/28
          aux_addresses: {router: 192.168.1.49, printer: 192.168.1.50}
)yaml",
                                       {{"WEB_PASSWORD", "planted"}});
  const Json filter = spec_of(loaded, "filter");
  CHECK(filter.at("mac_address") == "02:42:c0:a8:01:35");
  CHECK(filter.at("networks").at("lan").at("gw_priority") == 1);
  CHECK(loaded.spec("network/lan").at("ipam").at("config")[0].at("aux_addresses") ==
        Json::parse(R"({"router":"192.168.1.49","printer":"192.168.1.50"})"));
}

TEST_CASE("a tunnel: kernel settings, a device, and others that have no network but its own") {
  const LoadedStack loaded = load_text(R"yaml(services:
  tunnel:
    image: example/tunnel:3
    cap_add: [NET_ADMIN]
    devices: [/dev/net/tun:/dev/net/tun]
    sysctls:
      - net.ipv4.conf.all.src_valid_mark=1
      - net.ipv6.conf.all.disable_ipv6=0
    ports: ["8080:8080", "51820:51820/udp"]
    healthcheck: {test: "wg show wg0", interval: 30s, start_period: 20s}
  torrents:
    image: example/torrents:5
    network_mode: service:tunnel
    depends_on:
      tunnel: {condition: service_healthy, restart: true}
  indexer:
    image: example/indexer:1
    network_mode: "service:tunnel"
  helper:
    image: example/helper:1
    network_mode: container:elsewhere
)yaml");
  CHECK(spec_of(loaded, "torrents").at("network_mode") == "service:tunnel");
  CHECK(loaded.spec("service/torrents").at("depends_on").at("tunnel").at("condition") ==
        "service_healthy");
  CHECK(loaded.spec("service/indexer").at("depends_on").at("tunnel").at("condition") ==
        "service_started");
  CHECK_FALSE(loaded.spec("service/helper").contains("depends_on"));
  CHECK(loaded.find("network/default") != nullptr);
  CHECK(loaded.result.model.at("services").at("indexer").at("network_mode") == "service:tunnel");
}

TEST_CASE("models on a graphics card: reserved devices, all cards, and a card by its number") {
  const LoadedStack loaded = load_text(R"yaml(services:
  models:
    image: example/models:0.5
    volumes: [models:/root/.models]
    deploy:
      resources:
        reservations:
          devices:
            - driver: nvidia
              count: all
              capabilities: [gpu]
  chat:
    image: example/chat:main
    depends_on: [models]
    gpus: all
    ipc: host
    ulimits: {memlock: -1, stack: 67108864}
  images:
    image: example/images:1
    runtime: nvidia
    shm_size: 8gb
    gpus:
      - driver: nvidia
        device_ids: ["1"]
        capabilities: [utility]
volumes: {models: {}}
)yaml");
  CHECK(spec_of(loaded, "models").at("gpus") ==
        Json::parse(R"([{"driver":"nvidia","count":-1,"capabilities":["gpu"]}])"));
  CHECK(loaded.spec("service/chat").at("gpus")[0].at("capabilities") == Json::parse(R"(["gpu"])"));
  CHECK(loaded.spec("service/images").at("gpus")[0].at("device_ids") == Json::parse(R"(["1"])"));
  CHECK(loaded.spec("service/images").at("runtime") == "nvidia");
}

TEST_CASE("a mail server: many ports, files of its own, a long grace, labels from a file") {
  StackFolder folder;
  folder.write("mail.env", "OVERRIDE_HOSTNAME=mail.example.org\nENABLE_FAIL2BAN=1\n");
  folder.write("proxy.labels", "proxy.enable=true\nproxy.host=mail.example.org\n");
  folder.write("compose.yaml", R"yaml(services:
  mail:
    image: example/mail:14
    hostname: mail.example.org
    env_file: mail.env
    label_file: ./proxy.labels
    labels: {backup: daily}
    ports: ["25:25", "143:143", "465:465", "587:587", "993:993"]
    volumes:
      - ./data/mail/:/var/mail/
      - ./config/:/tmp/config/:Z
      - /etc/localtime:/etc/localtime:ro
    cap_add: [NET_ADMIN]
    stop_grace_period: 1m
    healthcheck:
      test: "ss --listening --tcp | grep -P 'LISTEN.+:smtp' || exit 1"
      timeout: 3s
      retries: 0
    pre_stop:
      - command: [postqueue, -f]
        user: root
)yaml");
  const Json mail = spec_of(folder.load(), "mail");
  CHECK(mail.at("labels").at("proxy.host") == "mail.example.org");
  CHECK(mail.at("labels").at("backup") == "daily");
  CHECK(mail.at("pre_stop")[0].at("command") == Json::parse(R"(["postqueue","-f"])"));
  CHECK(mail.at("ports").size() == 5);
}

TEST_CASE("a forge with its database: a build in the file itself, hooks, names of its own") {
  StackFolder folder;
  folder.write("compose.yaml", R"yaml(services:
  forge:
    build:
      dockerfile_inline: |
        FROM registry.example.org/forge:1.22 AS base
        RUN apk add --no-cache git-lfs
        FROM base
        COPY app.ini /etc/forge/
      network: host
      no_cache: true
      pull: true
      shm_size: 128m
      extra_hosts: ["mirror=10.0.0.5"]
      tags: ["forge:latest"]
    image: example/forge:own
    environment:
      - USER_UID=1000
      - FORGE__database__HOST=db:5432
    ports: ["3000:3000", "222:22"]
    volumes: [forge:/data, /etc/timezone:/etc/timezone:ro]
    depends_on: [db]
    post_start:
      - command: chown -R git /data/hooks
        user: root
  db:
    image: postgres:16
    volumes: ["db:/var/lib/postgresql/data"]
volumes:
  forge:
  db:
)yaml");
  folder.write("app.ini", "[server]\n");
  const LoadedStack loaded = folder.load();
  const Json build = spec_of(loaded, "forge").at("build");
  CHECK(build.at("base_images") == Json::parse(R"(["registry.example.org/forge:1.22"])"));
  CHECK(build.at("extra_hosts") == Json::parse(R"(["mirror:10.0.0.5"])"));
  CHECK(build.at("shm_size") == 134217728);
  const Json model = loaded.result.model.at("services").at("forge").at("build");
  CHECK(model.at("shm_size") == "134217728");
  CHECK(model.at("extra_hosts") == Json::parse(R"(["mirror=10.0.0.5"])"));
  CHECK_FALSE(model.contains("dockerfile"));
}

TEST_CASE("home automation: the host's devices, sockets and names, a radio on a serial line") {
  const LoadedStack loaded = load_text(R"yaml(services:
  home:
    image: example/home:stable
    privileged: true
    network_mode: host
    uts: host
    userns_mode: host
    cgroup: host
    restart: unless-stopped
    volumes: ["/opt/home:/config", "/run/dbus:/run/dbus:ro"]
  broker:
    image: example/broker:2
    ports: ["1883:1883", "9001:9001"]
    volumes:
      - type: volume
        source: broker
        target: /broker/data
        volume: {nocopy: true, labels: {kind: state}}
  radio:
    image: example/radio:1
    devices: ["/dev/serial/by-id/usb-radio:/dev/ttyUSB0"]
    group_add: [dialout]
    depends_on: {broker: {condition: service_started, required: true}}
volumes: {broker: {}}
)yaml");
  CHECK(spec_of(loaded, "home").at("uts") == "host");
  CHECK(loaded.spec("service/broker").at("volumes")[0].at("volume") ==
        Json::parse(R"({"nocopy":true,"labels":{"kind":"state"}})"));
}

TEST_CASE("a file of the older kind: links, volumes of others, limits beside the service") {
  const LoadedStack loaded = load_text(R"yaml(version: "2.4"
services:
  files:
    image: busybox
    command: "true"
    volumes: [/srv/www]
  db:
    image: mysql:8
    container_name: shop_db
    mem_limit: 512m
    memswap_limit: 1g
    mem_swappiness: 10
    oom_score_adj: -500
    cpu_shares: 512
    cpu_quota: 50000
    cpuset: 0,1
    blkio_config:
      weight: 600
      device_read_bps: [{path: /dev/sda, rate: 50mb}]
  shop:
    image: example/shop:7
    links: ["db:mysql"]
    external_links: [old_cache:cache]
    volumes_from: ["files:ro"]
    expose: ["9000"]
    cgroup_parent: shops.slice
    isolation: default
)yaml");
  const Json shop = spec_of(loaded, "shop");
  CHECK(shop.at("links") == Json::parse(R"(["db:mysql"])"));
  CHECK(shop.at("peers") == Json::parse(R"({"db":{"container_name":"shop_db"}})"));
  CHECK(shop.at("volumes_from") == Json::parse(R"(["files:ro"])"));
  CHECK(shop.at("depends_on").at("files").at("restart") == false);
  CHECK(loaded.spec("service/db").at("blkio_config").at("device_read_bps")[0].at("rate") ==
        52428800);
  CHECK(loaded.result.model.at("services").at("db").at("blkio_config") ==
        Json::parse(R"({"weight":600,"device_read_bps":[{"path":"/dev/sda","rate":"52428800"}]})"));
}

TEST_CASE("cameras: rules for devices, much shared memory, a subfolder of a volume") {
  const LoadedStack loaded = load_text(R"yaml(services:
  cameras:
    image: example/cameras:0.14
    shm_size: "512mb"
    stop_grace_period: 30s
    devices: ["/dev/bus/usb:/dev/bus/usb"]
    device_cgroup_rules: ["c 189:* rwm", "a 7:* rmw"]
    volumes:
      - {type: volume, source: clips, target: /media, volume: {subpath: cameras/clips}}
      - {type: tmpfs, target: /tmp/cache, tmpfs: {size: 1gb, mode: 0o1777}}
    storage_opt: {size: 20G}
    annotations: {com.example.owner: security}
    oom_kill_disable: false
volumes: {clips: {}}
)yaml");
  const Json cameras = spec_of(loaded, "cameras");
  CHECK(cameras.at("volumes")[0].at("volume").at("subpath") == "cameras/clips");
  CHECK(cameras.at("storage_opt").at("size") == "20G");
  CHECK(cameras.at("annotations").at("com.example.owner") == "security");
}

TEST_CASE("a stack written for Swarm: what one engine has no use for is told and left out") {
  const LoadedStack loaded = load_text(R"yaml(services:
  web:
    image: example/web:1
    deploy:
      mode: replicated
      replicas: 2
      endpoint_mode: dnsrr
      labels: [proxy.enable=true]
      placement: {constraints: [node.role == worker], max_replicas_per_node: 1}
      update_config: {parallelism: 1, delay: 10s, order: start-first, max_failure_ratio: 0.2}
      rollback_config: {parallelism: 1}
      restart_policy: {condition: any, delay: 5s, window: 120s}
)yaml");
  CHECK(spec_of(loaded, "web").at("restart") == "always");
  CHECK(loaded.find("service/web-2") != nullptr);
  for (const std::string key : {"labels", "placement", "endpoint_mode", "max_failure_ratio"}) {
    INFO(key);
    CHECK(loaded.everything_said().find("." + key + "` has no effect on one Docker engine") !=
          std::string::npos);
  }
}

}  // namespace aegis::test
