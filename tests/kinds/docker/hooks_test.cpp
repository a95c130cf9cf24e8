#include "fake_rig.h"
#include "model/report.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

using Lines = std::vector<std::string>;

Json with_hooks(const std::string& image, const std::string& start, const std::string& stop) {
  return one_service({{"image", image},
                      {"post_start", {{{"command", {start}}, {"user", "root"}}}},
                      {"pre_stop", {{{"command", {stop}}}}}});
}

std::string first_error(const Report& report) {
  for (const StepResult& result : report.results) {
    if (result.error) return result.error->message;
  }
  return "";
}

}  // namespace

TEST_CASE("hooks run inside the container after its start and before its end") {
  FakeRig fake;
  fake.rig.converge(with_hooks("app:1", "warm", "flush"));
  CHECK(fake.engine.ran() == Lines{"demo-web-1: [\"warm\"]"});
  CHECK(differences(fake.rig.plan(with_hooks("app:1", "warm", "flush"))) == Lines{});
  const Plan plan = fake.rig.converge(with_hooks("app:2", "warm", "flush"));
  CHECK(operations(plan, "service/web") == Lines{"create",
                                                 "pre_stop",
                                                 "stop",
                                                 "park",
                                                 "promote",
                                                 "start",
                                                 "post_start",
                                                 "wait",
                                                 "remove"});
  CHECK(fake.engine.ran() ==
        Lines{"demo-web-1: [\"warm\"]", "demo-web-1: [\"flush\"]", "demo-web-1: [\"warm\"]"});
}

TEST_CASE("a hook that fails before the end keeps the old container running") {
  FakeRig fake;
  fake.rig.converge(with_hooks("app:1", "warm", "flush"));
  const std::string id = text_or(fake.inspect("demo-web-1"), "Id");
  const Report report = fake.rig.apply(fake.rig.plan(with_hooks("app:2", "warm", "false")));
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(first_error(report).find("pre_stop: hook 1: its command ended with exit code 1; its last "
                                 "lines:\noops") != std::string::npos);
  CHECK(text_or(fake.inspect("demo-web-1"), "Id") == id);
  CHECK(fake.inspect("demo-web-1")["State"]["Status"] == "running");
}

TEST_CASE("a hook that fails after the start brings the old container back") {
  FakeRig fake;
  fake.rig.converge(with_hooks("app:1", "warm", "flush"));
  const std::string id = text_or(fake.inspect("demo-web-1"), "Id");
  const Report report = fake.rig.apply(fake.rig.plan(with_hooks("app:2", "false", "flush")));
  CHECK(report.outcome == Outcome::rolled_back);
  CHECK(first_error(report).find("post_start: hook 1") != std::string::npos);
  CHECK(text_or(fake.inspect("demo-web-1"), "Id") == id);
  CHECK(fake.inspect("demo-web-1")["State"]["Status"] == "running");
}

TEST_CASE("a container that does not run has no end to prepare") {
  FakeRig fake;
  fake.rig.converge(with_hooks("app:1", "warm", "flush"));
  fake.call("POST", "/containers/demo-web-1/stop");
  fake.rig.converge(with_hooks("app:2", "warm", "flush"));
  CHECK(fake.engine.ran() == Lines{"demo-web-1: [\"warm\"]", "demo-web-1: [\"warm\"]"});
}
