#include "fake_rig.h"
#include "kinds/docker/peers.h"
#include "model/report.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

Json service(const std::string& image, const Json& more = Json::object()) {
  Json spec = {{"image", image}};
  spec.update(more);
  return spec;
}

Json needs(const std::string& name) {
  return {{name, {{"condition", "service_started"}, {"restart", true}, {"required", true}}}};
}

/// A service in the network of another one, and one in the network of that.
Json tunnel(const std::string& image, const Json& more = Json::object()) {
  return {
      {"services",
       {{"vpn", service(image, more)},
        {"app", service("app:1", {{"network_mode", "service:vpn"}, {"depends_on", needs("vpn")}})},
        {"beside",
         service("app:1", {{"network_mode", "service:app"}, {"depends_on", needs("app")}})}}}};
}

std::vector<std::string> none() {
  return {};
}

}  // namespace

TEST_CASE("a service in the network of another one is at rest, and found under its name") {
  FakeRig fake;
  fake.rig.converge(tunnel("app:1"));
  CHECK(differences(fake.rig.plan(tunnel("app:1"))) == none());
  const std::string mode = text_or(fake.inspect("demo-app-1")["HostConfig"], "NetworkMode");
  CHECK(mode == "container:" + text_or(fake.inspect("demo-vpn-1"), "Id"));
}

TEST_CASE("who shares a network is made anew with its owner, and who shares with that one, too") {
  FakeRig fake;
  fake.rig.converge(tunnel("app:1"));
  const Plan plan = fake.rig.converge(tunnel("app:2"));
  CHECK(differences(plan) == std::vector<std::string>{"service/app: renewed_with.vpn",
                                                      "service/beside: renewed_with.app",
                                                      "service/vpn: environment.FROM_IMAGE",
                                                      "service/vpn: image",
                                                      "service/vpn: image_id"});
  CHECK(differences(fake.rig.plan(tunnel("app:2"))) == none());
  const std::string mode = text_or(fake.inspect("demo-beside-1")["HostConfig"], "NetworkMode");
  CHECK(mode == "container:" + text_or(fake.inspect("demo-app-1"), "Id"));
}

TEST_CASE("what the owner of a shared network takes as it runs leaves the others alone") {
  FakeRig fake;
  fake.rig.converge(tunnel("app:1"));
  const Json limited = tunnel("app:1", {{"mem_limit", 67108864}});
  CHECK(differences(fake.rig.converge(limited)) ==
        std::vector<std::string>{"service/vpn: mem_limit"});
}

TEST_CASE("who shares a network joins it again when its owner was started again, and so on") {
  FakeRig fake;
  const Json stack = tunnel("app:1");
  fake.rig.converge(stack);
  const auto id = text_or(fake.inspect("demo-beside-1"), "Id");
  fake.call("POST", "/containers/demo-vpn-1/restart");
  const Plan plan = fake.rig.converge(stack);
  CHECK(differences(plan) == std::vector<std::string>{"service/app: restarted_with.vpn",
                                                      "service/beside: restarted_with.app"});
  CHECK(operations(plan, "service/app") == std::vector<std::string>{"restart", "wait"});
  CHECK(differences(fake.rig.plan(stack)) == none());
  CHECK(text_or(fake.inspect("demo-beside-1"), "Id") == id);
}

TEST_CASE("an owner that is started in a run takes those along that share its network") {
  FakeRig fake;
  const Json stack = tunnel("app:1");
  fake.rig.converge(stack);
  fake.call("POST", "/containers/demo-vpn-1/stop");
  const Plan plan = fake.rig.converge(stack);
  CHECK(differences(plan) == std::vector<std::string>{"service/app: restarted_with.vpn",
                                                      "service/beside: restarted_with.app",
                                                      "service/vpn: state"});
  CHECK(differences(fake.rig.plan(stack)) == none());
}

TEST_CASE("a network whose owner was removed by hand is a difference") {
  FakeRig fake;
  fake.rig.converge(tunnel("app:1"));
  fake.call("DELETE", "/containers/demo-vpn-1?force=1");
  const Plan plan = fake.rig.converge(tunnel("app:1"));
  const auto lines = differences(plan);
  CHECK(std::find(lines.begin(), lines.end(), "service/app: network_mode") != lines.end());
  CHECK(differences(fake.rig.plan(tunnel("app:1"))) == none());
}

TEST_CASE("a container of somebody else can be named, and another one is a difference") {
  FakeRig fake;
  for (const std::string name : {"one", "two"}) {
    fake.call("POST", "/containers/create?name=" + name, {{"Image", "app:1"}});
    fake.call("POST", "/containers/" + name + "/start");
  }
  const auto joins = [](const std::string& mode) {
    return one_service({{"image", "app:1"}, {"network_mode", mode}, {"pid", mode}});
  };
  fake.rig.converge(joins("container:one"));
  CHECK(differences(fake.rig.plan(joins("container:one"))) == none());
  CHECK(differences(fake.rig.plan(joins("container:two"))) ==
        std::vector<std::string>{"service/web: network_mode", "service/web: pid"});
}

TEST_CASE("links name all containers of a service, and change on the running container") {
  FakeRig fake;
  const auto linked = [](const std::string& alias) {
    return Json{{"services",
                 {{"db", {{"image", "app:1"}}},
                  {"web", {{"image", "app:1"}, {"links", {"db:" + alias}}}}}}};
  };
  fake.rig.converge(linked("db"));
  const Json networks = fake.inspect("demo-web-1")["NetworkSettings"]["Networks"];
  CHECK(networks.at("demo_default").at("Links") == Json::parse(R"(["demo-db-1:db"])"));
  const Plan plan = fake.rig.converge(linked("store"));
  CHECK(differences(plan) == std::vector<std::string>{"service/web: networks.default.links"});
  CHECK(operations(plan, "service/web") == std::vector<std::string>{"attach"});
  CHECK(differences(fake.rig.plan(linked("store"))) == none());
  CHECK(link_list("demo", Json::parse(R"({"links":["db:x"],"peers":{"db":{"count":2}}})")) ==
        Json::parse(R"(["demo-db-1:x","demo-db-2:x"])"));
}

TEST_CASE("volumes of another service are not taken for the service's own") {
  FakeRig fake;
  const auto stack = [](const std::string& target) {
    return Json{
        {"services",
         {{"data",
           {{"image", "app:1"},
            {"volumes", {{{"type", "volume"}, {"source", "files"}, {"target", target}}}}}},
          {"web",
           {{"image", "app:1"}, {"volumes_from", {"data:ro"}}, {"depends_on", needs("data")}}}}},
        {"volumes", {{"files", Json::object()}}}};
  };
  fake.rig.converge(stack("/files"));
  CHECK(differences(fake.rig.plan(stack("/files"))) == none());
  CHECK(fake.inspect("demo-web-1")["HostConfig"]["VolumesFrom"] ==
        Json::parse(R"(["demo-data-1:ro"])"));
  const auto lines = differences(fake.rig.converge(stack("/other")));
  CHECK(std::find(lines.begin(), lines.end(), "service/web: renewed_with.data") != lines.end());
  CHECK(differences(fake.rig.plan(stack("/other"))) == none());
}
