#include "fake_rig.h"
#include "model/report.h"
#include "plan/describe.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

Json config(const Json& content, const std::string& target = "/etc/app.conf") {
  return {{"target", target}, {"uid", "0"}, {"gid", "0"}, {"mode", 0444}, {"content", content}};
}

Json secret(const std::string& content, const std::string& target = "/run/secrets/token") {
  return {{"target", target},
          {"uid", "101"},
          {"gid", "102"},
          {"mode", 0400},
          {"content", {{"$secret", content}}}};
}

Json service(const Json& more) {
  Json spec = {{"image", "app:1"}};
  spec.update(more);
  return one_service(spec);
}

}  // namespace

TEST_CASE("configs and secrets are in the container before it starts, with owner and mode") {
  FakeRig fake;
  const Json stack = service({{"configs", {config("a=1\n")}}, {"secrets", {secret("s3cret")}}});
  const Plan plan = fake.rig.converge(stack);
  CHECK(operations(plan, "service/web") ==
        std::vector<std::string>{"create", "place", "start", "wait"});
  CHECK(fake.engine.file("demo-web-1", "/etc/app.conf") ==
        Json({{"content", "a=1\n"}, {"mode", 0444}, {"uid", 0}, {"gid", 0}}));
  CHECK(fake.engine.file("demo-web-1", "/run/secrets/token") ==
        Json({{"content", "s3cret"}, {"mode", 0400}, {"uid", 101}, {"gid", 102}}));
  CHECK(differences(fake.rig.plan(stack)) == std::vector<std::string>{});
}

TEST_CASE("a file's new content is a change of its service, and no secret is shown") {
  FakeRig fake;
  fake.rig.converge(service({{"configs", {config("a=1\n")}}, {"secrets", {secret("s3cret")}}}));
  const Json changed = service({{"configs", {config("a=2\n")}}, {"secrets", {secret("0ther")}}});
  const Plan plan = fake.rig.plan(changed);
  CHECK(differences(plan) ==
        std::vector<std::string>{"service/web: configs./etc/app.conf.content",
                                 "service/web: secrets./run/secrets/token.content"});
  const std::string text = describe(plan);
  CHECK(text.find("s3cret") == std::string::npos);
  CHECK(text.find("0ther") == std::string::npos);
  fake.rig.converge(changed);
  CHECK(text_or(fake.engine.file("demo-web-1", "/run/secrets/token"), "content") == "0ther");
  CHECK(differences(fake.rig.plan(changed)) == std::vector<std::string>{});
}

TEST_CASE("a file that somebody changed or that nobody asks for any more is a difference") {
  FakeRig fake;
  const Json stack = service({{"configs", {config("a=1\n")}}});
  fake.rig.converge(stack);
  CHECK(differences(fake.rig.plan(service(Json::object()))) ==
        std::vector<std::string>{"service/web: configs./etc/app.conf.mode"});
  fake.rig.converge(service({{"configs", {config("a=1\n"), config("b", "/etc/b.conf")}}}));
  CHECK(text_or(fake.engine.file("demo-web-1", "/etc/b.conf"), "content") == "b");
}

TEST_CASE("a config that held a secret does not show it when it holds none any more") {
  FakeRig fake;
  fake.rig.converge(service({{"configs", {config({{"$secret", "pass=s3cret"}})}}}));
  const Plan plan = fake.rig.plan(service({{"configs", {config("pass=no")}}}));
  CHECK(differences(plan) ==
        std::vector<std::string>{"service/web: configs./etc/app.conf.content"});
  CHECK(describe(plan).find("s3cret") == std::string::npos);
}

TEST_CASE("files of a read-only container are in a volume that goes with it") {
  FakeRig fake;
  Json spec = {{"image", "app:1"}, {"read_only", true}, {"secrets", {secret("one")}}};
  fake.rig.converge(one_service(spec));
  CHECK(text_or(fake.engine.file("demo-web-1", "/run/secrets/token"), "content") == "one");
  CHECK(differences(fake.rig.plan(one_service(spec))) == std::vector<std::string>{});
  spec["secrets"] = {secret("two")};
  fake.rig.converge(one_service(spec));
  CHECK(text_or(fake.engine.file("demo-web-1", "/run/secrets/token"), "content") == "two");
  CHECK(get(fake.engine.essence()["volumes"], "anonymous") == 1);
}

TEST_CASE("a run that ended before the files were put in is finished by the next") {
  FakeRig fake;
  const Json stack = service({{"configs", {config("a=1\n")}}});
  Plan plan = fake.rig.plan(stack);
  std::erase_if(plan.steps, [](const Step& step) {
    return step.address.kind == "service" && step.operation != "create";
  });
  fake.rig.apply(plan);
  CHECK(fake.engine.file("demo-web-1", "/etc/app.conf").is_null());
  fake.rig.converge(stack);
  CHECK(text_or(fake.engine.file("demo-web-1", "/etc/app.conf"), "content") == "a=1\n");
}

TEST_CASE("a bind-mounted file of the project that holds something else restarts its service") {
  FakeRig fake;
  const auto stack = [](const std::string& digest) {
    return service({{"volumes",
                     {{{"type", "bind"},
                       {"source", "/srv/demo/app.conf"},
                       {"target", "/etc/app.conf"},
                       {"read_only", true},
                       {"content_digest", digest}}}}});
  };
  fake.rig.converge(stack("aa"));
  CHECK(differences(fake.rig.plan(stack("aa"))) == std::vector<std::string>{});
  CHECK(differences(fake.rig.converge(stack("bb"))) ==
        std::vector<std::string>{"service/web: file_contents./etc/app.conf"});
  CHECK(differences(fake.rig.plan(stack("bb"))) == std::vector<std::string>{});
}
