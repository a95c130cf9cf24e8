#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "engine/apply.h"
#include "engine/file_journal.h"
#include "engine/observe.h"
#include "engine/temporary_folder.h"
#include "kinds/table.h"
#include "laws/laws.h"
#include "laws/worlds.h"
#include "manifest/load.h"
#include "plan/make_plan.h"
#include "plan/plan_json.h"
#include "plan/saved_plan.h"
#include "render/plan_html.h"
#include "render/plan_markdown.h"
#include "render/plan_text.h"
#include "render/report_json.h"
#include "render/report_text.h"

namespace aegis::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* k_manifest = R"(secrets: {s: {env: PLANTED}, v: {env: PLANTED_FOR_VOLUME}}
stacks:
  core:
    docker: unix:///run/fake.sock
    compose: compose/stack.yaml
    environment: {S: "${secret:s}", O: "${env:PLANTED}", V: "${secret:v}"}
)";

// A secret in every place that may hold one.
constexpr const char* k_compose = R"(services:
  web:
    image: demo/web:1
    command: [serve, "--token=${S}"]
    entrypoint: ["/run", "${S}"]
    environment: {A: "${S}", B: "${O}", C: "x${S}y"}
    labels: {a: "${S}", "b.c": "${O}"}
    extra_hosts: ["z:10.0.0.1"]
    healthcheck: {test: "check ${S}"}
    logging: {driver: json-file, options: {tag: "${S}"}}
    networks: [net]
    volumes: ["data:/data"]
networks:
  net: {driver_opts: {o: "${S}"}, labels: {a: "${S}"}}
volumes:
  data: {driver_opts: {o: "password=${V}"}, labels: {a: "${V}"}}
)";

// Everything that a run shows or keeps.
class Words {
 public:
  void add(std::string text) { text_ += text + "\n"; }
  [[nodiscard]] bool hold(const std::string& secret) const {
    return text_.find(secret) != std::string::npos;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

class Watcher : public ApplyObserver {
 public:
  explicit Watcher(Words& words) : words_(words) {}
  void step_started(const Step& step) override { words_.add(step.title); }
  void step_progress(const Step&, std::string_view line) override { words_.add(std::string(line)); }
  void step_finished(const Step&, const StepResult& result) override {
    words_.add(result.detail + (result.error ? result.error->message : ""));
  }

 private:
  Words& words_;
};

std::string slurp_folder(const fs::path& folder) {
  std::ostringstream text;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
  }
  return text.str();
}

struct Planted {
  std::string secret;
  std::string of_volume;  // apart, because a volume is not changed unasked
};

// One run of the tool: loads, plans and applies with secrets planted. What it would change.
std::size_t run(laws::LawWorld& world,
                const std::string& compose,
                const Planted& planted,
                Words& words) {
  const TemporaryFolder project;
  fs::create_directories(project.path() / "compose");
  std::ofstream(project.path() / "aegis.yaml") << k_manifest;
  std::ofstream(project.path() / "compose" / "stack.yaml") << compose;
  Vault vault;
  const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
    if (name == "PLANTED") return planted.secret;
    if (name == "PLANTED_FOR_VOLUME") return planted.of_volume;
    return std::nullopt;
  };
  const Manifests manifests = load(project.path(), environment, vault);
  for (const Diagnostic& diagnostic : manifests.diagnostics)
    words.add(diagnostic.summary + diagnostic.detail);
  INFO(words.text());
  REQUIRE_FALSE(has_errors(manifests.diagnostics));
  const Observed observed =
      observe(manifests.desired, all_kinds(), world.http(), world.shell(), vault);
  REQUIRE(observed.failures.empty());
  const PlanOptions options;
  const Plan plan = make_plan(manifests.desired, observed.world, all_kinds(), options);
  words.add(render_text(plan, {}));
  words.add(render_markdown(plan));
  words.add(render_html(plan));
  words.add(to_json(plan).dump());
  words.add(to_json(make_saved_plan(plan, options, {}, "digest", observed.world)).dump());
  for (const Step& step : plan.steps) words.add(dump_json(step.input));
  const TemporaryFolder state;
  FileJournal journal(state.path(), {"run", "who"});
  Watcher watcher(words);
  const Effects effects{world.http(), world.shell(), world.clock(), vault};
  const Report report = apply(plan, all_kinds(), effects, journal, watcher, {}, {1});
  words.add(render_report(report, plan, {}));
  words.add(to_json(report, plan).dump());
  words.add(slurp_folder(state.path()));
  CHECK(report.outcome == Outcome::succeeded);
  return plan.changes.size();
}

}  // namespace

TEST_CASE("secrets of a stack are in no plan, no saved plan, no journal and no report") {
  const auto world = laws::make_golden_world();
  const Planted first{"planted-Zq7-first", "planted-Zq7-volume"};
  const Planted second{"planted-Zq7-second", "planted-Zq7-volume"};
  Words words;
  CHECK(run(*world, k_compose, first, words) > 0);
  CHECK(run(*world, k_compose, first, words) == 0);
  CHECK(dump_json(world->essence()).find(first.secret) != std::string::npos);
  CHECK(run(*world, k_compose, second, words) > 0);
  CHECK(run(*world, k_compose, second, words) == 0);
  run(*world, k_compose, {"planted-Zq7-second", "planted-Zq7-third"}, words);
  CHECK(dump_json(world->essence()).find(first.secret) == std::string::npos);
  INFO(words.text());
  CHECK_FALSE(words.hold("planted-Zq7"));
}

TEST_CASE("secrets stay hidden when a later Compose file no longer has them") {
  const auto world = laws::make_golden_world();
  Words words;
  const Planted planted{"planted-Zq7-first", "planted-Zq7-volume"};
  run(*world, k_compose, planted, words);
  const std::string plain = R"(services:
  web:
    image: demo/web:1
    command: [serve]
    environment: {A: plain}
    labels: {a: plain}
    logging: {driver: json-file, options: {tag: plain}}
    networks: [net]
    volumes: ["data:/data"]
networks: {net: {driver_opts: {o: plain}}}
volumes: {data: {driver_opts: {o: plain}}}
)";
  CHECK(run(*world, plain, planted, words) > 0);
  INFO(words.text());
  CHECK_FALSE(words.hold("planted-Zq7"));
}

}  // namespace aegis::test
