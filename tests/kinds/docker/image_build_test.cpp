#include "kinds/docker/image_build.h"

#include <algorithm>

#include "base/digest.h"
#include "build_folder.h"
#include "fake_rig.h"
#include "model/report.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

Json built(const BuildFolder& folder) {
  return one_service({{"image", "demo-web"}, {"build", folder.build()}});
}

std::string first_error(const Report& report) {
  for (const StepResult& result : report.results) {
    if (result.error) return result.error->message;
  }
  return "";
}

}  // namespace

TEST_CASE("an image is built before its container is made, and once") {
  FakeRig fake;
  BuildFolder folder;
  folder.write("Dockerfile", "FROM scratch\n");
  const Plan plan = fake.rig.converge(built(folder));
  CHECK(operations(plan, "service/web") ==
        std::vector<std::string>{"build", "create", "start", "wait"});
  const auto build = std::find_if(plan.steps.begin(), plan.steps.end(), [](const Step& step) {
    return step.operation == "build";
  });
  REQUIRE(build != plan.steps.end());
  CHECK(build->prepares);
  CHECK(differences(fake.rig.plan(built(folder))) == std::vector<std::string>{});
}

TEST_CASE("what the image is built from is a part of its service") {
  FakeRig fake;
  BuildFolder folder;
  folder.write("Dockerfile", "FROM scratch\n");
  fake.rig.converge(built(folder));
  folder.write("app.c", "int main() {}\n");
  const Plan plan = fake.rig.converge(built(folder));
  CHECK(differences(plan) == std::vector<std::string>{"service/web: build"});
  CHECK(operations(plan, "service/web").front() == "build");
  CHECK(differences(fake.rig.plan(built(folder))) == std::vector<std::string>{});
}

TEST_CASE("a build that fails tells what it printed, and leaves the running service alone") {
  FakeRig fake;
  BuildFolder folder;
  folder.write("Dockerfile", "FROM scratch\n");
  fake.rig.converge(built(folder));
  const Json before = fake.engine.essence();
  folder.write("Dockerfile", "RUN fail\n");
  const std::string told = first_error(fake.rig.apply(fake.rig.plan(built(folder))));
  CHECK(told.find("non-zero code: 7") != std::string::npos);
  CHECK(told.find("no such thing") != std::string::npos);
  CHECK(fake.engine.essence() == before);
}

TEST_CASE("files that change between plan and apply are not built") {
  FakeRig fake;
  BuildFolder folder;
  folder.write("Dockerfile", "FROM scratch\n");
  const Plan plan = fake.rig.plan(built(folder));
  folder.write("late", "x");
  CHECK(first_error(fake.rig.apply(plan)).find("plan again") != std::string::npos);
}

TEST_CASE("an image that Compose built is taken as it is until the service changes") {
  FakeRig fake;
  BuildFolder folder;
  folder.write("Dockerfile", "FROM scratch\n");
  fake.engine.add_image("demo-web");
  fake.rig.converge(one_service({{"image", "demo-web"}}));
  CHECK(differences(fake.rig.plan(built(folder))) == std::vector<std::string>{});
}

TEST_CASE("everything that a build is asked for reaches the engine") {
  FakeRig fake;
  BuildFolder folder;
  const Json build = folder.build({{"dockerfile_inline", "FROM scratch\n"},
                                   {"tags", {"demo-web:old", "other:1"}},
                                   {"network", "host"},
                                   {"no_cache", true},
                                   {"pull", true},
                                   {"shm_size", 1048576},
                                   {"extra_hosts", {"a:10.0.0.1", "b:10.0.0.2"}},
                                   {"ulimits", {{"nofile", {{"soft", 1}, {"hard", 2}}}}}});
  Json stack = one_service({{"image", "demo-web"}, {"build", build}});
  const std::string login = R"({"password":"p","username":"u"})";
  stack["registries"] = {{"docker.io", {{"$secret", login}}}, {"r:5000", {{"$secret", login}}}};
  fake.rig.converge(stack);
  CHECK(differences(fake.rig.plan(stack)) == std::vector<std::string>{});
  for (const std::string name : {"demo-web", "demo-web:old", "other:1"}) {
    const Json image = *parse_json(fake.call("GET", "/images/" + name + "/json").body);
    const Json& labels = image.at("Config").at("Labels");
    CHECK(labels.at("dockerfile") == "FROM scratch\n");
    CHECK(labels.at("query.networkmode") == "host");
    CHECK(labels.at("query.nocache") == "1");
    CHECK(labels.at("query.pull") == "1");
    CHECK(labels.at("query.shmsize") == "1048576");
    CHECK(labels.at("query.extrahosts") == "a:10.0.0.1,b:10.0.0.2");
    CHECK(labels.at("query.ulimits") == R"([{"Hard":2,"Name":"nofile","Soft":1}])");
    CHECK(labels.at("logins") == base64url_encode(R"({"https://index.docker.io/v1/":)" + login +
                                                  R"(,"r:5000":)" + login + "}"));
  }
}

TEST_CASE("a build's output is read however the stream is cut") {
  const std::string stream =
      "{\"stream\":\"Step 1/2 : FROM x\\n\"}\r\n{\"stream\":\" ---\\u003e abc\\nhalf \"}\r\n"
      "{\"stream\":\"line\\n\"}\r\n{\"errorDetail\":{\"message\":\"broken\"}}\r\n";
  for (std::size_t size = 1; size < stream.size(); size += 9) {
    BuildStream build;
    for (std::size_t at = 0; at < stream.size(); at += size) build.add(stream.substr(at, size));
    CHECK(build.error() == "broken");
    CHECK(build.step() == "Step 1/2 : FROM x");
    CHECK(build.last_lines() == "Step 1/2 : FROM x\n---> abc\nhalf line");
  }
}
