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
      {"links: [a]", "4:5", "not supported yet"},
      {"extends: {service: wbe}", "4:24", "undefined service"},
      {"gpus: all", "4:5", "not supported yet"},
      {"mac_address: '02:42:ac:11:00:02'", "4:5", "not supported yet"},
      {"network_mode: service:db", "4:19", "shares a namespace"},
      {"network_mode: hots", "4:19", "Did you mean `host`?"},
      {"pid: container:x", "4:10", "shares a namespace"},
      {"ports: 80", "4:12", "must be a list of ports, not a number"},
      {"ports: ['80:']", "4:13", "is not a port"},
      {"ports: ['99999:80']", "4:13", "is not a port"},
      {"ports: ['80:70000']", "4:13", "is not a port"},
      {"ports: ['1:2:3:4']", "4:13", "is not a port"},
      {"ports: ['::1:80:80']", "4:13", "is not a port"},
      {"ports: ['localhost:80:80']", "4:13", "host address"},
      {"ports: ['80:80/icmp']", "4:13", "protocol tcp or udp"},
      {"ports: ['80:80/sctp']", "4:13", "not supported yet"},
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
      {"volumes: [{type: image, source: a, target: /b}]", "4:22", "not supported yet"},
      {"volumes: [{type: bind, target: /b}]", "4:15", "needs `source`"},
      {"volumes: [{source: /a, target: /b}]", "4:15", "needs `type`"},
      {"volumes: [{type: volume, target: /b, bind: {}}]", "4:48", "does not go with"},
      {"volumes: [{type: volume, target: /b, volume: {subpath: a}}]", "4:51", "not supported yet"},
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
      {"networks: {default: {gw_priority: 1}}", "4:26", "not supported yet"},
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
      {"devices: ['vendor.com/gpu=all']", "4:15", "CDI"},
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

TEST_CASE("each mistake at the top level is told at its own place") {
  const std::vector<Mistake> mistakes{
      {"secrets: {a: {fil: b}}", "2:15", "Did you mean `file`?"},
      {"include: [x.yaml]", "2:11", "cannot be read"},
      {"netwroks: {a: }", "2:1", "Did you mean `networks`?"},
      {"networks: [a]", "2:11", "must be a mapping"},
      {"networks: {a: {drivr: x}}", "2:16", "Did you mean `driver`?"},
      {"networks: {a: {enable_ipv4: true}}", "2:16", "not supported yet"},
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
