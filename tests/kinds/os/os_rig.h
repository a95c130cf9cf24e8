#pragma once

#include <string>

#include "base/vault.h"
#include "engine/observe.h"
#include "manifest/project_folder.h"
#include "model/report.h"
#include "plan/make_plan.h"
#include "support/fake_clock.h"
#include "support/private_root.h"
#include "support/scripted_http.h"

namespace aegis::test {

/// The operating system of the server "a", in a root tree of its own, with what a manifest wants
/// of it.
class OsRig {
 public:
  virtual ~OsRig() = default;
  /// `os` is the section, indented by six blanks; more files of the project by write().
  void want(const std::string& os);
  ProjectFolder& project() { return project_; }

  Observed look();
  /// The plan; fails the test when the system cannot be read.
  Plan plan(const PlanOptions& options = {});
  /// Performs the steps in their order, up to the first that fails.
  Result<Done> apply(const Plan& plan);
  /// Applies as a run of the program does, with its undoing.
  Report run(const Plan& plan);
  /// Plans, applies, and demands that the next plan is empty.
  void converge(const PlanOptions& options = {});

  PrivateRoot& root() { return root_; }
  [[nodiscard]] const PrivateRoot& root() const { return root_; }
  ScriptedHttp& http() { return http_; }

 private:
  ProjectFolder project_;
  PrivateRoot root_;
  ScriptedHttp http_;
  FakeClock clock_;
  Desired desired_;
};

/// The only change of a plan. Fails the test when there is another number of them.
const Change& only_change(const Plan& plan);

/// The change of the attribute `path`. Fails the test when there is none.
const AttributeChange& attribute(const Change& change, const std::string& path);

}  // namespace aegis::test
