#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {
namespace {

struct Case {
  std::string body;      // of the service, as one YAML line without its indent
  std::string expected;  // the value of its key, as JSON
};

void check_all(const std::string& key, const std::vector<Case>& cases) {
  for (const Case& example : cases) {
    const Json spec = web_spec("    " + key + ": " + example.body + "\n");
    INFO(key << ": " << example.body);
    CHECK(spec.value(key, Json()) == Json::parse(example.expected));
  }
}

}  // namespace

TEST_CASE("every short form of a port becomes the long form") {
  check_all(
      "ports",
      {
          {"[3000]", R"([{"target":3000,"published":"","host_ip":"","protocol":"tcp"}])"},
          {"['8080:80']", R"([{"target":80,"published":"8080","host_ip":"","protocol":"tcp"}])"},
          {"[8080:80]", R"([{"target":80,"published":"8080","host_ip":"","protocol":"tcp"}])"},
          {"['53:53/UDP']", R"([{"target":53,"published":"53","host_ip":"","protocol":"udp"}])"},
          {"['127.0.0.1:5432:5432']",
           R"([{"target":5432,"published":"5432","host_ip":"127.0.0.1","protocol":"tcp"}])"},
          {"['127.0.0.1::80']",
           R"([{"target":80,"published":"","host_ip":"127.0.0.1","protocol":"tcp"}])"},
          {"['[::1]:8080:80']",
           R"([{"target":80,"published":"8080","host_ip":"::1","protocol":"tcp"}])"},
          {"['9000-9001:9100-9101']",
           R"([{"target":9100,"published":"9000","host_ip":"","protocol":"tcp"},
               {"target":9101,"published":"9001","host_ip":"","protocol":"tcp"}])"},
          {"['8100-8110:82']",
           R"([{"target":82,"published":"8100-8110","host_ip":"","protocol":"tcp"}])"},
          {"['7000-7001']",
           R"([{"target":7000,"published":"","host_ip":"","protocol":"tcp"},
               {"target":7001,"published":"","host_ip":"","protocol":"tcp"}])"},
          {"[{target: 80}]", R"([{"target":80,"published":"","host_ip":"","protocol":"tcp"}])"},
          {"[{target: '80', published: 8080, host_ip: 10.0.0.1, protocol: udp, mode: host}]",
           R"([{"target":80,"published":"8080","host_ip":"10.0.0.1","protocol":"udp"}])"},
          {"[{target: 80, published: '8080-8090'}]",
           R"([{"target":80,"published":"8080-8090","host_ip":"","protocol":"tcp"}])"},
          {"['80:80', '80:80', '80:80/udp']",
           R"([{"target":80,"published":"80","host_ip":"","protocol":"tcp"},
               {"target":80,"published":"80","host_ip":"","protocol":"udp"}])"},
      });
  check_all("expose", {{"[80, '53/udp', '30-31']", R"(["80/tcp","53/udp","30/tcp","31/tcp"])"}});
}

TEST_CASE("every short form of a mount becomes the long form") {
  check_all("volumes",
            {
                {"[/var/lib/x]", R"([{"type":"volume","target":"/var/lib/x","read_only":false}])"},
                {"['/srv/a:/b']",
                 R"([{"type":"bind","source":"/srv/a","target":"/b","read_only":false,
                "bind":{"create_host_path":true}}])"},
                {"['/a/../c/:/b/:ro']",
                 R"([{"type":"bind","source":"/c","target":"/b","read_only":true,
                "bind":{"create_host_path":true}}])"},
                {"['/a:/b:rw,Z,rslave']",
                 R"([{"type":"bind","source":"/a","target":"/b","read_only":false,
                "bind":{"create_host_path":true,"selinux":"Z","propagation":"rslave"}}])"},
                {"['/a:/b:cached']",
                 R"([{"type":"bind","source":"/a","target":"/b","read_only":false,
                "bind":{"create_host_path":true}}])"},
                {"[{type: bind, source: /a, target: /b}]",
                 R"([{"type":"bind","source":"/a","target":"/b","read_only":false,
                "bind":{"create_host_path":true}}])"},
                {"[{type: bind, source: /a, target: /b, bind: {create_host_path: false}}]",
                 R"([{"type":"bind","source":"/a","target":"/b","read_only":false,
                "bind":{"create_host_path":false}}])"},
                {"[{type: tmpfs, target: /t, tmpfs: {size: 10m, mode: 0755}}]",
                 R"([{"type":"tmpfs","target":"/t","read_only":false,
                "tmpfs":{"size":10485760,"mode":493}}])"},
                {"[{type: tmpfs, target: /t, tmpfs: {mode: 493}}]",
                 R"([{"type":"tmpfs","target":"/t","read_only":false,"tmpfs":{"mode":493}}])"},
                {"[{type: volume, target: /t, read_only: true, volume: {nocopy: true}}]",
                 R"([{"type":"volume","target":"/t","read_only":true,"volume":{"nocopy":true}}])"},
                {"[{type: volume, target: /t, volume: {subpath: a/b, labels: [x=y]}}]",
                 R"([{"type":"volume","target":"/t","read_only":false,
                "volume":{"subpath":"a/b","labels":{"x":"y"}}}])"},
                {"[{type: bind, source: /a, target: /b, bind: {recursive: disabled}}]",
                 R"([{"type":"bind","source":"/a","target":"/b","read_only":false,
                "bind":{"create_host_path":true,"recursive":"disabled"}}])"},
            });
  check_all("tmpfs",
            {{"/run", R"({"/run":""})"},
             {"['/run:size=1m,mode=755', /tmp/]", R"({"/run":"size=1m,mode=755","/tmp":""})"}});
}

TEST_CASE("a named volume, with and without nocopy") {
  const LoadedStack loaded = load_text(
      "services: {web: {image: x, volumes: ['data:/a:ro', 'data:/b:nocopy']}}\n"
      "volumes: {data: }\n");
  CHECK(loaded.spec("service/web").at("volumes") ==
        Json::parse(R"([{"type":"volume","source":"data","target":"/a","read_only":true},
                        {"type":"volume","source":"data","target":"/b","read_only":false,
                         "volume":{"nocopy":true}}])"));
}

TEST_CASE("commands: text is cut, lists are kept, empty is explicit, absent is absent") {
  for (const std::string key : {"command", "entrypoint"}) {
    check_all(key,
              {{"sh -c \"a b\"", R"(["sh","-c","a b"])"},
               {"[a, 'b c', \"$$D\"]", R"(["a","b c","$D"])"},
               {"''", "[]"},
               {"[]", "[]"},
               {"", "null"}});
  }
}

TEST_CASE("mappings that may be lists") {
  check_all(
      "environment",
      {{"{A: x, B: 5, C: true, D: '', E: }", R"({"A":"x","B":"5","C":"true","D":"","E":null})"},
       {"[A=x, B=a=b, C=, D]", R"({"A":"x","B":"a=b","C":"","D":null})"}});
  check_all(
      "labels",
      {{"{a.b: x, c: }", R"({"a.b":"x","c":""})"}, {"['a.b=x', c]", R"({"a.b":"x","c":""})"}});
  check_all("sysctls",
            {{"{net.core.somaxconn: 1024}", R"({"net.core.somaxconn":"1024"})"},
             {"['a=1']", R"({"a":"1"})"}});
  check_all("extra_hosts",
            {{"['a:1.2.3.4', 'b=[::1]', 'c:::1', 'd:host-gateway', 'a:1.2.3.4']",
              R"(["a:1.2.3.4","b:::1","c:::1","d:host-gateway"])"},
             {"{a: 1.2.3.4, b: ['::1', 5.6.7.8]}", R"(["a:1.2.3.4","b:::1","b:5.6.7.8"])"}});
  check_all("networks",
            {{"[default]", R"({"default":{}})"},
             {"{default: }", R"({"default":{}})"},
             {"{default: {aliases: [a, b], ipv4_address: 10.0.0.5, ipv6_address: 'fd00::5', "
              "mac_address: '02:42:ac:11:00:02', priority: 10}}",
              R"({"default":{"aliases":["a","b"],"ipv4_address":"10.0.0.5",
                  "ipv6_address":"fd00::5","mac_address":"02:42:ac:11:00:02","priority":10}})"}});
  check_all("dns",
            {{"1.1.1.1", R"(["1.1.1.1"])"}, {"[1.1.1.1, 8.8.8.8]", R"(["1.1.1.1","8.8.8.8"])"}});
  check_all("dns_search", {{"a.example", R"(["a.example"])"}});
  check_all("group_add", {{"[docker, 999]", R"(["docker","999"])"}});
}

TEST_CASE("a health check's test, durations and switch") {
  check_all(
      "healthcheck",
      {{"{test: curl -f x, interval: 1m30s, timeout: 500ms, retries: 3}",
        R"({"test":["CMD-SHELL","curl -f x"],"interval":90000000000,"timeout":500000000,
                  "retries":3})"},
       {"{test: [CMD, a, b], start_period: 1d2h, start_interval: 1.5s}",
        R"({"test":["CMD","a","b"],"start_period":93600000000000,"start_interval":1500000000})"},
       {"{test: [NONE]}", R"({"test":["NONE"]})"},
       {"{disable: true}", R"({"test":["NONE"],"disable":true})"}});
}

TEST_CASE("sizes, numbers and switches") {
  check_all("mem_limit",
            {{"1g", "1073741824"}, {"'1.5GiB'", "1610612736"}, {"1024", "1024"}, {"64k", "65536"}});
  check_all("memswap_limit", {{"-1", "-1"}, {"'-1'", "-1"}, {"2gb", "2147483648"}});
  check_all("shm_size", {{"128M", "134217728"}});
  check_all("cpus", {{"0.5", "0.5"}, {"'1.50'", "1.5"}, {"2", "2.0"}});
  check_all("pids_limit", {{"-1", "-1"}, {"'100'", "100"}});
  check_all("stop_grace_period", {{"1m", "60000000000"}, {"'0'", "0"}});
  check_all("ulimits",
            {{"{nofile: 65536, nproc: {soft: 10, hard: -1}}",
              R"({"nofile":{"soft":65536,"hard":65536},"nproc":{"soft":10,"hard":-1}})"}});
  check_all("init", {{"true", "true"}, {"'false'", "false"}});
  check_all("read_only", {{"'true'", "true"}});
}

TEST_CASE("devices, logging, restart and pull policies") {
  check_all(
      "devices",
      {{"[/dev/kvm]", R"([{"source":"/dev/kvm","target":"/dev/kvm","permissions":"rwm"}])"},
       {"['/dev/a:/dev/b:r']", R"([{"source":"/dev/a","target":"/dev/b","permissions":"r"}])"},
       {"[{source: /dev/a, permissions: rw}]",
        R"([{"source":"/dev/a","target":"/dev/a","permissions":"rw"}])"}});
  check_all("logging",
            {{"{driver: json-file, options: {max-size: 10m, max-file: 3, x: }}",
              R"({"driver":"json-file","options":{"max-size":"10m","max-file":"3"}})"}});
  check_all("restart",
            {{"no", R"("no")"},
             {"'no'", R"("no")"},
             {"always", R"("always")"},
             {"unless-stopped", R"("unless-stopped")"},
             {"on-failure", R"("on-failure")"},
             {"'on-failure:5'", R"("on-failure:5")"}});
  check_all("pull_policy",
            {{"if_not_present", R"("missing")"},
             {"always", R"("always")"},
             {"weekly", R"("weekly")"},
             {"every_90m", R"("every_90m")"}});
}

TEST_CASE("what the kernel does for a container") {
  check_all("blkio_config",
            {{"{weight: 300, weight_device: [{path: /dev/sda, weight: 400}], "
              "device_read_bps: [{path: /dev/sdb, rate: 12mb}], "
              "device_write_iops: [{path: /dev/sdb, rate: 30}]}",
              R"({"weight":300,"weight_device":[{"path":"/dev/sda","weight":400}],
                  "device_read_bps":[{"path":"/dev/sdb","rate":12582912}],
                  "device_write_iops":[{"path":"/dev/sdb","rate":30}]})"}});
  check_all("cpu_period", {{"50000", "50000"}, {"50ms", "50000"}});
  check_all("cpu_quota", {{"'25000'", "25000"}, {"-1", "-1"}, {"25ms", "25000"}});
  check_all("cpu_rt_period", {{"1400us", "1400"}, {"11000", "11000"}});
  check_all("cpu_rt_runtime", {{"400ms", "400000"}});
  check_all("oom_kill_disable", {{"true", "true"}});
  check_all("oom_score_adj", {{"-500", "-500"}});
  check_all("mem_swappiness", {{"0", "0"}, {"'60'", "60"}});
  check_all("device_cgroup_rules", {{"['c 1:3 mr', 'a *:* rwm']", R"(["c 1:3 mr","a *:* rwm"])"}});
  check_all("storage_opt", {{"{size: 1G}", R"({"size":"1G"})"}});
  check_all("annotations", {{"[com.example.a=b]", R"({"com.example.a":"b"})"}});
  for (const std::string key : {"cgroup_parent", "runtime", "isolation", "uts", "userns_mode"}) {
    const std::string word = key == "isolation" ? "default" : "host";
    check_all(key, {{word, '"' + word + '"'}});
  }
  check_all("cgroup", {{"private", R"("private")"}});
  check_all("mac_address", {{"'02:42:ac:11:00:02'", R"("02:42:ac:11:00:02")"}});
}

TEST_CASE("devices that a driver picks come together, whatever key asks for them") {
  check_all(
      "gpus",
      {{"all", R"([{"count":-1,"capabilities":["gpu"]}])"},
       {"[{driver: nvidia, count: 2, capabilities: [utility], options: {a: b}}]",
        R"([{"driver":"nvidia","count":2,"capabilities":["utility","gpu"],
                   "options":{"a":"b"}}])"},
       {"[{device_ids: ['0', '3']}]", R"([{"device_ids":["0","3"],"capabilities":["gpu"]}])"}});
  const Json spec = web_spec(
      "    deploy: {resources: {reservations: {devices: [{driver: nvidia, count: all, "
      "capabilities: [gpu]}]}}}\n"
      "    devices: [/dev/kvm, 'vendor.com/gpu=all']\n");
  CHECK(spec.at("gpus") == Json::parse(R"([{"driver":"nvidia","count":-1,"capabilities":["gpu"]},
                        {"driver":"cdi","device_ids":["vendor.com/gpu=all"]}])"));
  CHECK(spec.at("devices") ==
        Json::parse(R"([{"source":"/dev/kvm","target":"/dev/kvm","permissions":"rwm"}])"));
}

TEST_CASE("what a service shares with another one, and that it starts after it") {
  const LoadedStack loaded = load_text(
      "services:\n"
      "  vpn: {image: x, container_name: tunnel}\n"
      "  data: {image: x}\n"
      "  web:\n"
      "    image: x\n"
      "    network_mode: service:vpn\n"
      "    pid: container:monitor\n"
      "    ipc: service:data\n"
      "    volumes_from: ['data:ro', 'container:other']\n"
      "  app: {image: x, links: [data, 'vpn:gate'], external_links: ['old:db']}\n");
  REQUIRE(loaded.problems().empty());
  const Json web = loaded.spec("service/web");
  CHECK(web.at("network_mode") == "service:vpn");
  CHECK(web.at("pid") == "container:monitor");
  CHECK(web.at("volumes_from") == Json::parse(R"(["data:ro","container:other:rw"])"));
  CHECK(web.at("peers") == Json::parse(R"({"vpn":{"container_name":"tunnel"}})"));
  CHECK(web.at("depends_on") ==
        Json::parse(R"({"vpn":{"condition":"service_started","restart":true,"required":true},
                        "data":{"condition":"service_started","restart":true,"required":true}})"));
  CHECK_FALSE(web.contains("networks"));
  const Json app = loaded.spec("service/app");
  CHECK(app.at("links") == Json::parse(R"(["data:data","vpn:gate"])"));
  CHECK(app.at("external_links") == Json::parse(R"(["old:db"])"));
}

TEST_CASE("labels come from files too, and the service's own win") {
  StackFolder folder;
  folder.write("a.labels", "one=1\ntwo=2\n").write("b.labels", "two=3\nthree=4\n");
  folder.write(
      "compose.yaml",
      "services: {web: {image: x, label_file: [a.labels, b.labels], labels: {one: own}}}\n");
  const LoadedStack loaded = folder.load();
  REQUIRE(loaded.problems().empty());
  CHECK(loaded.spec("service/web").at("labels") ==
        Json::parse(R"({"one":"own","two":"3","three":"4"})"));
  CHECK_FALSE(loaded.spec("service/web").contains("label_file"));
}

TEST_CASE("hooks are commands with what they run as") {
  check_all("post_start",
            {{"[{command: chown -R 1000 /data, user: root}]",
              R"([{"command":["chown","-R","1000","/data"],"user":"root"}])"}});
  check_all(
      "pre_stop",
      {{"[{command: [sync], privileged: true, working_dir: /, environment: [A=b]}]",
        R"([{"command":["sync"],"privileged":true,"working_dir":"/","environment":{"A":"b"}}])"}});
}

TEST_CASE("what deploy says moves into the service's own keys") {
  const Json spec = web_spec(R"(
    deploy:
      mode: replicated
      replicas: 1
      labels: {only: swarm}
      resources:
        limits: {cpus: '0.50', memory: 50M, pids: 10}
        reservations: {memory: 20M, cpus: '0.25'}
      restart_policy: {condition: on-failure, max_attempts: 3, delay: 5s}
    restart: always
)");
  CHECK(spec == Json::parse(R"({"image":"nginx","networks":{"default":{}},"cpus":0.5,
                               "mem_limit":52428800,"pids_limit":10,"mem_reservation":20971520,
                               "restart":"on-failure:3"})"));
  CHECK(web_spec("    deploy: {restart_policy: {condition: none}}\n").at("restart") == "no");
  CHECK(web_spec("    deploy: {restart_policy: {condition: any}}\n").at("restart") == "always");
}

TEST_CASE("plain texts are taken over, and keys that are not set stay away") {
  const Json spec = web_spec(
      "    user: '1000:1000'\n    working_dir: /srv\n    hostname: h\n    domainname: d.example\n"
      "    container_name: web_1\n    stop_signal: SIGQUIT\n    platform: linux/amd64\n"
      "    pid: host\n    ipc: private\n    cpuset: 0-3\n    network_mode: host\n    x-mine: {a: "
      "1}\n");
  CHECK(spec == Json::parse(R"({"image":"nginx","user":"1000:1000","working_dir":"/srv",
      "hostname":"h","domainname":"d.example","container_name":"web_1","stop_signal":"SIGQUIT",
      "platform":"linux/amd64","pid":"host","ipc":"private","cpuset":"0-3","network_mode":"host"})"));
}

}  // namespace aegis::test
