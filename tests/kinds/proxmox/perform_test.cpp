#include <catch2/catch.hpp>

#include "kinds/proxmox/rig.h"

using namespace aegis;
using namespace aegis::test;
using simulator::Fault;

namespace {

constexpr std::string_view k_writes = "^/api2/json/nodes/pve/lxc";

Fault fault(Fault::Kind kind, std::string method, std::string path = std::string(k_writes)) {
  Fault made;
  made.kind = kind;
  made.method = std::move(method);
  made.path = std::move(path);
  return made;
}

/// The steps from a container as `before` to one as `after`, in a world where `before` is there.
struct Story {
  std::string name;
  Json before;  ///< null: not there
  Json after;   ///< null: to be removed
};

std::vector<Story> stories() {
  const Json base = container_spec(103);
  const Json disk{{"storage", "local-zfs"}, {"size", "4GiB"}, {"mp", "/a"}};
  return {
      {"made", Json(), container_spec(103, {{"features", {{"nesting", true}}}})},
      {"hot keys", base, container_spec(103, {{"memory", "1GiB"}, {"tags", {"x"}}})},
      {"pending keys", base, container_spec(103, {{"timezone", "UTC"}})},
      {"grown", base, container_spec(103, {{"rootfs", {{"size", "9GiB"}}}})},
      {"new disk", base, container_spec(103, {{"mount_points", {{"mp0", disk}}}})},
      {"new interface", base, container_spec(103, {{"network", {{"e", {{"bridge", "vmbr0"}}}}}})},
      {"stopped", base, container_spec(103, {{"state", "stopped"}})},
      {"started", container_spec(103, {{"state", "stopped"}}), base},
      {"removed", base, Json()},
  };
}

Plan plan_of(const Story& story, ContainerRig& rig) {
  if (!story.before.is_null()) {
    rig.want("web", story.before);
    rig.converge();
  }
  rig.want_nothing();
  if (!story.after.is_null()) rig.want("web", story.after);
  PlanOptions options;
  options.prune = true;
  Plan plan = rig.plan(options);
  REQUIRE(!plan.steps.empty());
  return plan;
}

void check_arrived(ContainerRig& rig) {
  PlanOptions options;
  options.prune = true;
  CHECK(rig.plan(options).changes.empty());
}

}  // namespace

TEST_CASE("every step that is done twice succeeds twice and changes nothing more") {
  for (const Story& story : stories()) {
    INFO(story.name);
    ContainerRig rig;
    const Plan plan = plan_of(story, rig);
    for (const Step& step : plan.steps) {
      INFO(step.title);
      REQUIRE(rig.perform(step));
      const auto again = rig.perform(step);
      if (!again) FAIL_CHECK(again.error().message);
    }
    check_arrived(rig);
    if (!story.after.is_null()) CHECK(rig.get("/nodes/pve/lxc").size() == 1);
  }
}

TEST_CASE("an answer that is lost after the work was done is found out") {
  for (const Fault::Kind kind : {Fault::Kind::lose_answer, Fault::Kind::drop_after}) {
    for (const Story& story : stories()) {
      INFO(story.name);
      ContainerRig rig;
      const Plan plan = plan_of(story, rig);
      for (const Step& step : plan.steps) {
        INFO(step.title);
        Fault lost = fault(kind, "");
        lost.method = step.operation == "create" ? "POST" : "";
        if (step.operation == "configure" || step.operation == "resize") lost.method = "PUT";
        if (step.operation == "destroy") lost.method = "DELETE";
        if (lost.method.empty()) lost.method = "POST";
        rig.host().set_faults({{lost}, {}});
        const auto output = rig.perform(step);
        if (!output) FAIL_CHECK(output.error().message);
        rig.host().set_faults({});
      }
      check_arrived(rig);
    }
  }
}

TEST_CASE("a request that was lost before the work is sent again") {
  for (const Story& story : stories()) {
    INFO(story.name);
    ContainerRig rig;
    const Plan plan = plan_of(story, rig);
    for (const Step& step : plan.steps) {
      rig.host().set_faults({{fault(Fault::Kind::drop_before, "POST"),
                              fault(Fault::Kind::drop_before, "PUT"),
                              fault(Fault::Kind::drop_before, "DELETE")},
                             {}});
      const auto output = rig.perform(step);
      if (!output) FAIL_CHECK(step.title << ": " << output.error().message);
      rig.host().set_faults({});
    }
    check_arrived(rig);
  }
}

TEST_CASE("tasks that take their time are waited for, with growing pauses") {
  simulator::SimulatorOptions options;
  options.task_duration = std::chrono::seconds(30);
  ContainerRig rig(options);
  rig.want("web", container_spec(103));
  rig.http().clear_log();
  rig.converge();
  const auto waits = rig.clock().passed();
  CHECK(waits >= std::chrono::seconds(60));
  CHECK(waits < std::chrono::seconds(70));
  CHECK(rig.http().log().size() < 120);
}

TEST_CASE("a creation that was cut off is waited for by the next run") {
  simulator::SimulatorOptions options;
  options.task_duration = std::chrono::seconds(30);
  ContainerRig rig(options);
  rig.want("web", container_spec(103));
  const Plan plan = rig.plan();
  Step hasty = plan.steps.front();
  hasty.timeout = std::chrono::seconds(1);
  const auto cut_off = rig.perform(hasty);
  REQUIRE_FALSE(cut_off);
  CHECK(cut_off.error().code == ErrorCode::timed_out);
  rig.converge();
  CHECK(rig.get("/nodes/pve/lxc").size() == 1);
}

TEST_CASE("a failed task fails the step with the task's own words") {
  ContainerRig rig;
  rig.want("web", container_spec(103, {{"template", "local:vztmpl/none.tar.zst"}}));
  const auto applied = rig.apply(rig.plan());
  REQUIRE_FALSE(applied);
  CHECK(applied.error().message.find("volume 'local:vztmpl/none.tar.zst' does not exist") !=
        std::string::npos);
  CHECK(rig.get("/nodes/pve/lxc").empty());
}

TEST_CASE("a task with warnings succeeds and tells them") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  const Plan plan = rig.plan();
  Fault warning = fault(Fault::Kind::warn_task, "POST");
  warning.status = 2;
  rig.host().set_faults({{warning}, {}});
  const auto output = rig.perform(plan.steps.front());
  REQUIRE(output);
  CHECK(text_or(*output, "warning") == "WARNINGS: 2");
}

TEST_CASE("what somebody else changed since the plan is a conflict, not overwritten") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  rig.want("web", container_spec(103, {{"memory", "1GiB"}}));
  const Plan plan = rig.plan();
  rig.by_hand("PUT", "/nodes/pve/lxc/103/config", {{"cores", "3"}});
  const auto applied = rig.apply(plan);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().code == ErrorCode::conflict);
  CHECK(applied.error().message.find("plan again") != std::string::npos);
  CHECK(rig.config(103, "memory") == "512");
}

TEST_CASE("a short lock is waited for, a long one is named with its remedy") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  rig.want("web", container_spec(103, {{"memory", "1GiB"}}));
  Plan plan = rig.plan();
  plan.steps.front().input.erase("digest");
  SECTION("short") {
    rig.host().hold_lock(103, std::chrono::seconds(20));
    CHECK(rig.apply(plan));
    CHECK(rig.config(103, "memory") == "1024");
  }
  SECTION("long") {
    rig.host().hold_lock(103, std::chrono::hours(3));
    const auto applied = rig.apply(plan);
    REQUIRE_FALSE(applied);
    CHECK(applied.error().code == ErrorCode::conflict);
    CHECK(applied.error().message.find("\"backup\"") != std::string::npos);
    CHECK(applied.error().message.find("pct unlock 103") != std::string::npos);
    CHECK(rig.clock().passed() < std::chrono::minutes(5));
  }
}

TEST_CASE("a locked container is not rebooted, which would leave it stopped") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  rig.want("web", container_spec(103, {{"timezone", "UTC"}}));
  const Plan plan = rig.plan();
  REQUIRE(operations_of(plan) == "configure, reboot");
  REQUIRE(rig.perform(plan.steps[0]));
  rig.host().hold_lock(103, std::chrono::hours(3));
  CHECK_FALSE(rig.perform(plan.steps[1]));
  CHECK(rig.is_running(103));
}

TEST_CASE("a reboot that became needless is not made") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  rig.want("web", container_spec(103, {{"timezone", "UTC"}}));
  const Plan plan = rig.plan();
  REQUIRE(rig.perform(plan.steps[0]));
  rig.by_hand("POST", "/nodes/pve/lxc/103/status/reboot");
  rig.get("/version");
  rig.http().clear_log();
  REQUIRE(rig.perform(plan.steps[1]));
  for (const std::string& call : rig.http().log()) CHECK(call.starts_with("GET "));
}

TEST_CASE("a vmid that became somebody else's is neither destroyed nor taken over") {
  ContainerRig rig;
  rig.want("web", container_spec(103, {{"state", "stopped"}}));
  const Plan creation = rig.plan();
  rig.converge();
  rig.want_nothing();
  PlanOptions options;
  options.prune = true;
  const Plan removal = rig.plan(options);
  rig.by_hand("PUT", "/nodes/pve/lxc/103/config", {{"tags", "theirs"}});
  const auto destroyed = rig.apply(removal);
  REQUIRE_FALSE(destroyed);
  CHECK(destroyed.error().message.find("not ours") != std::string::npos);
  const auto made = rig.apply(creation);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::conflict);
  CHECK(rig.config(103, "tags") == "theirs");
}

TEST_CASE("a container that is protected after the plan is not even stopped for its removal") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  rig.want_nothing();
  PlanOptions options;
  options.prune = true;
  const Plan plan = rig.plan(options);
  rig.by_hand("PUT", "/nodes/pve/lxc/103/config", {{"protection", "1"}});
  const auto applied = rig.apply(plan);
  REQUIRE_FALSE(applied);
  CHECK(applied.error().message.find("protection: false") != std::string::npos);
  CHECK(rig.is_running(103));
}

TEST_CASE("an interface that fails leaves the other keys set and says which bridge") {
  ContainerRig rig;
  rig.want("web", container_spec(103));
  rig.converge();
  rig.want(
      "web",
      container_spec(103, {{"memory", "1GiB"}, {"network", {{"eth0", {{"bridge", "vmbr77"}}}}}}));
  const auto applied = rig.apply(rig.plan());
  REQUIRE_FALSE(applied);
  CHECK(applied.error().message.find("vmbr77") != std::string::npos);
  CHECK(rig.config(103, "memory") == "1024");
}

TEST_CASE("a password reaches Proxmox and no error message") {
  ContainerRig rig;
  rig.want("web", container_spec(103, {{"password", rig.vault().seal("abc")}}));
  const auto refused = rig.apply(rig.plan());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("password") != std::string::npos);
  rig.want("web", container_spec(103, {{"password", rig.vault().seal("s3cret&;=+")}}));
  rig.converge();
}

TEST_CASE("an unknown operation is refused") {
  ContainerRig rig;
  Step step;
  step.operation = "paint";
  CHECK_FALSE(rig.perform(step));
}
