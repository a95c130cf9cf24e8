#include "fake_rig.h"

using namespace aegis;
using namespace aegis::docker;

using Lines = std::vector<std::string>;

namespace {

/// What `docker compose up` of version 1 leaves behind.
void compose_up(FakeRig& fake) {
  const Json project = {{"com.docker.compose.project", "demo"}};
  Json network_labels = project;
  network_labels["com.docker.compose.network"] = "default";
  fake.call("POST",
            "/networks/create",
            {{"Name", "demo_default"}, {"Labels", network_labels}, {"Driver", "bridge"}});
  Json labels = project;
  labels["com.docker.compose.service"] = "web";
  labels["com.docker.compose.oneoff"] = "False";
  for (const char* name : {"demo_web_1", "demo_web_2"}) {
    fake.call("POST",
              std::string("/containers/create?name=") + name,
              {{"Image", "app:1"},
               {"Labels", labels},
               {"HostConfig", {{"NetworkMode", "demo_default"}}},
               {"NetworkingConfig",
                {{"EndpointsConfig", {{"demo_default", {{"Aliases", Json::array({"web"})}}}}}}}});
    if (std::string_view(name) == "demo_web_1") {
      fake.call("POST", std::string("/containers/") + name + "/start");
    }
  }
  labels["com.docker.compose.service"] = "gone";
  fake.call(
      "POST", "/containers/create?name=demo_gone_1", {{"Image", "app:1"}, {"Labels", labels}});
}

}  // namespace

TEST_CASE("a project of docker compose waits for --adopt, then is kept as it runs") {
  FakeRig fake;
  compose_up(fake);
  const Json stack = one_service({{"image", "app:1"}});
  const std::string id = text_or(fake.inspect("demo_web_1"), "Id");
  const Plan asks = fake.rig.plan(stack);
  CHECK_FALSE(asks.has_work());
  CHECK(differences(asks) ==
        Lines{"network/default adopt", "service/web adopt", "service/web: leftovers"});

  const Plan plan = fake.rig.converge(stack, adopting("stack/core"));
  CHECK(operations(plan, "service/web") == Lines{"adopt", "remove"});
  CHECK(text_or(fake.inspect("demo_web_1"), "Id") == id);
}

TEST_CASE("files that docker compose mounts as secrets are compared by what they hold") {
  FakeRig fake;
  Json labels = {{"com.docker.compose.project", "demo"}, {"com.docker.compose.service", "web"}};
  fake.call(
      "POST",
      "/containers/create?name=demo-web-1",
      {{"Image", "app:1"},
       {"Labels", labels},
       {"HostConfig", {{"NetworkMode", "none"}, {"Binds", {"/srv/token:/run/secrets/token:ro"}}}}});
  fake.call("POST", "/containers/demo-web-1/start");
  fake.engine.write_file("demo-web-1", "/run/secrets/token", "same");
  const auto stack = [](const char* token) {
    return one_service({{"image", "app:1"},
                        {"network_mode", "none"},
                        {"secrets",
                         {{{"target", "/run/secrets/token"},
                           {"uid", "0"},
                           {"gid", "7"},
                           {"mode", 0400},
                           {"content", {{"$secret", token}}}}}}});
  };
  CHECK(differences(fake.rig.plan(stack("same"))) == Lines{"service/web adopt"});
  CHECK(differences(fake.rig.plan(stack("other"))) ==
        Lines{"service/web adopt", "service/web: secrets./run/secrets/token.content"});
  fake.rig.converge(stack("same"), adopting("stack/core"));
  CHECK(differences(fake.rig.plan(stack("same"))) == Lines{});
}

TEST_CASE("a propagation that somebody asked for is taken away when the manifest has none") {
  FakeRig fake;
  const Json labels = {{"com.docker.compose.project", "demo"},
                       {"com.docker.compose.service", "web"}};
  fake.call("POST",
            "/containers/create?name=demo-web-1",
            {{"Image", "app:1"},
             {"Labels", labels},
             {"HostConfig", {{"NetworkMode", "none"}, {"Binds", {"/srv:/host:rw,rslave"}}}}});
  fake.call("POST", "/containers/demo-web-1/start");
  const Json bind = {{"type", "bind"}, {"source", "/srv"}, {"target", "/host"}};
  const Json stack =
      one_service({{"image", "app:1"}, {"network_mode", "none"}, {"volumes", {bind}}});
  CHECK(differences(fake.rig.plan(stack)) ==
        Lines{"service/web adopt", "service/web: volumes./host.propagation"});
}

TEST_CASE("what a project holds besides is ours only once it is adopted") {
  FakeRig fake;
  compose_up(fake);
  const Json stack = one_service({{"image", "app:1"}});
  for (const Change& change : fake.rig.plan(stack, pruning()).changes) {
    CHECK(change.address.name != "gone");
  }
  fake.rig.converge(stack, adopting("stack/core"));
  CHECK(differences(fake.rig.plan(stack)) == Lines{"service/gone remove"});
  fake.rig.converge(stack, pruning());
  CHECK(differences(fake.rig.plan(stack)) == Lines{});
}

TEST_CASE("objects of another project are never touched") {
  FakeRig fake;
  fake.call("POST", "/containers/create?name=other", {{"Image", "app:1"}});
  fake.call("POST", "/volumes/create", {{"Name", "other"}});
  fake.call("POST", "/networks/create", {{"Name", "other"}, {"Driver", "bridge"}});
  const Json before = fake.engine.essence();
  fake.rig.converge(one_service({{"image", "app:1"}}));
  fake.rig.converge({{"services", Json::object()}}, pruning());
  CHECK(fake.engine.essence() == before);
}
