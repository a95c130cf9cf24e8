#include <catch2/catch.hpp>

#include "lab/host.h"
#include "support/private_dockerd.h"

namespace aegis::test {
namespace {

constexpr auto k_compose = R"(
services:
  web:
    image: lab/busybox:1
    command: httpd -f -p 8080 -h /
    init: true
    environment: { API_TOKEN: "${TOKEN}" }
    healthcheck:
      test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:8080/bin/busybox"]
      interval: 1s
      retries: 10
    mem_limit: 64m
    volumes: ["data:/data"]
volumes:
  data: {}
)";

std::string manifest(const Host& host) {
  return "servers:\n  lab:\n" + host.server_lines() +
         "containers:\n"
         "  guest:\n"
         "    server: lab\n"
         "    vmid: 103\n"
         "    template: local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst\n"
         "    rootfs: { storage: local-zfs, size: 8GiB }\n"
         "    features: { nesting: true, keyctl: true }\n"
         "stacks:\n"
         "  app: { container: guest, compose: stack/compose.yaml }\n";
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a container and the stack inside of it are made in one run, over one SSH connection") {
  PrivateDockerd engine;
  engine.import_image("lab/busybox:1");
  Host host;
  host.put_engine_into_guests(engine.socket());
  host.write("aegis.yaml", manifest(host));
  host.write("stack/compose.yaml", k_compose);
  const Environment secret{{"TOKEN", "planted-in-the-lab"}};

  const Run planned = host.run({"plan", "--detailed-exitcode"}, secret);
  INFO(planned.out << planned.err);
  REQUIRE(planned.exit_code == 2);
  CHECK(mentions(planned.out, "stack/app/service/web"));
  CHECK_FALSE(mentions(planned.out, "planted-in-the-lab"));

  const Run applied = host.run({"apply", "--auto-approve"}, secret);
  INFO(applied.out << applied.err);
  REQUIRE(applied.exit_code == 0);
  CHECK(host.run({"plan", "--detailed-exitcode"}, secret).exit_code == 0);
  CHECK(mentions(engine.run({"docker", "ps", "--format", "{{.Names}} {{.Status}}"}), "app-web-1"));
  CHECK(mentions(engine.run({"docker", "ps", "--format", "{{.Status}}"}), "healthy"));

  // The journal is on the host and tells the run from its beginning to its end, and no secret.
  CHECK(mentions(host.journal(), "run_started"));
  CHECK(mentions(host.journal(), "succeeded"));
  CHECK_FALSE(mentions(host.journal(), "planted-in-the-lab"));

  // Behind the tool's back.
  engine.run({"docker", "stop", "-t", "1", "app-web-1"});
  const Run drift = host.run({"drift"}, secret);
  CHECK(drift.exit_code == 2);
  CHECK(mentions(drift.out, "state"));
  CHECK(host.run({"apply", "--auto-approve"}, secret).exit_code == 0);
  CHECK(host.run({"plan", "--detailed-exitcode"}, secret).exit_code == 0);

  // Another value of the secret is seen, and is not shown.
  const Environment other{{"TOKEN", "another-planted"}};
  const Run changed = host.run({"plan", "--detailed-exitcode"}, other);
  CHECK(changed.exit_code == 2);
  CHECK(mentions(changed.out, "API_TOKEN"));
  CHECK_FALSE(mentions(changed.out, "planted"));
}

TEST_CASE("an engine that is missing in a running container is an error, not an empty plan") {
  Host host;
  host.put_engine_into_guests("/nonexistent/docker.sock");
  host.write("aegis.yaml", manifest(host));
  host.write("stack/compose.yaml", k_compose);
  const Environment secret{{"TOKEN", "x"}};
  REQUIRE(host.run({"apply", "--auto-approve", "--target", "container/guest"}, secret).exit_code ==
          0);
  const Run planned = host.run({"plan"}, secret);
  INFO(planned.out << planned.err);
  CHECK(planned.exit_code == 5);
  CHECK(mentions(planned.err, "stack app"));
}

}  // namespace aegis::test
