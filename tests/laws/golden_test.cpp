#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "engine/apply.h"
#include "engine/observe.h"
#include "kinds/table.h"
#include "laws/laws.h"
#include "laws/recording.h"
#include "laws/worlds.h"
#include "manifest/load.h"
#include "plan/make_plan.h"
#include "plan/plan_json.h"
#include "render/plan_text.h"
#include "support/quiet_run.h"
#include "support/source_folder.h"

namespace aegis::test {
namespace {

namespace fs = std::filesystem;

bool updates() {
  return std::getenv("AEGIS_UPDATE_GOLDEN") != nullptr;
}

std::string slurp(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

void expect(const fs::path& file, const std::string& actual) {
  if (updates()) std::ofstream(file, std::ios::binary) << actual;
  INFO(file.string());
  CHECK(slurp(file) == actual);
}

std::vector<fs::path> cases() {
  std::vector<fs::path> found;
  for (const auto& kind : fs::directory_iterator(source_folder() / "tests" / "golden")) {
    if (!kind.is_directory()) continue;
    for (const auto& entry : fs::directory_iterator(kind.path())) {
      if (entry.is_directory()) found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

// A folder in which `file` of the case is the only manifest.
class Folder {
 public:
  Folder(const fs::path& golden, const std::string& file) {
    std::string pattern = (fs::temp_directory_path() / "aegis-golden-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    for (const auto& entry : fs::directory_iterator(golden)) {
      const std::string name = entry.path().filename().string();
      // A Compose file beside the manifest would be taken for one.
      fs::create_directories(path_ / "compose");
      if (name == file) fs::copy_file(entry.path(), path_ / "aegis.yaml");
      if (name.starts_with("source-")) fs::copy_file(entry.path(), path_ / name);
      if (name.starts_with("stack")) fs::copy_file(entry.path(), path_ / "compose" / name);
    }
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Desired load_folder(const Folder& folder, Vault& vault) {
  const Environment nothing = [](const std::string&) { return std::nullopt; };
  Manifests manifests = load(folder.path(), nothing, vault);
  for (const Diagnostic& diagnostic : manifests.diagnostics) {
    if (diagnostic.severity == Severity::error)
      FAIL(diagnostic.summary << ": " << diagnostic.detail);
  }
  return std::move(manifests.desired);
}

Desired load_case(const fs::path& golden, const std::string& file, Vault& vault) {
  INFO(golden.string());
  return load_folder(Folder(golden, file), vault);
}

void apply_before(const fs::path& golden, laws::LawWorld& world) {
  if (!fs::exists(golden / "before.yaml")) return;
  Vault vault;
  const Desired before = load_case(golden, "before.yaml", vault);
  const Observed observed = observe(before, all_kinds(), world.http(), world.shell(), vault);
  REQUIRE(observed.failures.empty());
  NoJournal journal;
  NoObserver watcher;
  const Report report = apply(make_plan(before, observed.world, all_kinds(), {}),
                              all_kinds(),
                              {world.http(), world.shell(), world.clock(), vault, world.secrets()},
                              journal,
                              watcher,
                              {},
                              {});
  for (const StepResult& result : report.results) {
    if (result.error) FAIL_CHECK(golden.string() << ": " << result.error->message);
  }
  REQUIRE(report.outcome == Outcome::succeeded);
}

// What somebody does with other means than ours before the plan is made.
void act_by_hand(const fs::path& golden, laws::LawWorld& world) {
  if (!fs::exists(golden / "by-hand.json")) return;
  const Json calls = parse_json(slurp(golden / "by-hand.json")).value();
  for (const Json& call : calls) {
    HttpRequest request;
    request.endpoint = text_or(call, "endpoint");
    request.method = text_or(call, "method");
    request.path = text_or(call, "path");
    request.body = text_or(call, "body");
    request.content_type = text_or(call, "content_type");
    const auto response = world.http().send(request);
    INFO(request.path);
    REQUIRE(response);
    REQUIRE(response->status < 300);
  }
}

Json record(const fs::path& golden) {
  const auto world = laws::make_golden_world();
  apply_before(golden, *world);
  act_by_hand(golden, *world);
  Vault vault;
  RecordingHttp http(world->http());
  RecordingShell shell(world->shell());
  const Observed observed =
      observe(load_case(golden, "manifest.yaml", vault), all_kinds(), http, shell, vault);
  REQUIRE(observed.failures.empty());
  Json recording = http.recording();
  recording.update(shell.recording());
  return recording;
}

Plan plan_case(const fs::path& golden, const PlanOptions& options = {}) {
  Vault vault;
  const Desired desired = load_case(golden, "manifest.yaml", vault);
  const Json live = parse_json(slurp(golden / "live.json")).value();
  ReplayedHttp http(live);
  ReplayedShell shell(live);
  const Observed observed = observe(desired, all_kinds(), http, shell, vault);
  for (const Unreadable& failure : observed.failures)
    FAIL(golden.string() << ": " << failure.error.message);
  return make_plan(desired, observed.world, all_kinds(), options);
}

// The case as a story: its starting point, if it has one, and then what is wanted.
laws::LawCase story_of(const fs::path& golden) {
  laws::LawCase story;
  for (const char* file : {"before.yaml", "manifest.yaml"}) {
    if (!fs::exists(golden / file)) continue;
    // One folder for all runs: its name gets into labels.
    story.stages.push_back([folder = std::make_shared<Folder>(golden, file)](Vault& vault) {
      return load_folder(*folder, vault);
    });
  }
  story.kinds = all_kinds();
  story.make_world = laws::make_golden_world;
  story.options.prune = true;
  return story;
}

bool is_blocked(const Change& change) {
  return !change.blocked.empty();
}

}  // namespace

TEST_CASE("every golden case gives its plan, byte for byte, twice") {
  for (const fs::path& golden : cases()) {
    if (updates()) std::ofstream(golden / "live.json") << record(golden).dump(1) << "\n";
    const Plan plan = plan_case(golden);
    expect(golden / "plan.txt", render_text(plan, {}));
    expect(golden / "plan.json", to_json(plan).dump(1) + "\n");
    CHECK(to_json(plan_case(golden)) == to_json(plan));
  }
}

// After the case above, which records new cases when asked to.
TEST_CASE("the laws hold for every golden case that does not wait for a word of the user") {
  for (const fs::path& golden : cases()) {
    const laws::LawCase story = story_of(golden);
    const Plan plan = plan_case(golden, story.options);
    if (std::any_of(plan.changes.begin(), plan.changes.end(), is_blocked)) continue;
    INFO(golden.string());
    CHECK(laws::violations_of_rest(story) == std::vector<std::string>());
    CHECK(laws::violations_of_convergence(story) == std::vector<std::string>());
  }
}

TEST_CASE("every kind has a golden case, and one of its own schema exists") {
  for (const Kind& kind : all_kinds()) {
    INFO(kind.name);
    const fs::path golden = source_folder() / "tests" / "golden" / std::string(kind.name);
    CHECK((fs::exists(golden) && !fs::is_empty(golden)));
    if (kind.schema.empty()) continue;
    CHECK(fs::exists(source_folder() / "schemas" / (std::string(kind.schema) + ".schema.json")));
  }
}

TEST_CASE("no golden case shows a secret") {
  for (const fs::path& golden : cases()) {
    CHECK(slurp(golden / "plan.txt").find("hunter2") == std::string::npos);
    CHECK(slurp(golden / "plan.json").find("hunter2") == std::string::npos);
  }
}

}  // namespace aegis::test
