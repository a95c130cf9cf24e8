#include "case.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "fake_kinds.h"

namespace aegis::fake {
namespace {

std::string scope_of(const Address& address) {
  return address.scope.empty() ? "server/s1" : address.scope;
}

const Step& step_of(const Plan& plan, std::string_view address, std::string_view operation) {
  const auto found = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const Step& step) {
    return to_string(step.address) == address && step.operation == operation;
  });
  INFO("step " << operation << " of " << address);
  REQUIRE(found != plan.steps.end());
  return *found;
}

}  // namespace

Address at(std::string_view text) {
  const auto address = parse_address(text);
  INFO(text);
  REQUIRE(address.has_value());
  return *address;
}

Case& Case::want(std::string_view address,
                 Json spec,
                 std::initializer_list<std::string_view> depends_on) {
  Resource resource;
  resource.address = at(address);
  resource.scope = scope_of(resource.address);
  resource.spec = std::move(spec);
  for (const std::string_view need : depends_on) resource.depends_on.push_back(at(need));
  resource.where = {"site.yaml", static_cast<int>(desired.resources.size()) + 1, 3, 4};
  desired.scopes.try_emplace(resource.scope, Scope{resource.scope, Json::object(), {}});
  desired.resources.emplace(resource.address, std::move(resource));
  return *this;
}

Case& Case::there(std::string_view address, Json attributes, bool owned) {
  Observation live;
  live.address = at(address);
  live.scope = scope_of(live.address);
  live.exists = true;
  live.owned = owned;
  live.attributes = std::move(attributes);
  desired.scopes.try_emplace(live.scope, Scope{live.scope, Json::object(), {}});
  world.objects.emplace(live.address, std::move(live));
  return *this;
}

Case& Case::unchanged(std::string_view address,
                      const Json& attributes,
                      std::initializer_list<std::string_view> depends_on) {
  return want(address, attributes, depends_on).there(address, attributes);
}

Plan Case::plan() const {
  return make_plan(desired, world, kinds(), options);
}

Change Case::change(std::string_view address) const {
  const Plan made = plan();
  const Address wanted = at(address);
  const auto found = std::find_if(made.changes.begin(),
                                  made.changes.end(),
                                  [&](const Change& change) { return change.address == wanted; });
  INFO(address);
  REQUIRE(found != made.changes.end());
  return *found;
}

bool comes_after(const Plan& plan,
                 std::string_view address,
                 std::string_view operation,
                 std::string_view before_address,
                 std::string_view before_operation) {
  const StepId target = step_of(plan, before_address, before_operation).id;
  std::set<StepId> seen;
  std::vector<StepId> open{step_of(plan, address, operation).id};
  while (!open.empty()) {
    const Step& step = plan.steps.at(static_cast<std::size_t>(open.back()) - 1);
    open.pop_back();
    for (const StepId before : step.after) {
      if (before == target) return true;
      if (seen.insert(before).second) open.push_back(before);
    }
  }
  return false;
}

}  // namespace aegis::fake
