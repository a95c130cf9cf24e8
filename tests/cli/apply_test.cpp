#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "cli/project.h"

namespace aegis::test {
namespace {

using namespace std::chrono_literals;

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string two_containers() {
  return manifest_with(container_text("web", 101) + container_text("db", 102));
}

}  // namespace

TEST_CASE("plan, apply, plan again: nothing is left, and drift is seen by its attribute") {
  Project project;
  project.write("aegis.yaml", two_containers());
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 2);
  const Run applied = project.run({"apply", "--auto-approve"});
  INFO(applied.out << applied.err);
  REQUIRE(applied.exit_code == 0);
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 0);
  project.write(
      "aegis.yaml",
      manifest_with(container_text("web", 101, "    cores: 3\n") + container_text("db", 102)));
  const Run drift = project.run({"drift"});
  CHECK(drift.exit_code == 2);
  CHECK(mentions(drift.out, "cores"));
  CHECK(mentions(drift.out, "container/web"));
  CHECK_FALSE(mentions(drift.out, "container/db"));
}

TEST_CASE("without a terminal nothing is asked and nothing is changed") {
  Project project;
  project.write("aegis.yaml", two_containers());
  const Run run = project.run({"apply"});
  CHECK(run.exit_code == 3);
  CHECK(mentions(run.err, "--auto-approve"));
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 2);
}

TEST_CASE("credentials, addresses and certificates that are wrong end with their own codes") {
  Project project;
  project.write("aegis.yaml", two_containers());
  project.set("SIMULATOR_PASSWORD", "wrong");
  CHECK(project.run({"plan"}).exit_code == 4);
  project.set("SIMULATOR_PASSWORD", "simulator");
  project.set("SIMULATOR_FINGERPRINT", "AA:" + project.server().fingerprint().substr(3));
  CHECK(project.run({"plan"}).exit_code == 4);
  project.set("SIMULATOR_URL", "https://127.0.0.1:1");
  CHECK(project.run({"plan"}).exit_code == 5);
}

TEST_CASE("a saved plan is applied as it was shown") {
  Project project;
  project.write("aegis.yaml", two_containers());
  const std::string file = project.scratch() + "/plan.json";
  REQUIRE(project.run({"plan", "--out", file}).exit_code == 0);
  const Run applied = project.run({"apply", file});
  INFO(applied.err);
  CHECK(applied.exit_code == 0);
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 0);
}

TEST_CASE("a saved plan is refused when live state, manifests or the file have changed") {
  Project project;
  project.write("aegis.yaml", manifest_with(container_text("web", 101)));
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);
  project.write("aegis.yaml", manifest_with(container_text("web", 101, "    cores: 2\n")));
  const std::string file = project.scratch() + "/plan.json";
  REQUIRE(project.run({"plan", "--out", file}).exit_code == 0);

  // Somebody else sets the very attribute in the meantime.
  project.write("other/aegis.yaml", manifest_with(container_text("web", 101, "    cores: 7\n")));
  REQUIRE(run_aegisctl({"-C", project.folder() + "/other", "apply", "--auto-approve"},
                       {{"HOME", project.scratch()},
                        {"SIMULATOR_URL", project.server().url()},
                        {"SIMULATOR_FINGERPRINT", project.server().fingerprint()},
                        {"SIMULATOR_PASSWORD", "simulator"}})
              .exit_code == 0);
  const Run stale = project.run({"apply", file});
  CHECK(stale.exit_code == 7);
  CHECK(mentions(stale.err, "cores"));
  CHECK(mentions(stale.err, "7"));

  project.write("aegis.yaml", manifest_with(container_text("web", 101, "    cores: 4\n")));
  CHECK(project.run({"apply", file}).exit_code == 7);
  std::ofstream(file) << "{\"format_version\": \"9.0\"}";
  CHECK(project.run({"apply", file}).exit_code == 3);
  std::ofstream(file) << "half a pl";
  CHECK(project.run({"apply", file}).exit_code == 3);
}

TEST_CASE("what disturbs waits for its window, with exit code 6, and --now waits for nothing") {
  const auto wanted = [](const std::string& more, const std::string& schedule) {
    return manifest_with(container_text("web", 101, "    window: rare\n" + more) +
                         container_text("db", 102, more)) +
           "windows:\n  rare: { schedule: \"" + schedule + "\", duration: 1h }\n";
  };
  const std::string never = "1999-01-01 00:00";
  Project project;
  project.write("aegis.yaml", wanted("", never));
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);

  project.write("aegis.yaml", wanted("    features: { nesting: true }\n", never));
  const Run plan = project.run({"plan", "--detailed-exitcode"});
  CHECK(plan.exit_code == 2);
  CHECK(
      mentions(plan.out, "Window: rare (1999-01-01 00:00 UTC for 1h), which does not open again"));
  CHECK_FALSE(mentions(project.run({"plan", "--format", "json"}).out, "opens"));

  const Run waiting = project.run({"apply", "--auto-approve"});
  INFO(waiting.out << waiting.err);
  CHECK(waiting.exit_code == 6);
  CHECK(mentions(waiting.out, "Waiting for the window rare"));
  const Run left = project.run({"drift"});
  CHECK(left.exit_code == 2);
  CHECK(mentions(left.out, "container/web"));
  CHECK_FALSE(mentions(left.out, "container/db"));

  CHECK(project.run({"apply", "--auto-approve", "--now"}).exit_code == 0);
  CHECK(project.run({"drift"}).exit_code == 0);
}

TEST_CASE("in its window what disturbs is made, also from a saved plan") {
  const auto wanted = [](const std::string& more) {
    return manifest_with(container_text("web", 101, "    window: always\n" + more)) +
           "windows:\n  always: { schedule: hourly, duration: 2h }\n";
  };
  Project project;
  project.write("aegis.yaml", wanted(""));
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);
  project.write("aegis.yaml", wanted("    features: { nesting: true }\n"));
  const std::string file = project.scratch() + "/plan.json";
  CHECK(mentions(project.run({"plan", "--out", file}).out, "open until"));
  CHECK(project.run({"apply", file}).exit_code == 0);
  CHECK(project.run({"drift"}).exit_code == 0);
}

TEST_CASE("an apply that is killed at any moment is finished by the next one") {
  for (const auto moment : {20ms, 120ms, 250ms, 400ms, 600ms}) {
    simulator::SimulatorOptions options;
    options.task_duration = 150ms;
    Project project(options);
    project.write("aegis.yaml", two_containers());
    {
      auto run = project.start({"apply", "--auto-approve"});
      std::this_thread::sleep_for(moment);
      run.signal(SIGKILL);
      run.wait();
    }
    REQUIRE((project.run({"unlock", "--force"}).exit_code % 7) == 0);
    const Run again = project.run({"apply", "--auto-approve"});
    INFO(moment.count() << " ms\n" << again.out << again.err);
    CHECK(again.exit_code == 0);
    CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 0);
  }
}

TEST_CASE("Ctrl-C lets the running steps finish, gives the lock back, and ends with 130") {
  simulator::SimulatorOptions options;
  options.task_duration = 400ms;
  Project project(options);
  project.write("aegis.yaml", two_containers());
  auto run = project.start({"apply", "--auto-approve", "--parallelism", "1"});
  std::this_thread::sleep_for(400ms);
  run.signal(SIGINT);
  const Run ended = run.wait();
  INFO(ended.out << ended.err);
  CHECK(ended.exit_code == 130);
  CHECK(project.run({"unlock"}).exit_code == 0);
  CHECK(project.run({"apply", "--auto-approve"}).exit_code == 0);
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 0);
}

TEST_CASE("a lock that somebody holds is named, waited for, and only --force breaks it") {
  simulator::SimulatorOptions options;
  options.task_duration = 1500ms;
  Project project(options);
  project.write("aegis.yaml", two_containers());
  auto holder = project.start({"apply", "--auto-approve"});
  std::this_thread::sleep_for(700ms);
  const Run refused = project.run({"apply", "--auto-approve"});
  INFO(refused.err);
  CHECK(refused.exit_code == 7);
  CHECK(mentions(refused.err, "pid"));
  const Run shown = project.run({"unlock"});
  CHECK(shown.exit_code == 7);
  CHECK(mentions(shown.out, "locked"));
  const Run waited = project.run({"apply", "--auto-approve", "--lock-timeout", "30s"});
  CHECK(waited.exit_code == 0);
  CHECK(holder.wait().exit_code == 0);
}

TEST_CASE("a journal that cannot be written stops a run before its first step") {
  Project project;
  project.write("aegis.yaml", two_containers());
  project.set("XDG_STATE_HOME", "/proc/aegisctl");
  const Run run = project.run({"apply", "--auto-approve"});
  INFO(run.out << run.err);
  CHECK(run.exit_code == 1);
  project.set("XDG_STATE_HOME", project.scratch() + "/state");
  CHECK(project.run({"unlock"}).exit_code == 0);
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 2);
}

TEST_CASE("a ticket that expires in the middle of an apply is renewed") {
  simulator::SimulatorOptions options;
  options.task_duration = 700ms;
  options.ticket_lifetime = 1s;
  Project project(options);
  project.write("aegis.yaml", two_containers());
  const Run run = project.run({"apply", "--auto-approve", "--parallelism", "1"});
  INFO(run.out << run.err);
  CHECK(run.exit_code == 0);
  CHECK(project.run({"plan", "--detailed-exitcode"}).exit_code == 0);
}

TEST_CASE("destroy removes what is named and nothing else") {
  Project project;
  project.write("aegis.yaml", two_containers());
  REQUIRE(project.run({"apply", "--auto-approve"}).exit_code == 0);
  const Run run = project.run({"destroy", "container/db", "--auto-approve"});
  INFO(run.out << run.err);
  CHECK(run.exit_code == 0);
  const Run plan = project.run({"plan", "--json"});
  CHECK(mentions(plan.out, "container/db"));
  CHECK_FALSE(mentions(plan.out, "container/web"));
}

}  // namespace aegis::test
