#include "fake_rig.h"
#include "plan/describe.h"

using namespace aegis;
using namespace aegis::docker;

using Lines = std::vector<std::string>;

namespace {

constexpr const char* k_secret = "correct-horse-battery";

bool holds(const std::string& text, const std::string& secret = k_secret) {
  return text.find(secret) != std::string::npos;
}

std::string everything(const Plan& plan) {
  std::string text = describe(plan);
  for (const Step& step : plan.steps) text += dump_json(step.input) + step.title;
  for (const Change& change : plan.changes) {
    for (const AttributeChange& attribute : change.attributes) {
      text += dump_json(attribute.before) + dump_json(attribute.after) + attribute.note;
    }
  }
  for (const Diagnostic& note : plan.notes) text += note.summary + note.detail;
  return text;
}

std::string everything(const Observed& observed) {
  std::string text;
  for (const auto& [address, seen] : observed.world.objects) {
    text += dump_json(seen.attributes) + dump_json(seen.context);
  }
  return text;
}

Json secretive(const std::string& secret) {
  return one_service({{"image", "app:1"},
                      {"command", {"serve", {{"$secret", "--key=" + secret}}}},
                      {"environment", {{"TOKEN", {{"$secret", secret}}}, {"PLAIN", "seen"}}},
                      {"labels", {{"auth", {{"$secret", secret}}}}}});
}

}  // namespace

TEST_CASE("a secret reaches the container and nothing else") {
  FakeRig fake;
  const Plan plan = fake.rig.converge(secretive(k_secret));
  CHECK_FALSE(holds(everything(plan)));
  const Json inspect = fake.inspect("demo-web-1");
  CHECK(holds(dump_json(inspect["Config"]["Env"])));
  CHECK(holds(dump_json(inspect["Config"]["Cmd"])));
  Json labels = inspect["Config"]["Labels"];
  CHECK(labels["auth"] == k_secret);
  labels.erase("auth");
  CHECK_FALSE(holds(dump_json(labels)));
  CHECK_FALSE(holds(everything(fake.rig.observe(secretive(k_secret)))));
  CHECK(differences(fake.rig.plan(secretive(k_secret))) == Lines{});
}

TEST_CASE("a secret that changes is seen without being shown") {
  FakeRig fake;
  fake.rig.converge(secretive(k_secret));
  const Plan plan = fake.rig.plan(secretive("another-secret"));
  CHECK(differences(plan) == Lines{"service/web: command",
                                   "service/web: environment.TOKEN",
                                   "service/web: labels.auth"});
  CHECK_FALSE(holds(everything(plan)));
  CHECK_FALSE(holds(everything(plan), "another-secret"));
}

TEST_CASE("a secret stays hidden when the manifest no longer calls it one, or drops it") {
  FakeRig fake;
  fake.rig.converge(secretive(k_secret));
  const Json plain = one_service({{"image", "app:1"},
                                  {"command", {"serve", "--key=none"}},
                                  {"environment", {{"TOKEN", "none"}}}});
  CHECK_FALSE(holds(everything(fake.rig.plan(plain))));
  const Json none = one_service({{"image", "app:1"}});
  CHECK_FALSE(holds(everything(fake.rig.plan(none))));
  const Json nothing = {{"services", Json::object()}};
  CHECK_FALSE(holds(everything(fake.rig.plan(nothing, pruning()))));
  CHECK_FALSE(holds(everything(fake.rig.observe(nothing))));
}

TEST_CASE("variables that others set on a container are never shown") {
  FakeRig fake;
  fake.call("POST",
            "/containers/create?name=demo-web-1",
            {{"Image", "app:1"},
             {"Env", {std::string("DB_PASSWORD=") + k_secret}},
             {"Labels",
              {{"com.docker.compose.project", "demo"}, {"com.docker.compose.service", "web"}}}});
  const Plan plan = fake.rig.plan(one_service({{"image", "app:1"}}));
  CHECK_FALSE(plan.changes.empty());
  CHECK_FALSE(holds(everything(plan)));
}

TEST_CASE("the last lines of a failed container are cleaned of its secrets") {
  FakeRig fake;
  Json stack = one_service({{"image", "app:1"},
                            {"command", {"false"}},
                            {"environment", {{"TOKEN", {{"$secret", "oops"}}}}}});
  const Report report = fake.rig.apply(fake.rig.plan(stack));
  std::string message;
  for (const StepResult& result : report.results) {
    if (result.error) message = result.error->message;
  }
  CHECK(holds(message, "[redacted]"));
  CHECK_FALSE(holds(message, "oops"));
}
