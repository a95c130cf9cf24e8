#include <algorithm>
#include <catch2/catch.hpp>

#include "base/text.h"
#include "engine/apply.h"
#include "engine/observe.h"
#include "engine/survey.h"
#include "kinds/proxmox/container.h"
#include "kinds/proxmox/machine.h"
#include "kinds/table.h"
#include "laws/laws.h"
#include "laws/manifests.h"
#include "laws/proxmox_world.h"
#include "laws/random_sections.h"
#include "manifest/declaration_text.h"
#include "manifest/schema.h"
#include "plan/adoption.h"
#include "support/quiet_run.h"

namespace aegis::laws {
namespace {

std::string container_manifest(unsigned seed) {
  Json project = project_of(Json::object());
  project["containers"]["web"] = random_container(seed);
  return dump_json(project);
}

std::string machine_manifest(unsigned seed) {
  Json project = project_of(Json::object());
  project["machines"]["box"] = random_machine(seed);
  return dump_json(project);
}

std::string section_manifest(const std::string& section, unsigned seed) {
  return dump_json(project_of({{section, random_section(section, seed)}}));
}

std::string project_manifest(unsigned seed) {
  return dump_json(random_project(seed));
}

bool is_valid(const std::string& manifest) {
  Vault vault;
  try {
    from_manifests({{"aegis.yaml", manifest}})(vault);
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

/// What manifests, each made after the one before, violate; what the plan says, and does not do, is
/// none.
std::vector<std::string> violations_of(const std::vector<std::string>& manifests,
                                       std::span<const Kind> kinds) {
  LawCase law_case;
  for (const std::string& manifest : manifests) {
    law_case.stages.push_back(from_manifests({{"aegis.yaml", manifest}}));
  }
  law_case.kinds = kinds;
  law_case.make_world = make_proxmox_world;
  law_case.options.prune = true;
  std::vector<std::string> found = violations_of_rest(law_case);
  std::erase_if(found, [](const std::string& violation) {
    return violation.find(" blocked: ") != std::string::npos;
  });
  return found;
}

bool is_of_firewall(const std::string& violation) {
  return violation.find("/firewall/") != std::string::npos;
}

std::vector<std::string> violations(const std::string& before,
                                    const std::string& now,
                                    std::span<const Kind> kinds) {
  std::vector<std::string> manifests{now};
  if (!before.empty()) manifests.insert(manifests.begin(), before);
  std::vector<std::string> found = violations_of(manifests, kinds);
  if (found.empty() || !std::all_of(found.begin(), found.end(), is_of_firewall)) return found;
  // A firewall that would shut us out is held back as long as another one is in force, and the run
  // that takes that one away cannot know that it will succeed: the next run makes it.
  manifests.push_back(now);
  return violations_of(manifests, kinds);
}

/// Tries `count` valid manifests, each after the one before.
void expect_rest(int count,
                 std::span<const Kind> kinds,
                 const std::function<std::string(unsigned)>& make) {
  std::string before;
  int tried = 0;
  for (unsigned seed = 1; tried < count; ++seed) {
    REQUIRE(seed < 20U * static_cast<unsigned>(count));
    const std::string now = make(seed);
    if (!is_valid(now)) continue;
    ++tried;
    INFO(before << "\n" << now);
    CHECK(violations(before, now, kinds) == std::vector<std::string>{});
    before = now;
  }
}

std::string server_only() {
  return dump_json(project_of(Json::object()));
}

/// What a plan of `manifests` would do beyond taking over what it finds.
std::vector<std::string> differences(const std::map<std::string, std::string>& manifests,
                                     std::span<const Kind> kinds,
                                     LawWorld& world) {
  Vault vault;
  const Desired desired = from_manifests(manifests)(vault);
  const Observed observed = observe(desired, kinds, world.http(), world.shell(), vault);
  std::vector<std::string> found;
  for (const Unreadable& failure : observed.failures) found.push_back(failure.error.message);
  for (const Change& change : make_plan(desired, observed.world, kinds, {}).changes) {
    if (only_takes_over(change)) continue;
    found.push_back(to_string(change.address) + ": " + change.cause);
  }
  return found;
}

/// The manifest of what is there and in none. Secrets can be anything.
std::string imported(std::span<const Kind> kinds, LawWorld& world) {
  Vault vault;
  const Desired desired = from_manifests({{"aegis.yaml", server_only()}})(vault);
  const Surveyed found = survey(desired, kinds, world.http(), world.shell(), vault);
  for (const Unreadable& failure : found.failures) throw std::runtime_error(failure.error.message);
  std::string text = declaration_text(found.declarations);
  for (const auto& [name, variable] : variables_of(found.declarations)) {
    const std::string source = "env: " + variable;
    text.replace(text.find(source), source.size(), "command: [echo, anything]");
  }
  return text;
}

/// Makes `count` valid manifests, each in a world of its own, and demands that what is imported of
/// it plans nothing.
void expect_import(int count,
                   std::span<const Kind> kinds,
                   const std::function<std::string(unsigned)>& make) {
  int tried = 0;
  for (unsigned seed = 1; tried < count; ++seed) {
    REQUIRE(seed < 20U * static_cast<unsigned>(count));
    const std::string manifest = make(seed);
    if (!is_valid(manifest)) continue;
    ++tried;
    const auto world = make_proxmox_world();
    Vault vault;
    const Desired desired = from_manifests({{"aegis.yaml", manifest}})(vault);
    const Observed observed = observe(desired, kinds, world->http(), world->shell(), vault);
    const Plan plan = make_plan(desired, observed.world, kinds, {});
    test::NoJournal journal;
    test::NoObserver observer;
    apply(plan,
          kinds,
          {world->http(), world->shell(), world->clock(), vault, world->secrets()},
          journal,
          observer,
          {},
          {1});
    const std::string text = imported(kinds, *world);
    INFO(manifest << "\n" << text);
    CHECK(differences({{"aegis.yaml", server_only()}, {"found.yaml", text}}, kinds, *world) ==
          std::vector<std::string>{});
  }
}

/// The kinds that belong to a server.
std::vector<Kind> all_server_kinds() {
  std::vector<Kind> kinds;
  for (const Kind& kind : all_kinds()) {
    if (kind.scope_type == "server") kinds.push_back(kind);
  }
  return kinds;
}

/// The same, without its containers.
std::vector<Kind> server_kinds() {
  std::vector<Kind> kinds = all_server_kinds();
  std::erase_if(kinds, [](const Kind& kind) { return kind.name == "container"; });
  return kinds;
}

}  // namespace

TEST_CASE("what is imported of random containers plans nothing") {
  expect_import(200, {&container_kind(), 1}, container_manifest);
}

TEST_CASE("what is imported of servers with random sections plans nothing") {
  const std::vector<Kind> kinds = server_kinds();
  for (const std::string section :
       {"hosts", "options", "repositories", "storage", "metrics", "firewall", "interfaces"}) {
    INFO(section);
    expect_import(30, kinds, [&](unsigned seed) { return section_manifest(section, seed); });
  }
}

TEST_CASE("what is imported of random servers with their guests plans nothing") {
  expect_import(150, all_server_kinds(), project_manifest);
}

TEST_CASE("a thousand random manifests of a container, each after another one, are at rest") {
  expect_rest(1000, {&container_kind(), 1}, container_manifest);
}

TEST_CASE("a thousand random manifests of a machine, each after another one, are at rest") {
  expect_rest(1000, {&machine_kind(), 1}, machine_manifest);
}

TEST_CASE("random sections of a server, each after another one, are at rest") {
  const std::vector<Kind> kinds = server_kinds();
  for (const std::string section : {"dns",
                                    "hosts",
                                    "time",
                                    "options",
                                    "repositories",
                                    "storage",
                                    "metrics",
                                    "firewall",
                                    "interfaces",
                                    "templates"}) {
    INFO(section);
    expect_rest(50, kinds, [&](unsigned seed) { return section_manifest(section, seed); });
  }
}

TEST_CASE("a thousand random servers with their guests, each after another one, are at rest") {
  expect_rest(1000, all_server_kinds(), project_manifest);
}

}  // namespace aegis::laws
