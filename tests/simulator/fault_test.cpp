#include <catch2/catch.hpp>

#include "simulator/recorded.h"

namespace aegis::test {
namespace {

using simulator::Fault;

void plan(Testbed& bed, Fault fault) {
  bed.host().set_faults({{std::move(fault)}, std::chrono::milliseconds(0)});
}

}  // namespace

TEST_CASE("a fault meets the request of its number and no other") {
  Testbed bed;
  plan(bed, {.kind = Fault::Kind::answer, .number = 2, .status = 503, .text = "no quorum"});
  CHECK(bed.get("/version").status == 200);
  const simulator::Response second = bed.get("/version");
  CHECK(second.status == 503);
  CHECK(second.reason == "no quorum");
  CHECK(bed.get("/version").status == 200);
  CHECK(bed.host().requests() == 3);
}

TEST_CASE("an answered fault leaves the work undone, a lost answer leaves it done") {
  Testbed bed;
  plan(bed, {.kind = Fault::Kind::answer, .method = "POST", .path = "/pools$", .text = "broken"});
  CHECK(message_of(bed.post("/pools", {{"poolid", "a"}})) == "broken");
  CHECK(bed.data("/pools").empty());

  plan(bed, {.kind = Fault::Kind::lose_answer, .method = "POST", .path = "/pools$"});
  const simulator::Response lost = bed.post("/pools", {{"poolid", "a"}});
  CHECK(lost.status == 596);
  CHECK(lost.reason == "Connection timed out");
  CHECK(lost.body.empty());
  CHECK(bed.data("/pools").size() == 1);
}

TEST_CASE("a connection is dropped before or after the work") {
  Testbed bed;
  plan(bed, {.kind = Fault::Kind::drop_before, .method = "POST"});
  CHECK(bed.post("/pools", {{"poolid", "a"}}).dropped);
  CHECK(bed.data("/pools").empty());
  plan(bed, {.kind = Fault::Kind::drop_after, .method = "POST"});
  CHECK(bed.post("/pools", {{"poolid", "a"}}).dropped);
  CHECK(bed.data("/pools").size() == 1);
}

TEST_CASE("answers are slowed one by one or all alike") {
  Testbed bed;
  bed.host().set_faults({{{.kind = Fault::Kind::slow,
                           .path = "/version",
                           .times = -1,
                           .delay = std::chrono::milliseconds(70)}},
                         std::chrono::milliseconds(20)});
  CHECK(bed.get("/version").delay == std::chrono::milliseconds(90));
  CHECK(bed.get("/version").delay == std::chrono::milliseconds(90));
  CHECK(bed.get("/nodes").delay == std::chrono::milliseconds(20));
}

TEST_CASE("a lock is held on a container for a while and then falls off") {
  const ManualClock clock;
  Testbed bed(recorded_options(clock));
  bed.make_container(100);
  plan(bed,
       {.kind = Fault::Kind::lock, .method = "PUT", .delay = std::chrono::seconds(3), .vmid = 100});
  CHECK(message_of(bed.put("/nodes/pve/lxc/100/config", {{"cores", "1"}})) ==
        "CT is locked (backup)");
  clock.advance(std::chrono::seconds(3));
  bed.configure(100, {{"cores", "1"}});
  bed.host().hold_lock(100, std::chrono::seconds(1));
  CHECK(config_value(bed, 100, "lock") == "backup");
}

TEST_CASE("a task fails without its work, or ends with warnings after it") {
  Testbed bed;
  bed.make_container(100);
  plan(bed, {.kind = Fault::Kind::fail_task, .path = "start$", .text = "cgroup is busy"});
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/100/status/start")) == "cgroup is busy");
  CHECK(text_or(bed.data("/nodes/pve/lxc/100/status/current"), "status") == "stopped");
  plan(bed, {.kind = Fault::Kind::warn_task, .path = "start$", .status = 2});
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/100/status/start")) == "WARNINGS: 2");
  CHECK(text_or(bed.data("/nodes/pve/lxc/100/status/current"), "status") == "running");
}

}  // namespace aegis::test
