#include "swarm_rig.h"

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <utility>

#include "kinds/docker/network.h"
#include "kinds/docker/service.h"
#include "kinds/docker/swarm/swarm_file.h"
#include "kinds/docker/swarm/swarm_network.h"
#include "kinds/docker/swarm/swarm_service.h"
#include "kinds/docker/volume.h"
#include "manifest/compose/stack.h"
#include "model/report.h"
#include "plan/describe.h"
#include "support/fake_shell.h"
#include "support/quiet_run.h"

namespace aegis::docker {
namespace {

namespace fs = std::filesystem;

constexpr const char* k_scope = "stack/core";

// The Compose file's folder, which is gone when it has been read.
class Folder {
 public:
  explicit Folder(const std::string& compose) {
    std::string name = (fs::temp_directory_path() / "aegis-swarm-XXXXXX").string();
    path_ = mkdtemp(name.data());
    std::ofstream(path_ / "compose.yaml") << compose;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

std::span<const Kind> swarm_kinds() {
  static const std::array k_kinds{network_kind(),
                                  volume_kind(),
                                  service_kind(),
                                  swarm_config_kind(),
                                  swarm_secret_kind(),
                                  swarm_network_kind(),
                                  swarm_service_kind()};
  return k_kinds;
}

Desired swarm_stack(const std::string& endpoint, const std::string& compose, Vault& vault) {
  const Folder folder(compose);
  StackInput input;
  input.stack_name = "core";
  input.project = "demo";
  input.folder = folder.path();
  input.files = {"compose.yaml"};
  input.for_swarm = true;
  Diagnostics diagnostics;
  const Environment nothing = [](const std::string&) { return std::nullopt; };
  StackResources loaded = load_stack(input, nothing, vault, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == Severity::error) {
      FAIL(compose << "\n" << diagnostic.summary << ": " << diagnostic.detail);
    }
  }
  Desired desired;
  Scope scope;
  scope.name = k_scope;
  scope.settings = std::move(loaded.settings);
  scope.settings["endpoint"] = endpoint;
  desired.scopes.emplace(k_scope, std::move(scope));
  for (Resource& resource : loaded.resources) {
    const Address address = resource.address;
    desired.resources.emplace(address, std::move(resource));
  }
  return desired;
}

SwarmRig::SwarmRig(HttpTransport& http, Clock& clock, std::string endpoint)
    : http_(http), clock_(clock), endpoint_(std::move(endpoint)) {}

Observed SwarmRig::observe(const std::string& compose) {
  FakeShell shell;
  return aegis::observe(swarm_stack(endpoint_, compose, vault), swarm_kinds(), http_, shell, vault);
}

Plan SwarmRig::plan(const std::string& compose, const PlanOptions& options) {
  const Observed observed = observe(compose);
  for (const Unreadable& failure : observed.failures) FAIL(failure.error.message);
  return make_plan(swarm_stack(endpoint_, compose, vault), observed.world, swarm_kinds(), options);
}

Report SwarmRig::apply(const Plan& plan) {
  FakeShell shell;
  const Effects effects{http_, shell, clock_, vault};
  test::NoJournal journal;
  test::NoObserver observer;
  constexpr int k_parallelism = 8;
  return aegis::apply(plan, swarm_kinds(), effects, journal, observer, {}, {k_parallelism});
}

Plan SwarmRig::converge(const std::string& compose, const PlanOptions& options) {
  Plan made = plan(compose, options);
  const Report report = apply(made);
  for (const StepResult& result : report.results) {
    if (result.error) FAIL_CHECK("step " << result.id << ": " << result.error->message);
  }
  INFO(describe(made));
  CHECK(report.outcome == Outcome::succeeded);
  return made;
}

}  // namespace aegis::docker
