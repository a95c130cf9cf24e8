#include <catch2/catch.hpp>

#include "manifest/compose/stack_folder.h"

namespace aegis::test {
namespace {

struct Mistake {
  std::string line;   // of the service, without its indent of four
  std::string where;  // "line:column" in the file, or "" for the service's own line
  std::string says;   // something the message must contain
};

}  // namespace

TEST_CASE("each mistake in a service is told at its own place") {
  const std::vector<Mistake> mistakes{
      {"imagee: y", "4:5", "Did you mean `image`?"},
      {"x_y: z", "4:5", "Compose does not know `services.web.x_y`"},
      {"build: https://example.net/x.git", "4:12", "is not a folder"},
      {"build: nowhere", "4:12", "cannot be read"},
      {"build: {context: [a]}", "4:22", "must be text"},
      {"links: [a]", "4:13", "service that is not defined"},
      {"links: ['a:b:c']", "4:13", "name[:alias]"},
      {"external_links: ['a:']", "4:22", "name[:alias]"},
      {"volumes_from: [nope]", "4:20", "service that is not defined"},
      {"volumes_from: ['container:']", "4:20", "container:name"},
      {"extends: {service: wbe}", "4:24", "undefined service"},
      {"gpus: some", "4:11", "which is not all"},
      {"gpus: [{count: 1, device_ids: ['0']}]", "4:20", "exclude each other"},
      {"mac_address: 02-42-ac", "4:18", "not a MAC address"},
      {"mac_address: '02:42:ac:11:00:02'\n    network_mode: host", "4:18", "exclude each other"},
      {"network_mode: service:db", "4:19", "service that is not defined"},
      {"network_mode: 'service:'", "4:19", "followed by a name"},
      {"network_mode: container:x\n    ports: ['80:80']", "5:12", "exclude each other"},
      {"network_mode: container:x\n    hostname: y", "5:15", "exclude each other"},
      {"network_mode: bridge\n    external_links: [x]", "5:21", "exclude each other"},
      {"network_mode: hots", "4:19", "Did you mean `host`?"},
      {"pid: service:x", "4:10", "service that is not defined"},
      {"uts: private", "4:10", "which is not host"},
      {"userns_mode: keep-id", "4:18", "which is not host"},
      {"cgroup: shared", "4:13", "not one of host or private"},
      {"isolation: hyperv", "4:16", "for Windows containers"},
      {"isolation: x", "4:16", "which is not default"},
      {"cpu_count: 2", "4:5", "for Windows containers"},
      {"cpu_percent: 50", "4:5", "for Windows containers"},
      {"credential_spec: {file: x}", "4:5", "for Windows containers"},
      {"use_api_socket: true", "4:5", "registry logins"},
      {"pre_start: [{command: x}]", "4:5", "nobody to run it"},
      {"post_start: [{user: root}]", "4:18", "needs `command`"},
      {"pre_stop: {command: x}", "4:15", "a list of commands"},
      {"oom_score_adj: 2000", "4:20", "from -1000 to 1000"},
      {"mem_swappiness: 101", "4:21", "from 0 to 100"},
      {"cpu_period: soon", "4:17", "not a duration"},
      {"cpus: 1\n    cpu_quota: 5000", "5:16", "exclude each other"},
      {"device_cgroup_rules: ['x 1:3 rwm']", "4:27", "not a rule such as"},
      {"device_cgroup_rules: ['c 1 rwm']", "4:27", "not a rule such as"},
      {"blkio_config: {weight: 5}", "4:28", "from 10 to 1000"},
      {"blkio_config: {device_read_bps: [{path: /dev/sda}]}", "4:38", "needs `path` and `rate`"},
      {"blkio_config: {weight_device: [{path: sda, weight: 20}]}", "4:43", "absolute path"},
      {"label_file: missing.env", "4:17", "cannot be read"},
      {"ports: 80", "4:12", "must be a list of ports, not a number"},
      {"ports: ['80:']", "4:13", "is not a port"},
      {"ports: ['99999:80']", "4:13", "is not a port"},
      {"ports: ['80:70000']", "4:13", "is not a port"},
      {"ports: ['1:2:3:4']", "4:13", "is not a port"},
      {"ports: ['::1:80:80']", "4:13", "is not a port"},
      {"ports: ['localhost:80:80']", "4:13", "host address"},
      {"ports: ['80:80/icmp']", "4:13", "protocol tcp, udp or sctp"},
      {"ports: ['10-12:20-21']", "4:13", "one length"},
      {"ports: ['80:20-21']", "4:13", "one length"},
      {"ports: ['12-10:80']", "4:13", "is not a port"},
      {"ports: [{published: 80}]", "4:13", "needs `target`"},
      {"ports: [{target: 80, port: 80}]", "4:26", "does not know"},
      {"volumes: ['v:/data']", "4:15", "Windows drive"},
      {"volumes: ['data:/x']", "4:15", "volume that is not defined: `data`"},
      {"volumes: ['/a:/b:ro:x']", "4:15", "[source:]target[:options]"},
      {"volumes: ['/a:/b:fast']", "4:15", "option that is not known"},
      {"volumes: ['/a:/b:nocopy']", "4:15", "does not go with a host path"},
      {"volumes: ['/a:b']", "4:15", "absolute target"},
      {"volumes: [data]", "4:15", "absolute target"},
      {"volumes: ['/a:/']", "4:15", "absolute target"},
      {"volumes: [{type: bnd, source: /a, target: /b}]", "4:22", "Did you mean `bind`?"},
      {"volumes: [{type: image, target: /b}]", "4:15", "needs `source`"},
      {"volumes: [{type: image, source: a, target: /b, image: {subpath: /x}}]",
       "4:69",
       "a path inside the volume"},
      {"volumes: [{type: npipe, source: a, target: /b}]", "4:22", "only Windows"},
      {"volumes: [{type: cluster, source: a, target: /b}]", "4:22", "Docker Swarm"},
      {"volumes: [{type: bind, target: /b}]", "4:15", "needs `source`"},
      {"volumes: [{source: /a, target: /b}]", "4:15", "needs `type`"},
      {"volumes: [{type: volume, target: /b, bind: {}}]", "4:48", "does not go with"},
      {"volumes: [{type: volume, target: /b, volume: {subpath: ../a}}]",
       "4:60",
       "a path inside the volume"},
      {"volumes: [{type: bind, source: /a, target: /b, bind: {recursive: on}}]",
       "4:70",
       "not one of enabled"},
      {"environment: ['A =x']", "4:19", "blank after its name"},
      {"environment: ['=x']", "4:19", "no name"},
      {"environment: A=x", "4:18", "a mapping or a list of name=value"},
      {"environment: {A: [1]}", "4:22", "must be text, not a list"},
      {"command: \"echo 'x\"", "4:14", "not closed"},
      {"depends_on: [nope]", "4:18", "service that is not defined: `nope`"},
      {"depends_on: [wbe]", "4:18", "Did you mean `web`?"},
      {"depends_on: {web: {restart: true}}", "4:23", "needs `condition`"},
      {"networks: [nope]", "4:16", "network that is not defined: `nope`"},
      {"networks: {default: {ipv4_address: 10.0.0}}", "4:40", "not an IPv4 address"},
      {"networks: {default: {gw_priority: x}}", "4:39", "a whole number"},
      {"networks: {default: {link_local_ips: [x]}}", "4:43", "not an IPv4 or IPv6 address"},
      {"networks: {default: {interface_name: a/b}}", "4:42", "name of a network interface"},
      {"healthcheck: {test: [curl, x]}", "4:25", "must start with CMD, CMD-SHELL or NONE"},
      {"healthcheck: {test: []}", "4:25", "must start with"},
      {"healthcheck: {test: [CMD]}", "4:25", "no command after CMD"},
      {"healthcheck: {start_interval: 1s}", "4:35", "needs `start_period`"},
      {"healthcheck: {interval: 5}", "4:29", "not a duration"},
      {"restart: sometimes", "4:14", "not one of no, always, unless-stopped or on-failure"},
      {"restart: on-failure:x", "4:14", "on-failure with a whole number"},
      {"restart: alway", "4:14", "Did you mean `always`?"},
      {"deploy: {replicas: 2}\n    scale: 3", "5:12", "different numbers of containers"},
      {"scale: 2\n    container_name: x1", "5:21", "name of 2 containers"},
      {"scale: 2\n    ports: ['80:80']", "5:13", "only one of 2 containers"},
      {"scale: 0", "4:12", "profile that is not enabled"},
      {"deploy: {update_config: {order: start}}", "4:37", "not one of stop-first"},
      {"deploy: {resources: {limits: {gpu: 1}}}", "4:35", "does not know"},
      {"ulimits: {nofile: {soft: 1}}", "4:23", "needs both"},
      {"ulimits: {nofile: x}", "4:23", "not a whole number"},
      {"devices: [kvm]", "4:15", "absolute path"},
      {"deploy: {resources: {reservations: {devices: [{count: 1}]}}}", "4:51", "`capabilities`"},
      {"deploy: {resources: {reservations: {generic_resources: []}}}", "4:60", "Docker Swarm"},
      {"devices: ['/dev/a:/dev/b:rx']", "4:15", "letters r, w and m"},
      {"extra_hosts: ['a']", "4:19", "a host with its address"},
      {"extra_hosts: ['a:b']", "4:19", "a host with its address"},
      {"tmpfs: run", "4:12", "absolute target"},
      {"pull_policy: hourly", "4:18", "not one of missing"},
      {"pull_policy: every_day", "4:18", "every_12h"},
      {"cpus: many", "4:11", "number of CPUs"},
      {"cpu_shares: -1", "4:17", "a whole number from 0 on"},
      {"container_name: _x", "4:21", "container name"},
      {"env_file: missing.env", "4:15", "missing.env: there is no such file"},
      {"env_file: [{required: true}]", "4:16", "needs `path`"},
      {"env_file: [{path: a, required: false, format: json}]", "4:51", "which is not raw"},
      {"hostname: !mine h", "4:21", "unknown tag"},
      {"labels: {a: '${X:?no}'}", "4:17", "required"},
      {"labels: {a: '${1}'}", "4:17", "not a reference"},
      {"hostname: a${X", "4:16", "no closing"},
  };
  for (const Mistake& mistake : mistakes) {
    INFO(mistake.line);
    const auto problems = web_problems("    " + mistake.line + "\n");
    CAPTURE(problems);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].starts_with("compose.yaml:" + mistake.where + " error: "));
    CHECK(problems[0].find(mistake.says) != std::string::npos);
  }
}

TEST_CASE("what a build cannot have is told with its reason") {
  const std::vector<Mistake> mistakes{
      {"{secrets: [a]}", "1:36", "conversation with BuildKit"},
      {"{ssh: [default]}", "1:36", "conversation with BuildKit"},
      {"{platforms: [linux/arm64]}", "1:36", "`platform` says which one"},
      {"{dockerfile_inline: FROM y, dockerfile: x}", "1:75", "exclude each other"},
      {"{network: [a]}", "1:45", "must be text"}};
  for (const Mistake& mistake : mistakes) {
    INFO(mistake.line);
    StackFolder folder;
    folder.write("Dockerfile", "FROM scratch\n");
    folder.write("compose.yaml", "services: {web: {image: x, build: " + mistake.line + "}}\n");
    const auto problems = folder.load().problems();
    CAPTURE(problems);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].starts_with("compose.yaml:" + mistake.where + " error: "));
    CHECK(problems[0].find(mistake.says) != std::string::npos);
  }
}

TEST_CASE("each mistake at the top level is told at its own place") {
  const std::vector<Mistake> mistakes{
      {"secrets: {a: {fil: b}}", "2:15", "Did you mean `file`?"},
      {"include: [x.yaml]", "2:11", "cannot be read"},
      {"netwroks: {a: }", "2:1", "Did you mean `networks`?"},
      {"networks: [a]", "2:11", "must be a mapping"},
      {"networks: {a: {drivr: x}}", "2:16", "Did you mean `driver`?"},
      {"networks: {a: {ipam: {config: [{aux_addresses: {x: y}}]}}}", "2:52", "not an IPv4"},
      {"models: {a: {model: b}}", "2:1", "model runner"},
      {"configs: {a: {file: b, template_driver: golang}}", "2:41", "Docker Swarm"},
      {"networks: {a: {ipam: {config: [{subnet: 10.0.0.0}]}}}", "2:41", "not a network such as"},
      {"networks: {a: {ipam: {config: [{subnet: 10.0.0.0/33}]}}}", "2:41", "not a network such as"},
      {"networks: {a: {ipam: {config: [{gateway: x}]}}}", "2:42", "not an IPv4 or IPv6 address"},
      {"networks: {a: {external: true, driver: bridge}}", "2:32", "external"},
      {"volumes: {a: {external: true, labels: {x: y}}}", "2:31", "external"},
      {"volumes: {a: {name: ''}}", "2:21", "not a name"},
      {"volumes: {'a b': }", "2:11", "names are made of"},
  };
  for (const Mistake& mistake : mistakes) {
    INFO(mistake.line);
    const auto problems =
        load_text("services: {web: {image: x}}\n" + mistake.line + "\n").problems();
    CAPTURE(problems);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].starts_with("compose.yaml:" + mistake.where + " error: "));
    CHECK(problems[0].find(mistake.says) != std::string::npos);
  }
}

TEST_CASE("all mistakes are told at once, and one mistake causes no second message") {
  const LoadedStack loaded = load_text(R"(services:
  web:
    image: 5
    prots: []
    ports: ["x"]
    networks: [front]
    depends_on: [db]
  db:
    build: .
networks:
  front: {driver: [a]}
)");
  CHECK(loaded.problems().size() == 5);
  CHECK(loaded.result.resources.empty());
}

TEST_CASE("files that cannot be used are told at the stack's place") {
  StackFolder folder;
  const LoadedStack missing = folder.load({"nope.yaml"});
  REQUIRE(missing.problems().size() == 1);
  CHECK(missing.problems()[0].starts_with("manifest.yaml:2:3 error: Compose file not readable"));

  std::filesystem::create_directory(folder.path() / "dir.yaml");
  CHECK(folder.load({"dir.yaml"}).problems()[0].find("this is not a file") != std::string::npos);
  CHECK(folder.load({}).problems()[0].find("names no Compose file") != std::string::npos);
  CHECK(folder.write("empty.yaml", "")
            .load({"empty.yaml"})
            .problems()[0]
            .find("have no `services`") != std::string::npos);
  CHECK(folder.write("list.yaml", "- a\n")
            .load({"list.yaml"})
            .problems()[0]
            .starts_with("list.yaml:1:1 error: wrong type"));
  CHECK(folder.write("bad.yaml", "a: [b\n")
            .load({"bad.yaml"})
            .problems()[0]
            .starts_with("bad.yaml:"));

  folder.input.project = "My Project";
  const auto wrong = folder.write("compose.yaml", "services: {a: {image: x}}\n").load().problems();
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].starts_with("manifest.yaml:2:3 error: invalid project name"));

  folder.input.project = "core";
  folder.input.env_files = {"gone.env"};
  CHECK(folder.load().problems()[0].find("gone.env: there is no such file") != std::string::npos);
}

TEST_CASE("hostile input ends in messages, not in a crash") {
  const std::vector<std::string> nasty{
      "services: null",
      "services: []",
      "services: {web: null}",
      "services: {web: []}",
      "services: {web: {image: {}}}",
      "services: {web: {image: x, ports: [null, [], {}]}}",
      "services: {web: {image: x, volumes: [null, [], {}, '', ':', '::', ':::']}}",
      "services: {web: {image: x, environment: [null, [], {}]}}",
      "services: {web: {image: x, env_file: [null, [], {}, '']}}",
      "services: {web: {image: x, devices: ['', ':', '::', null]}}",
      "services: {web: {image: x, extra_hosts: ['', ':', '=', null]}}",
      "services: {web: {image: x, deploy: {resources: {limits: null}}}}",
      "services: {web: {image: x, deploy: []}}",
      "services: {web: {image: x, healthcheck: []}}",
      "services: {web: {image: x, depends_on: {web: null}}}",
      "services: {web: {image: x, tmpfs: ['', ':', null]}}",
      "services: {web: {image: x, labels: !reset {a: b}}}",
      "networks: {a: {ipam: {config: [null]}}}",
      "services: {web: {image: x, ports: ['1-9999', '0-9']}}",
      "services: {web: {image: '${A:-${B:-${C:?x}}}'}}",
  };
  for (const std::string& text : nasty) {
    INFO(text);
    const LoadedStack loaded = load_text(text + "\n");
    for (const Diagnostic& diagnostic : loaded.diagnostics) CHECK(diagnostic.where.has_value());
  }
}

}  // namespace aegis::test
