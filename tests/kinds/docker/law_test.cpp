#include "fake_rig.h"
#include "laws/laws.h"
#include "support/fake_shell.h"

using namespace aegis;
using namespace aegis::laws;

namespace {

class DockerWorld : public LawWorld {
 public:
  explicit DockerWorld(int api_minor) : engine_(test::FakeDocker().endpoint(), api_minor) {
    engine_.add_image("app:1", {{"Cmd", {"serve"}}, {"Volumes", {{"/own", Json::object()}}}});
    engine_.add_image("plain:1", {{"Cmd", {"serve"}}});
    engine_.add_image("plain:2", {{"Cmd", {"serve"}}});
    engine_.publish_image("app:2", {{"Cmd", {"serve"}}, {"Volumes", {{"/own", Json::object()}}}});
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

Wanted stack(const Json& parts) {
  return [parts](Vault& vault) {
    return docker::make_stack(test::FakeDocker().endpoint(), parts, vault);
  };
}

const Json k_healthy = {{"test", {"CMD", "true"}}, {"interval", 1'000'000'000}};

Json two_services(const std::string& version) {
  return {{"services",
           {{"db",
             {{"image", "app:" + version},
              {"healthcheck", k_healthy},
              {"volumes", {{{"type", "volume"}, {"source", "data"}, {"target", "/data"}}}}}},
            {"web",
             {{"image", "app:" + version},
              {"restart", "always"},
              {"depends_on", {{"db", {{"condition", "service_healthy"}}}}},
              {"environment", {{"TOKEN", {{"$secret", "secret-" + version}}}}},
              {"configs",
               {{{"target", "/etc/app.conf"},
                 {"uid", "0"},
                 {"gid", "0"},
                 {"mode", 0444},
                 {"content", "version=" + version}}}},
              {"ports", {{{"target", 80}, {"published", "8080"}, {"protocol", "tcp"}}}},
              {"networks", {{"default", Json::object()}, {"back", {{"aliases", {"front"}}}}}}}}}},
          {"networks", {{"back", Json::object()}}},
          {"volumes", {{"data", Json::object()}}}};
}

constexpr int k_oldest = 41;
constexpr int k_newest = 51;

LawCase case_of(std::vector<Wanted> stages, int api_minor = k_oldest) {
  LawCase law_case;
  law_case.stages = std::move(stages);
  law_case.kinds = docker::stack_kinds();
  law_case.make_world = [api_minor] { return std::make_unique<DockerWorld>(api_minor); };
  return law_case;
}

void check_laws(const LawCase& law_case) {
  CHECK(violations_of_rest(law_case) == std::vector<std::string>{});
  CHECK(violations_of_convergence(law_case) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("a stack that is made keeps the laws") {
  check_laws(case_of({stack(two_services("1"))}));
}

TEST_CASE("services that are replaced keep the laws, on old engines and on new ones") {
  for (const int api_minor : {k_oldest, k_newest}) {
    check_laws(case_of({stack(two_services("1")), stack(two_services("2"))}, api_minor));
  }
}

TEST_CASE("a service that is changed in place keeps the laws") {
  Json changed = two_services("1");
  changed["services"]["web"]["mem_limit"] = 1'000'000;
  changed["services"]["web"]["restart"] = "no";
  changed["services"]["web"]["container_name"] = "front";
  changed["services"]["web"]["networks"] = {{"default", {{"aliases", {"x"}}}},
                                            {"third", Json::object()}};
  changed["networks"]["third"] = Json::object();
  for (const int api_minor : {k_oldest, k_newest}) {
    check_laws(case_of({stack(two_services("1")), stack(changed)}, api_minor));
  }
}

TEST_CASE("a network that is replaced keeps the laws") {
  Json changed = two_services("1");
  changed["networks"]["back"]["internal"] = true;
  for (const int api_minor : {k_oldest, k_newest}) {
    check_laws(case_of({stack(two_services("1")), stack(changed)}, api_minor));
  }
}

TEST_CASE("a stack that is removed keeps the laws") {
  LawCase removal = case_of({stack(two_services("1")), stack({{"services", Json::object()}})});
  removal.options.prune = true;
  check_laws(removal);
}

TEST_CASE("services that start first, and restart with what they depend on, keep the laws") {
  const auto side_by_side = [](const std::string& version) {
    Json parts = two_services(version);
    parts["services"]["web"].erase("ports");
    parts["services"]["web"]["image"] = "app:1";
    parts["services"]["web"]["depends_on"]["db"]["restart"] = true;
    parts["services"]["worker"] = {{"image", "plain:" + version},
                                   {"update_config", {{"order", "start-first"}}}};
    return parts;
  };
  check_laws(case_of({stack(side_by_side("1")), stack(side_by_side("2"))}));
}

TEST_CASE("services that share a network, volumes and links, and hooks, keep the laws") {
  const auto shared = [](const std::string& version) {
    Json parts = two_services(version);
    parts["services"]["web"].erase("depends_on");
    const Json after = {{"db", {{"condition", "service_started"}}}};
    parts["services"]["beside"] = {
        {"image", "plain:1"}, {"network_mode", "service:db"}, {"depends_on", after}};
    parts["services"]["reader"] = {{"image", "plain:" + version},
                                   {"volumes_from", {"db:ro"}},
                                   {"links", {"db:store"}},
                                   {"pre_stop", {{{"command", {"flush"}}}}},
                                   {"post_start", {{{"command", {"warm"}}}}},
                                   {"depends_on", after}};
    return parts;
  };
  check_laws(case_of({stack(shared("1")), stack(shared("2"))}));
}
