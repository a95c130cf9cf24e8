#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "engine/temporary_folder.h"
#include "simulator/recorded.h"

namespace aegis::test {
namespace {

using simulator::Fault;

// The next task that a POST starts ends with this text and has done nothing.
void fail_next_task(Testbed& bed, const std::string& path) {
  bed.host().set_faults(
      {{{.kind = Fault::Kind::fail_task, .method = "POST", .path = path, .text = "interrupted"}},
       std::chrono::milliseconds(0)});
}

std::string back_up(Testbed& bed) {
  return bed.exit_status(bed.post("/nodes/pve/vzdump", {{"vmid", "105"}, {"storage", "local"}}));
}

std::string archive_of(Testbed& bed) {
  return text_or(bed.data("/nodes/pve/storage/local/content", {{"content", "backup"}}).front(),
                 "volid");
}

std::string restore(Testbed& bed, int vmid, const std::string& archive) {
  return bed.exit_status(bed.post("/nodes/pve/lxc",
                                  {{"vmid", fmt::format("{}", vmid)},
                                   {"ostemplate", archive},
                                   {"restore", "1"},
                                   {"force", "1"},
                                   {"storage", "data"}}));
}

}  // namespace

TEST_CASE("a backup that fails leaves no archive and no lock") {
  Testbed bed;
  bed.make_container(105);
  const std::string conf = bed.host().conf_file(105);
  fail_next_task(bed, "/vzdump$");
  CHECK(back_up(bed) == "interrupted");
  CHECK(bed.host().conf_file(105) == conf);
  CHECK(bed.data("/nodes/pve/storage/local/content", {{"content", "backup"}}).empty());
  CHECK(back_up(bed) == "OK");
}

TEST_CASE("a restore that fails leaves no new container, and takes an overwritten one along") {
  Testbed bed;
  bed.make_container(105);
  REQUIRE(back_up(bed) == "OK");
  const std::string archive = archive_of(bed);
  fail_next_task(bed, "/lxc$");
  CHECK(restore(bed, 106, archive) == "interrupted");
  CHECK(bed.data("/nodes/pve/lxc").size() == 1);
  fail_next_task(bed, "/lxc$");
  CHECK(restore(bed, 105, archive) == "interrupted");
  CHECK(bed.data("/nodes/pve/lxc").empty());
  CHECK(restore(bed, 105, archive) == "OK");
  CHECK(bed.data("/nodes/pve/lxc").size() == 1);
}

TEST_CASE("a clone that fails leaves nothing of the copy and an unlocked source") {
  Testbed bed;
  bed.make_container(105);
  const std::string conf = bed.host().conf_file(105);
  fail_next_task(bed, "/clone$");
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/105/clone", {{"newid", "106"}})) == "interrupted");
  CHECK(bed.host().conf_file(105) == conf);
  CHECK(bed.data("/nodes/pve/lxc").size() == 1);
  CHECK(bed.exit_status(bed.post("/nodes/pve/lxc/105/clone", {{"newid", "106"}})) == "OK");
}

TEST_CASE("a source is locked while it is copied, and so is the copy") {
  const ManualClock clock;
  simulator::SimulatorOptions options = recorded_options(clock);
  options.task_duration = std::chrono::seconds(30);
  Testbed bed(options);
  bed.host().populate({.count = 1, .first_vmid = 105});
  const simulator::Response begun = bed.post("/nodes/pve/lxc/105/clone", {{"newid", "106"}});
  REQUIRE(begun.status == 200);
  CHECK(config_value(bed, 105, "lock") == "disk");
  CHECK(config_value(bed, 106, "lock") == "create");
  clock.advance(std::chrono::seconds(31));
  CHECK(bed.exit_status(begun) == "OK");
  CHECK(config_value(bed, 105, "lock") == "-");
  CHECK(config_value(bed, 106, "lock") == "-");
}

TEST_CASE("snapshots, archives, jobs and targets outlive the process") {
  const TemporaryFolder folder;
  simulator::SimulatorOptions options = recorded_options();
  options.state_folder = folder.path() / "state";
  const std::vector<std::string> paths{"/nodes/pve/lxc/105/snapshot",
                                       "/nodes/pve/storage/local/content",
                                       "/cluster/backup",
                                       "/cluster/notifications/targets",
                                       "/cluster/ha/resources"};
  std::vector<Json> before;
  std::string archive;
  {
    Testbed bed(options);
    bed.make_container(105, {{"description", "d"}});
    bed.post("/nodes/pve/lxc/105/snapshot", {{"snapname", "s1"}, {"description", "x"}});
    bed.post("/nodes/pve/vzdump",
             {{"vmid", "105"}, {"storage", "local"}, {"protected", "1"}, {"notes-template", "n"}});
    archive = archive_of(bed);
    bed.post("/cluster/backup", {{"id", "j1"}, {"schedule", "daily"}, {"vmid", "105"}});
    bed.post("/cluster/notifications/endpoints/gotify",
             {{"name", "go"}, {"server", "http://g"}, {"token", "t"}});
    bed.post("/cluster/ha/resources", {{"sid", "ct:105"}, {"state", "stopped"}});
    for (const std::string& path : paths) before.push_back(bed.data(path));
  }
  Testbed bed(options);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    INFO(paths[i]);
    CHECK(bed.data(paths[i]) == before[i]);
  }
  CHECK(restore(bed, 107, archive) == "OK");
  CHECK(config_value(bed, 107, "description") == "d\n");
}

}  // namespace aegis::test
