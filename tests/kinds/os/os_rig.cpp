#include "kinds/os/os_rig.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/apply.h"
#include "kinds/table.h"
#include "support/quiet_run.h"

namespace aegis::test {

void OsRig::want(const std::string& os) {
  project_.write("aegis.yaml", "servers:\n  a:\n    ssh: { host: h }\n    os:\n" + os);
  Manifests manifests = project_.load();
  for (const Diagnostic& diagnostic : manifests.diagnostics) FAIL(diagnostic.detail);
  desired_ = std::move(manifests.desired);
  // What Proxmox and engines have is not the point here.
  const auto is_apart = [](const auto& each) { return !each.first.starts_with("host/"); };
  std::erase_if(desired_.scopes, is_apart);
  std::erase_if(desired_.resources,
                [](const auto& each) { return each.second.scope.starts_with("stack/"); });
}

Observed OsRig::look() {
  return observe(desired_, all_kinds(), http_, root_, project_.vault());
}

Plan OsRig::plan(const PlanOptions& options) {
  const Observed observed = look();
  for (const Unreadable& failure : observed.failures) FAIL(failure.error.message);
  return make_plan(desired_, observed.world, all_kinds(), options);
}

Result<Done> OsRig::apply(const Plan& plan) {
  Effects effects{http_, root_, clock_, project_.vault()};
  for (const Step& step : plan.steps) {
    const Kind* kind = find_kind(all_kinds(), step.address.kind);
    const auto done = kind->perform(step, {}, effects);
    if (!done) return done.error();
  }
  return Done{};
}

Report OsRig::run(const Plan& plan) {
  NoJournal journal;
  NoObserver watcher;
  return aegis::apply(
      plan, all_kinds(), {http_, root_, clock_, project_.vault()}, journal, watcher, {}, {});
}

void OsRig::converge(const PlanOptions& options) {
  const Plan first = plan(options);
  for (const Change& change : first.changes) {
    INFO(to_string(change.address));
    CHECK(change.blocked == "");
  }
  const auto done = apply(first);
  if (!done) FAIL(done.error().message);
  CHECK_FALSE(plan(options).has_differences());
}

const Change& only_change(const Plan& plan) {
  REQUIRE(plan.changes.size() == 1);
  return plan.changes.front();
}

const AttributeChange& attribute(const Change& change, const std::string& path) {
  const auto found = std::find_if(change.attributes.begin(),
                                  change.attributes.end(),
                                  [&](const auto& attribute) { return attribute.path == path; });
  REQUIRE(found != change.attributes.end());
  return *found;
}

}  // namespace aegis::test
