#include "kinds/docker/service.h"

#include <set>

#include "fake_rig.h"

using namespace aegis;
using namespace aegis::docker;

using Lines = std::vector<std::string>;

TEST_CASE("what the image brings along is no difference") {
  FakeRig fake;
  fake.engine.add_image("rich:1",
                        {{"Env", {"A=1", "PATH=/bin"}},
                         {"Entrypoint", {"/run"}},
                         {"Cmd", {"serve"}},
                         {"User", "app"},
                         {"WorkingDir", "/srv"},
                         {"Labels", {{"vendor", "x"}}},
                         {"ExposedPorts", {{"80/tcp", Json::object()}}},
                         {"Volumes", {{"/data", Json::object()}}},
                         {"Healthcheck", {{"Test", {"CMD", "true"}}, {"Retries", 2}}}});
  const Json stack = one_service({{"image", "rich:1"}});
  fake.rig.converge(stack);
  CHECK(differences(fake.rig.plan(stack)) == Lines{});
}

TEST_CASE("defaults of the engine are no difference, and undeclaring them is one") {
  FakeRig fake;
  const Json plain = one_service({{"image", "app:1"}});
  const Json declared = one_service({{"image", "app:1"}, {"shm_size", 1024}, {"ipc", "host"}});
  fake.rig.converge(plain);
  CHECK(differences(fake.rig.plan(plain)) == Lines{});
  fake.rig.converge(declared);
  CHECK(differences(fake.rig.plan(plain)) == Lines{"service/web: ipc", "service/web: shm_size"});
  fake.rig.converge(plain);
  CHECK(differences(fake.rig.plan(plain)) == Lines{});
}

TEST_CASE("limits, the restart policy and networks change on the running container") {
  FakeRig fake;
  fake.rig.converge(one_service({{"image", "app:1"}, {"mem_limit", 1000}}));
  const std::string id = text_or(fake.inspect("demo-web-1"), "Id");
  Json changed =
      one_service({{"image", "app:1"},
                   {"mem_limit", 4000},
                   {"cpus", 0.5},
                   {"pids_limit", 10},
                   {"restart", "always"},
                   {"networks", {{"default", Json::object()}, {"back", Json::object()}}}});
  changed["networks"]["back"] = Json::object();
  const Plan plan = fake.rig.converge(changed);
  CHECK(operations(plan, "service/web") == Lines{"update", "attach"});
  CHECK(text_or(fake.inspect("demo-web-1"), "Id") == id);
  CHECK(differences(fake.rig.plan(changed)) == Lines{});

  const Plan back = fake.rig.converge(
      one_service({{"image", "app:1"}, {"mem_limit", 4000}, {"cpus", 0.5}}), pruning());
  CHECK(operations(back, "service/web") == Lines{"update", "detach"});
}

TEST_CASE("a limit that is taken away needs a new container") {
  FakeRig fake;
  fake.rig.converge(one_service({{"image", "app:1"}, {"mem_limit", 1000}}));
  const Plan plan = fake.rig.converge(one_service({{"image", "app:1"}}));
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].disruption == Disruption::restart_service);
  CHECK(operations(plan, "service/web") ==
        Lines{"create", "stop", "park", "promote", "start", "wait", "remove"});
}

TEST_CASE("a swap limit that is taken away falls back to twice the memory in place") {
  FakeRig fake;
  fake.rig.converge(
      one_service({{"image", "app:1"}, {"mem_limit", 1000}, {"memswap_limit", 9000}}));
  const Json less = one_service({{"image", "app:1"}, {"mem_limit", 1000}});
  CHECK(operations(fake.rig.converge(less), "service/web") == Lines{"update"});
  CHECK(differences(fake.rig.plan(less)) == Lines{});
}

TEST_CASE("a tag that means another image now is a difference; another name for it is none") {
  FakeRig fake;
  fake.rig.converge(one_service({{"image", "app:1"}}));
  CHECK(differences(fake.rig.plan(one_service({{"image", "docker.io/library/app:1"}}))) == Lines{});
  fake.engine.add_image("app:1");
  CHECK(differences(fake.rig.plan(one_service({{"image", "app:1"}}))) ==
        Lines{"service/web: command",
              "service/web: environment.FROM_IMAGE",
              "service/web: image_id"});
}

TEST_CASE("ports are the same in every spelling of all addresses") {
  FakeRig fake;
  const auto with_host = [](const std::string& address) {
    return one_service(
        {{"image", "app:1"},
         {"ports",
          {{{"target", 80}, {"published", "8080"}, {"host_ip", address}, {"protocol", "tcp"}}}}});
  };
  fake.rig.converge(with_host("0.0.0.0"));
  CHECK(differences(fake.rig.plan(with_host(""))) == Lines{});
  CHECK(differences(fake.rig.plan(with_host("127.0.0.1"))) == Lines{"service/web: ports"});
}

TEST_CASE("a paused or sick service is told of and left alone") {
  FakeRig fake;
  const Json sick = one_service(
      {{"image", "app:1"}, {"healthcheck", {{"test", {"CMD", "false"}}, {"interval", 1'000'000}}}});
  const Report report = fake.rig.apply(fake.rig.plan(sick));
  CHECK(report.outcome != Outcome::succeeded);
  const Plan again = fake.rig.plan(sick);
  CHECK(differences(again) == Lines{});
  REQUIRE(again.notes.size() == 1);
  CHECK(again.notes[0].summary == "Service is unhealthy");
}

TEST_CASE("a container's failure is told with its exit code and last lines") {
  FakeRig fake;
  const Report report =
      fake.rig.apply(fake.rig.plan(one_service({{"image", "app:1"}, {"command", {"false"}}})));
  std::string message;
  for (const StepResult& result : report.results) {
    if (result.error) message = result.error->message;
  }
  CHECK(message.find("exit code 1") != std::string::npos);
  CHECK(message.find("oops") != std::string::npos);
}

TEST_CASE("a service waits for what it depends on, and does not start when that fails") {
  FakeRig fake;
  const auto stack = [](const char* job, bool required) {
    return Json{
        {"services",
         {{"job", {{"image", "app:1"}, {"command", {job}}}},
          {"web",
           {{"image", "app:1"},
            {"depends_on",
             {{"job",
               {{"condition", "service_completed_successfully"}, {"required", required}}}}}}}}}};
  };
  const Report broken = fake.rig.apply(fake.rig.plan(stack("false", true)));
  CHECK(broken.outcome != Outcome::succeeded);
  fake.rig.converge(stack("true", true));
  CHECK(differences(fake.rig.plan(stack("true", true))) == Lines{});
}

TEST_CASE("binds of this machine's files are warned of when the engine is elsewhere") {
  test::FakeDocker engine("docker/ssh:root@host:22");
  engine.add_image("app:1");
  FakeClock clock;
  Rig rig(engine, clock, engine.endpoint());
  const auto stack = [](const std::string& source) {
    return one_service({{"image", "app:1"},
                        {"volumes", {{{"type", "bind"}, {"source", source}, {"target", "/a"}}}}});
  };
  REQUIRE(rig.plan(stack("/srv/demo/conf")).notes.size() == 1);
  CHECK(rig.plan(stack("/srv/demo2/conf")).notes.empty());
}

TEST_CASE("an engine that does not answer fails the stack and says what to check") {
  test::FakeDocker engine;
  FakeClock clock;
  Rig rig(engine, clock, "docker/unix:/elsewhere.sock");
  const auto failures = rig.failures(one_service({{"image", "app:1"}}));
  REQUIRE(failures.size() >= 1);
  CHECK(failures[0].error.message.find("Check that the engine runs") != std::string::npos);
}

TEST_CASE("a name that somebody else's container has is seen at plan time") {
  FakeRig fake;
  fake.call("POST", "/containers/create?name=demo-web-1", {{"Image", "app:2"}});
  const Json stack = one_service({{"image", "app:1"}});
  const Plan plan = fake.rig.plan(stack);
  REQUIRE(plan.changes.size() == 2);
  CHECK(plan.changes[1].action == Action::adopt);
  CHECK_FALSE(plan.changes[1].blocked.empty());
  fake.rig.converge(stack, adopting("stack/core"));
  CHECK(differences(fake.rig.plan(stack)) == Lines{});
}

TEST_CASE("every rule of a service names a different attribute") {
  std::set<std::string_view> paths;
  for (const AttributeRule& rule : service_kind().rules) CHECK(paths.insert(rule.path).second);
}
