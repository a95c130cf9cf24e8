#include <fmt/format.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "simulator/recorded.h"

namespace aegis::test {
namespace {

// A folder that is removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "simulatorXXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

simulator::SimulatorOptions kept_in(const TemporaryFolder& folder, const ManualClock& clock) {
  simulator::SimulatorOptions options = recorded_options(clock);
  options.state_folder = folder.path() / "state";
  return options;
}

}  // namespace

TEST_CASE("a host that is opened again is the host that it was") {
  const TemporaryFolder folder;
  const ManualClock clock;
  std::string conf;
  std::string token;
  std::string ticket;
  Json content;
  {
    Testbed bed(kept_in(folder, clock));
    bed.make_running(100, {{"net0", "name=eth0,bridge=vmbr0"}, {"description", "ú\nx"}});
    bed.configure(100, {{"features", "nesting=1"}});
    bed.post("/pools", {{"poolid", "web"}, {"comment", "c"}});
    token = bed.make_token("reader@pve", "PVEAuditor", "/");
    bed.post("/access/groups", {{"groupid", "ops"}, {"comment", "People"}});
    bed.put("/access/users/reader@pve", {{"groups", "ops"}, {"firstname", "Rea"}});
    conf = bed.host().conf_file(100);
    content = bed.data("/nodes/pve/storage/data/content");
    ticket = bed.host().mint_ticket().ticket;
  }
  Testbed bed(kept_in(folder, clock));
  CHECK(bed.host().conf_file(100) == conf);
  CHECK(text_or(bed.data("/nodes/pve/lxc/100/status/current"), "status") == "running");
  CHECK(bed.data("/nodes/pve/storage/data/content") == content);
  CHECK(bed.data("/pools") == *parse_json(R"([{"poolid":"web","comment":"c"}])"));
  CHECK(bed.data("/access/groups") ==
        *parse_json(R"([{"groupid":"ops","comment":"People","users":"reader@pve"}])"));
  CHECK(get(bed.data("/access/users/reader@pve"), "firstname") == "Rea");
  CHECK(bed.data("/nodes/pve/tasks").size() == 2);
  CHECK(bed.host().mint_ticket().ticket == ticket);
  bed.as(token);
  CHECK(bed.data("/nodes/pve/lxc").size() == 1);
}

TEST_CASE("a task that was running when the host went down ends after it is opened again") {
  const TemporaryFolder folder;
  const ManualClock clock;
  simulator::SimulatorOptions options = kept_in(folder, clock);
  options.task_duration = std::chrono::seconds(5);
  {
    Testbed bed(options);
    const simulator::Response made =
        bed.post("/nodes/pve/lxc",
                 {{"vmid", "100"}, {"ostemplate", std::string(k_template)}, {"rootfs", "data:1"}});
    REQUIRE(made.status == 200);
  }
  clock.advance(std::chrono::seconds(6));
  Testbed bed(options);
  CHECK(config_value(bed, 100, "rootfs") == "data:100/vm-100-disk-0.raw,size=1G");
}

TEST_CASE("a state file that cannot be understood is an error and stays as it is") {
  const TemporaryFolder folder;
  const ManualClock clock;
  const simulator::SimulatorOptions options = kept_in(folder, clock);
  std::filesystem::create_directories(options.state_folder);
  const std::filesystem::path file = options.state_folder / "state.json";
  for (const std::string text : {"", "{\"containers\": [", "[]", "{\"format_version\": 99}"}) {
    INFO(text);
    std::ofstream(file) << text;
    const auto opened = simulator::Host::open(options);
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().code == ErrorCode::io);
    CHECK(opened.error().message.find(file.string()) != std::string::npos);
    CHECK(std::filesystem::file_size(file) == text.size());
  }
}

TEST_CASE("a state of another node is refused") {
  const TemporaryFolder folder;
  const ManualClock clock;
  simulator::SimulatorOptions options = kept_in(folder, clock);
  REQUIRE(simulator::Host::open(options).has_value());
  options.node = "other";
  CHECK_FALSE(simulator::Host::open(options).has_value());
}

TEST_CASE("the state holds secrets and is readable by its owner only") {
  const TemporaryFolder folder;
  const ManualClock clock;
  const simulator::SimulatorOptions options = kept_in(folder, clock);
  REQUIRE(simulator::Host::open(options).has_value());
  const auto permissions =
      std::filesystem::status(options.state_folder / "state.json").permissions();
  CHECK(permissions == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("a write whose state cannot be saved is not answered as done") {
  const TemporaryFolder folder;
  const ManualClock clock;
  const simulator::SimulatorOptions options = kept_in(folder, clock);
  Testbed bed(options);
  // A folder in the draft's place fails for every user, root included.
  std::filesystem::create_directory(options.state_folder / "state.json.new");
  CHECK(bed.post("/pools", {{"poolid", "a"}}).status == 500);
}

TEST_CASE("ten thousand containers are made and read in a moment") {
  Testbed bed;
  const auto begin = std::chrono::steady_clock::now();
  bed.host().populate({.count = 10'000, .first_vmid = 1000, .config = {{"tags", "web"}}});
  CHECK(bed.data("/nodes/pve/lxc").size() == 10'000);
  for (int vmid = 1000; vmid < 11'000; vmid += 10) {
    REQUIRE(bed.get(fmt::format("/nodes/pve/lxc/{}/pending", vmid)).status == 200);
  }
  const auto taken = std::chrono::steady_clock::now() - begin;
  // Generous, for unoptimised builds on busy machines; anything quadratic takes minutes.
  CHECK(taken < std::chrono::seconds(30));
}

}  // namespace aegis::test
