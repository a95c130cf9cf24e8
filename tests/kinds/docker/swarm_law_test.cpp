#include <catch2/catch.hpp>

#include "laws/laws.h"
#include "support/fake_clock.h"
#include "support/fake_docker.h"
#include "support/fake_shell.h"
#include "swarm_rig.h"

using namespace aegis;
using namespace aegis::laws;

namespace {

class SwarmWorld : public LawWorld {
 public:
  SwarmWorld() {
    engine_.init_swarm();
    engine_.publish_image("app:1");
    engine_.publish_image("app:2");
  }
  HttpTransport& http() override { return engine_; }
  RemoteShell& shell() override { return shell_; }
  Clock& clock() override { return clock_; }
  Json essence() override { return engine_.essence(); }

 private:
  test::FakeDocker engine_;
  FakeShell shell_;
  FakeClock clock_;
};

Wanted stack(const std::string& compose) {
  return [compose](Vault& vault) {
    return docker::swarm_stack(test::FakeDocker().endpoint(), compose, vault);
  };
}

std::string two_services(const std::string& version) {
  return R"yaml(services:
  db:
    image: app:)yaml" +
         version + R"yaml(
    volumes: [data:/data]
    networks: [back]
    secrets: [password]
  web:
    image: app:)yaml" +
         version + R"yaml(
    environment: {TOKEN: secret-)yaml" +
         version + R"yaml(}
    configs: [settings]
    secrets: [password]
    ports: ["8080:80"]
    networks: [default, back]
    deploy: {replicas: 2, update_config: {order: start-first}}
networks: {back: {}}
volumes: {data: {}}
configs: {settings: {content: "version )yaml" +
         version + R"yaml("}}
secrets: {password: {content: "hunter)yaml" +
         version + R"yaml("}}
)yaml";
}

LawCase case_of(std::vector<Wanted> stages) {
  LawCase law_case;
  law_case.stages = std::move(stages);
  law_case.kinds = docker::swarm_kinds();
  law_case.make_world = [] { return std::make_unique<SwarmWorld>(); };
  return law_case;
}

void check_laws(const LawCase& law_case) {
  CHECK(violations_of_rest(law_case) == std::vector<std::string>{});
  CHECK(violations_of_convergence(law_case) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("a stack that is made in a Swarm keeps the laws") {
  check_laws(case_of({stack(two_services("1"))}));
}

TEST_CASE("services of a Swarm, their configs and secrets are updated by the laws") {
  check_laws(case_of({stack(two_services("1")), stack(two_services("2"))}));
}

TEST_CASE("a network of a Swarm that is replaced keeps the laws") {
  std::string changed = two_services("1");
  const std::string before = "networks: {back: {}}";
  changed.replace(changed.find(before), before.size(), "networks: {back: {internal: true}}");
  check_laws(case_of({stack(two_services("1")), stack(changed)}));
}

TEST_CASE("a service of a Swarm whose mode changes keeps the laws") {
  std::string changed = two_services("1");
  const std::string before = "replicas: 2";
  changed.replace(changed.find(before), before.size(), "mode: global");
  check_laws(case_of({stack(two_services("1")), stack(changed)}));
}

TEST_CASE("a stack that is removed from a Swarm keeps the laws") {
  LawCase removal =
      case_of({stack(two_services("1")), stack("services: {other: {image: 'app:1'}}\n")});
  removal.options.prune = true;
  check_laws(removal);
}
