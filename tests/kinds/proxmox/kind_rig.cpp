#include "kinds/proxmox/kind_rig.h"

#include <catch2/catch.hpp>
#include <utility>

#include "kinds/table.h"

namespace aegis::test {

KindRig::KindRig(std::span<const Kind> kinds,
                 HttpTransport& http,
                 FakeClock& clock,
                 const Json& settings)
    : kinds_(kinds.begin(), kinds.end()), effects_{http, shell_, clock, vault_, &secrets_} {
  Scope scope;
  scope.name = "server/fsn1";
  scope.settings = {{"endpoint", "proxmox/fsn1"}, {"node", "pve"}, {"root", true}};
  scope.settings.update(settings);
  desired_.scopes[scope.name] = scope;
}

void KindRig::declare(const Address& address, const Json& spec, std::vector<Address> needs) {
  Resource resource;
  resource.address = address;
  resource.scope = "server/fsn1";
  resource.spec = spec;
  resource.depends_on = std::move(needs);
  desired_.resources[address] = std::move(resource);
}

Observed KindRig::look() {
  return aegis::observe(desired_, kinds_, effects_.http, shell_, vault_);
}

World KindRig::observe() {
  Observed observed = look();
  for (const Unreadable& failure : observed.failures) FAIL(failure.error.message);
  inspect(observed);
  return std::move(observed.world);
}

Error KindRig::observe_failure() {
  const Observed observed = look();
  REQUIRE(observed.failures.size() == 1);
  return observed.failures.front().error;
}

Plan KindRig::plan(const PlanOptions& options) {
  return make_plan(desired_, observe(), kinds_, options);
}

Result<Json> KindRig::perform(const Step& step) {
  const Kind* kind = kinds_.size() == 1 ? &kinds_.front() : find_kind(kinds_, step.address.kind);
  REQUIRE(kind != nullptr);
  return kind->perform(step, {}, effects_);
}

Result<Done> KindRig::apply(const Plan& plan) {
  for (const Step& step : plan.steps) {
    const auto output = perform(step);
    if (!output) return output.error().in_context(step.title);
  }
  return Done{};
}

void KindRig::converge(const PlanOptions& options) {
  const Plan first = plan(options);
  for (const Change& change : first.changes) {
    INFO(to_string(change.address) << ": " << change.blocked);
    REQUIRE(change.blocked.empty());
  }
  const auto applied = apply(first);
  if (!applied) FAIL(applied.error().message);
  PlanOptions again = options;
  again.replaces.clear();
  const Plan second = plan(again);
  for (const Change& change : second.changes) {
    for (const AttributeChange& left : change.attributes) {
      UNSCOPED_INFO(left.path << ": " << left.before << " -> " << left.after);
    }
  }
  CHECK(second.changes.empty());
}

}  // namespace aegis::test
