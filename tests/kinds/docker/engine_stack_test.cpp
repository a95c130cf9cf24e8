#include <catch2/catch.hpp>
#include <fstream>
#include <stdexcept>

#include "engine_lab.h"
#include "model/report.h"
#include "plan/describe.h"

namespace aegis::docker {

test::PrivateDockerd& engine() {
  static test::PrivateDockerd engine;
  static const bool k_has_images = [] {
    engine.import_image("demo:1",
                        {"ENV FROM_IMAGE=yes",
                         "ENV PATH=/bin",
                         "WORKDIR /srv",
                         "LABEL image.label=yes",
                         "EXPOSE 70",
                         "VOLUME /var/image",
                         "CMD [\"sleep\", \"500\"]"});
    engine.import_image("plain:1");
    return true;
  }();
  static_cast<void>(k_has_images);
  return engine;
}

EngineDoors::EngineDoors()
    : endpoint(engine_endpoint(UnixEngine{engine().socket()})), doors([this] {
        Connections connections;
        connections.engines.emplace(endpoint, UnixEngine{engine().socket()});
        return connections;
      }()) {}

EngineDoors& Lab::shared_doors() {
  static EngineDoors doors;
  return doors;
}

Lab::Lab()
    : rig(shared_doors().doors.http(), shared_doors().doors.clock(), shared_doors().endpoint) {}

namespace {

// Engine 20.10 now and then keeps the endpoint of a container that was removed by force while its
// health check ran; the network can then only go when that endpoint is disconnected by its name.
// When it does not even tell the name, as happens with many containers at once, it has to forget it
// in a restart.
constexpr const char* k_clean_up = R"(
docker ps -aq | xargs -r docker rm -fv
docker volume ls -q | xargs -r docker volume rm -f
for network in $(docker network ls -q --filter type=custom); do
  for endpoint in $(docker network inspect -f '{{range .Containers}}{{.Name}} {{end}}' "$network"); do
    docker network disconnect -f "$network" "$endpoint"
  done
  docker network rm "$network" || exit 1
done
)";

}  // namespace

Lab::~Lab() {
  try {
    engine().run({"sh", "-c", k_clean_up});
  } catch (const std::runtime_error&) {
    engine().restart();
    engine().run({"sh", "-c", k_clean_up});
  }
}

TEST_CASE("on a real engine, who shares a network is in it again after its owner was restarted") {
  Lab lab;
  const Json stack = Json::parse(R"({"services": {
    "vpn": {"image": "plain:1", "command": ["sleep", "500"], "stop_signal": "SIGKILL"},
    "app": {"image": "plain:1", "command": ["sleep", "500"], "network_mode": "service:vpn", "stop_signal": "SIGKILL",
            "depends_on": {"vpn": {"condition": "service_started", "restart": true, "required": true}}}}})");
  const auto network_of = [](const std::string& container) {
    const std::string pid = engine().run({"docker", "inspect", "-f", "{{.State.Pid}}", container});
    return engine().run({"readlink", "/proc/" + pid.substr(0, pid.find('\n')) + "/ns/net"});
  };
  lab.rig.converge(stack);
  CHECK(network_of("demo-app-1") == network_of("demo-vpn-1"));
  engine().run({"docker", "restart", "demo-vpn-1"});
  REQUIRE(network_of("demo-app-1") != network_of("demo-vpn-1"));
  CHECK(differences(lab.rig.converge(stack)) ==
        std::vector<std::string>{"service/app: restarted_with.vpn"});
  CHECK(network_of("demo-app-1") == network_of("demo-vpn-1"));
  CHECK_FALSE(lab.rig.plan(stack).has_differences());
}

}  // namespace aegis::docker

using namespace aegis;
using namespace aegis::docker;

namespace {

Json sleeper(const Json& more = Json::object()) {
  Json service = {{"image", "demo:1"}, {"command", {"sleep", "1000"}}, {"init", true}};
  service.update(more);
  return service;
}

const Json k_two = {
    {"services",
     {{"db",
       sleeper({{"healthcheck", {{"test", {"CMD", "true"}}, {"interval", 200'000'000}}},
                {"volumes", {{{"type", "volume"}, {"source", "data"}, {"target", "/data"}}}}})},
      {"web",
       sleeper(
           {{"depends_on", {{"db", {{"condition", "service_healthy"}}}}},
            {"environment", {{"TOKEN", {{"$secret", "s3cret-token"}}}}},
            {"networks", {{"default", Json::object()}, {"back", {{"aliases", {"front"}}}}}}})}}},
    {"networks", {{"default", Json::object()}, {"back", {{"internal", true}}}}},
    {"volumes", {{"data", Json::object()}}}};

std::string id_of(const std::string& container) {
  return engine().run({"docker", "inspect", "-f", "{{.Id}}", container});
}

}  // namespace

TEST_CASE("a stack is made on a real engine, and a second plan finds nothing") {
  Lab lab;
  const Plan made = lab.rig.converge(k_two);
  INFO(describe(made));
  CHECK(operations(made, "service/web") ==
        std::vector<std::string>{"create", "wait_for_dependency", "start", "wait"});
  const Plan again = lab.rig.plan(k_two);
  CHECK(differences(again) == std::vector<std::string>{});
  CHECK(lab.rig.observe(k_two).waves == 3);
}

TEST_CASE("docker and docker-compose see the stack as a project of their own") {
  Lab lab;
  lab.rig.converge(k_two);
  const auto names = engine().run({"docker",
                                   "ps",
                                   "--filter",
                                   "label=com.docker.compose.project=demo",
                                   "--format",
                                   "{{.Names}}"});
  CHECK(names.find("demo-web-1") != std::string::npos);
  CHECK(names.find("demo-db-1") != std::string::npos);

  const auto folder = engine().folder() / "compose";
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "compose.yaml") << "version: '3.3'\nservices:\n  web: {image: 'demo:1'}\n"
                                            "  db: {image: 'demo:1'}\n";
  const auto listing = engine().run(
      {"docker-compose", "-p", "demo", "-f", (folder / "compose.yaml").string(), "ps"});
  CHECK(listing.find("demo-web-1") != std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST_CASE("containers that docker-compose made are adopted as they run") {
  Lab lab;
  const auto folder = engine().folder() / "old";
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "compose.yaml") << R"(
version: "3.3"
services:
  web:
    image: demo:1
    command: ["sleep", "1000"]
    environment: { A: "1" }
    ports: ["127.0.0.1:8090:80"]
    restart: unless-stopped
    volumes: ["data:/data", "/tmp:/host:ro"]
    networks: { back: { aliases: [front] } }
    labels: { a.b: c }
    healthcheck: { test: ["CMD", "true"], interval: 1s }
    logging: { options: { max-size: 1m } }
    secrets: [token]
volumes: { data: {} }
secrets: { token: { file: ./token } }
networks: { back: {} }
)";
  std::ofstream(folder / "token") << "same";
  engine().run(
      {"docker-compose", "-p", "demo", "-f", (folder / "compose.yaml").string(), "up", "-d"});
  const std::string id = id_of("demo_web_1");

  const Json wanted = {
      {"services",
       {{"web",
         {{"image", "demo:1"},
          {"command", {"sleep", "1000"}},
          {"environment", {{"A", "1"}}},
          {"ports",
           {{{"target", 80},
             {"published", "8090"},
             {"host_ip", "127.0.0.1"},
             {"protocol", "tcp"}}}},
          {"restart", "unless-stopped"},
          {"volumes",
           {{{"type", "volume"}, {"source", "data"}, {"target", "/data"}},
            {{"type", "bind"}, {"source", "/tmp"}, {"target", "/host"}, {"read_only", true}}}},
          {"networks", {{"back", {{"aliases", {"front"}}}}}},
          {"labels", {{"a.b", "c"}}},
          {"healthcheck", {{"test", {"CMD", "true"}}, {"interval", 1'000'000'000}}},
          {"logging", {{"options", {{"max-size", "1m"}}}}},
          {"secrets",
           {{{"target", "/run/secrets/token"},
             {"uid", "0"},
             {"gid", "0"},
             {"mode", 0444},
             {"content", {{"$secret", "same"}}}}}}}}}},
      {"networks", {{"back", Json::object()}}},
      {"volumes", {{"data", Json::object()}}}};

  const Plan asks = lab.rig.plan(wanted);
  CHECK(differences(asks) ==
        std::vector<std::string>{"network/back adopt", "service/web adopt", "volume/data adopt"});
  CHECK_FALSE(asks.has_work());

  lab.rig.converge(wanted, adopting("stack/core"));
  CHECK(id_of("demo_web_1") == id);
  CHECK(differences(lab.rig.plan(wanted)) == std::vector<std::string>{});
  std::filesystem::remove_all(folder);
}

TEST_CASE("a replacement that does not work is undone, and the old container runs on") {
  Lab lab;
  const Json good = {{"services", {{"web", sleeper({{"restart", "always"}})}}}};
  lab.rig.converge(good);
  const std::string id = id_of("demo-web-1");

  Json bad = good;
  bad["services"]["web"]["command"] = {"sh", "-c", "echo broken; exit 3"};
  const Report report = lab.rig.apply(lab.rig.plan(bad));
  CHECK(report.outcome == Outcome::rolled_back);
  std::string message;
  for (const StepResult& result : report.results) {
    if (result.error) message = result.error->message;
  }
  CHECK(message.find("broken") != std::string::npos);
  CHECK(id_of("demo-web-1") == id);
  CHECK(differences(lab.rig.plan(good)) == std::vector<std::string>{});
}

TEST_CASE("data in anonymous volumes moves on to the replacement") {
  Lab lab;
  Json stack = {
      {"services", {{"web", sleeper({{"volumes", {{{"type", "volume"}, {"target", "/own"}}}}})}}}};
  lab.rig.converge(stack);
  engine().run(
      {"docker", "exec", "demo-web-1", "sh", "-c", "echo kept > /own/a; echo too > /var/image/b"});
  for (const char* value : {"1", "2"}) {
    stack["services"]["web"]["environment"] = {{"A", value}};
    lab.rig.converge(stack);
    CHECK(engine().run({"docker", "exec", "demo-web-1", "cat", "/own/a", "/var/image/b"}) ==
          "kept\ntoo\n");
    CHECK(differences(lab.rig.plan(stack)) == std::vector<std::string>{});
  }
}

TEST_CASE("a volume is replaced with the container on it") {
  Lab lab;
  const Json on_data = {{"type", "volume"}, {"source", "data"}, {"target", "/data"}};
  const Json stack = {{"services", {{"web", sleeper({{"volumes", {on_data}}})}}},
                      {"volumes", {{"data", Json::object()}}}};
  lab.rig.converge(stack);
  engine().run({"docker", "exec", "demo-web-1", "sh", "-c", "echo old > /data/a"});
  PlanOptions named;
  named.replaces = {"stack/core/volume/data"};
  lab.rig.converge(stack, named);
  CHECK(engine().run({"docker", "exec", "demo-web-1", "ls", "/data"}).empty());
  CHECK(differences(lab.rig.plan(stack)) == std::vector<std::string>{});
}

TEST_CASE("a network is replaced under its running containers") {
  Lab lab;
  Json stack = {
      {"services", {{"web", sleeper({{"networks", {{"back", {{"aliases", {"front"}}}}}}})}}},
      {"networks", {{"back", Json::object()}}}};
  lab.rig.converge(stack);
  const std::string id = id_of("demo-web-1");
  stack["networks"]["back"]["internal"] = true;
  lab.rig.converge(stack);
  CHECK(id_of("demo-web-1") == id);
  CHECK(differences(lab.rig.plan(stack)) == std::vector<std::string>{});
}

TEST_CASE("a stopped, a removed and a disconnected container are seen and mended") {
  Lab lab;
  const Json stack = {{"services", {{"web", sleeper()}}}};
  lab.rig.converge(stack);
  engine().run({"docker", "stop", "-t", "0", "demo-web-1"});
  CHECK(differences(lab.rig.plan(stack)) == std::vector<std::string>{"service/web: state"});
  lab.rig.converge(stack);
  engine().run({"docker", "network", "disconnect", "demo_default", "demo-web-1"});
  CHECK(differences(lab.rig.plan(stack)) ==
        std::vector<std::string>{"service/web: networks.default.aliases"});
  lab.rig.converge(stack);
  engine().run({"docker", "rm", "-f", "demo-web-1"});
  lab.rig.converge(stack);
  CHECK(differences(lab.rig.plan(stack)) == std::vector<std::string>{});
}

TEST_CASE("a job that has ended well is at rest, and its dependents start after it") {
  Lab lab;
  const Json stack = {
      {"services",
       {{"job", {{"image", "demo:1"}, {"command", {"true"}}}},
        {"web",
         sleeper(
             {{"depends_on", {{"job", {{"condition", "service_completed_successfully"}}}}}})}}}};
  lab.rig.converge(stack);
  CHECK(differences(lab.rig.plan(stack)) == std::vector<std::string>{});
}

TEST_CASE("what is no longer declared is removed with --prune, volumes last") {
  Lab lab;
  lab.rig.converge(k_two);
  const Json none = {{"services", Json::object()}};
  CHECK_FALSE(lab.rig.plan(none).has_work());
  lab.rig.converge(none, pruning());
  CHECK(differences(lab.rig.plan(none)) == std::vector<std::string>{});
  CHECK(engine().run({"docker", "ps", "-aq"}).empty());
  CHECK(engine().run({"docker", "volume", "ls", "-q", "-f", "name=demo_"}).empty());
}
