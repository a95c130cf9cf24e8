#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "simulator/recorded.h"

namespace aegis::test {
namespace {

std::string upid_of(const simulator::Response& response) {
  REQUIRE(response.status == 200);
  return text_or(body_of(response), "data");
}

std::string task_path(const std::string& upid, std::string_view tail) {
  return fmt::format("/nodes/pve/tasks/{}{}", percent_encode(upid), tail);
}

Testbed slow_bed(const ManualClock& clock) {
  simulator::SimulatorOptions options = recorded_options(clock);
  options.task_duration = std::chrono::seconds(5);
  return Testbed(options);
}

Testbed::Form creation(int vmid) {
  return {{"vmid", fmt::format("{}", vmid)},
          {"ostemplate", std::string(k_template)},
          {"rootfs", "data:1"}};
}

}  // namespace

TEST_CASE("a task runs until its time has passed, and its work is seen only then") {
  const ManualClock clock;
  Testbed bed = slow_bed(clock);
  const std::string upid = upid_of(bed.post("/nodes/pve/lxc", creation(100)));
  CHECK(upid.starts_with("UPID:pve:"));
  CHECK(upid.ends_with(":vzcreate:100:root@pam:"));
  const Json running = bed.data(task_path(upid, "/status"));
  CHECK(text_or(running, "status") == "running");
  CHECK_FALSE(running.contains("exitstatus"));
  CHECK(config_value(bed, 100, "lock") == "create");
  CHECK(get(bed.data("/nodes/pve/tasks", {{"source", "active"}})[0], "status") == "RUNNING");
  CHECK(bed.post("/nodes/pve/lxc", creation(100)).status == 500);

  clock.advance(std::chrono::seconds(5));
  CHECK(text_or(bed.data(task_path(upid, "/status")), "exitstatus") == "OK");
  CHECK(config_value(bed, 100, "lock") == "-");
  CHECK(bed.data("/nodes/pve/tasks", {{"source", "active"}}).empty());
}

TEST_CASE("work on one container takes turns, and a write waits for it or gives up after 10 s") {
  const ManualClock clock;
  Testbed bed = slow_bed(clock);
  bed.post("/nodes/pve/lxc", creation(100));
  clock.advance(std::chrono::seconds(5));
  bed.post("/nodes/pve/lxc/100/status/start");
  clock.advance(std::chrono::seconds(2));
  const simulator::Response waited = bed.put("/nodes/pve/lxc/100/config", {{"cores", "1"}});
  CHECK(waited.status == 200);
  CHECK(waited.delay == std::chrono::seconds(3));
  CHECK(text_or(bed.data("/nodes/pve/lxc/100/status/current"), "status") == "running");

  bed.post("/nodes/pve/lxc/100/status/reboot");
  bed.post("/nodes/pve/lxc/100/status/reboot");
  bed.post("/nodes/pve/lxc/100/status/stop");
  const simulator::Response refused = bed.put("/nodes/pve/lxc/100/config", {{"cores", "2"}});
  CHECK(message_of(refused) == "can't lock file '/run/lock/lxc/pve-config-100.lock' - got timeout");
  CHECK(refused.delay == std::chrono::seconds(10));
}

TEST_CASE("a cancelled task ends with an error and a half-made container is gone") {
  const ManualClock clock;
  Testbed bed = slow_bed(clock);
  const std::string upid = upid_of(bed.post("/nodes/pve/lxc", creation(100)));
  CHECK(bed.remove(task_path(upid, "")).status == 200);
  CHECK(text_or(bed.data(task_path(upid, "/status")), "exitstatus") == "received interrupt");
  CHECK(bed.data("/nodes/pve/lxc").empty());
}

TEST_CASE("logs are paged, end with the verdict, and unknown tasks are told from nonsense") {
  Testbed bed;
  const std::string upid = upid_of(bed.post("/nodes/pve/lxc", creation(100)));
  const simulator::Response log =
      bed.get(task_path(upid, "/log"), {{"start", "1"}, {"limit", "1"}});
  CHECK(get(body_of(log), "total") == 2);
  CHECK(get(body_of(log), "data") == *parse_json(R"([{"n":2,"t":"TASK OK"}])"));
  replay(bed,
         {{"GET",
           "./tasks/UPID:pve:00000001:00000001:00000001:vzstart:105:root@pam:/status",
           "",
           400,
           "upid| no such task"},
          {"GET", "./tasks/foo/status", "", 400, "upid| unable to parse worker upid"}});
}

TEST_CASE("tasks are filtered by guest and status, and seen by their owner or an auditor") {
  Testbed bed;
  bed.make_container(100);
  bed.make_container(101);
  bed.configure(101, {{"lock", "backup"}});
  bed.post("/nodes/pve/lxc/101/status/start");
  CHECK(bed.data("/nodes/pve/tasks").size() == 3);
  CHECK(bed.data("/nodes/pve/tasks", {{"vmid", "100"}}).size() == 1);
  const Json failed = bed.data("/nodes/pve/tasks", {{"statusfilter", "error"}});
  REQUIRE(failed.size() == 1);
  CHECK(text_or(failed[0], "status") == "CT is locked (backup)");
  const std::string upid = text_or(failed[0], "upid");
  const std::string limited = bed.make_token("lim@pve", "PVEVMAdmin", "/vms");
  bed.as(limited);
  CHECK(bed.data("/nodes/pve/tasks").empty());
  CHECK(bed.get(task_path(upid, "/status")).status == 403);
  bed.post("/nodes/pve/lxc/100/status/start");
  const Json own = bed.data("/nodes/pve/tasks");
  REQUIRE(own.size() == 1);
  CHECK(text_or(own[0], "user") == "lim@pve");
  CHECK(text_or(own[0], "tokenid") == "ci");
}

}  // namespace aegis::test
