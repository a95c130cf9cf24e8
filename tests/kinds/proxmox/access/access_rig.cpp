#include "kinds/proxmox/access/access_rig.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "base/text.h"
#include "engine/observe.h"
#include "kinds/proxmox/access/group.h"
#include "kinds/proxmox/access/pool.h"
#include "kinds/proxmox/access/role.h"
#include "kinds/proxmox/access/token.h"
#include "kinds/proxmox/access/user.h"
#include "kinds/proxmox/api.h"
#include "kinds/table.h"

namespace aegis::test {
namespace {

constexpr std::string_view k_scope = "server/fsn1";

std::span<const Kind> kinds() {
  static const std::array<Kind, 5> k_kinds{
      role_kind(), group_kind(), user_kind(), token_kind(), pool_kind()};
  return k_kinds;
}

simulator::SimulatorOptions on_clock(const FakeClock& clock) {
  simulator::SimulatorOptions options;
  options.seed = 1;
  options.now = [&clock] { return clock.now(); };
  return options;
}

Address address_of(const std::string& kind, const std::string& name) {
  return {std::string(k_scope), kind, name};
}

}  // namespace

AccessRig::AccessRig()
    : http_(on_clock(clock_)), effects_{http_, shell_, clock_, vault_, &secrets_} {
  Scope scope;
  scope.name = k_scope;
  scope.settings = {
      {"endpoint", "proxmox/fsn1"},
      {"node", "pve"},
      {"root", true},
      {"sections",
       {"access.users", "access.groups", "access.roles", "access.tokens", "access.pools"}}};
  desired_.scopes[scope.name] = scope;
}

void AccessRig::want(const std::string& kind,
                     const std::string& name,
                     const Json& spec,
                     const std::vector<std::string>& needs) {
  Resource resource;
  resource.address = address_of(kind, name);
  resource.scope = k_scope;
  resource.spec = spec;
  for (const std::string& need : needs) {
    const std::size_t slash = need.find('/');
    resource.depends_on.push_back(address_of(need.substr(0, slash), need.substr(slash + 1)));
  }
  desired_.resources[resource.address] = resource;
}

World AccessRig::observe() {
  Observed observed = aegis::observe(desired_, kinds(), http_, shell_, vault_);
  for (const Unreadable& failure : observed.failures) FAIL(failure.error.message);
  return std::move(observed.world);
}

Error AccessRig::observe_failure() {
  const Observed observed = aegis::observe(desired_, kinds(), http_, shell_, vault_);
  REQUIRE_FALSE(observed.failures.empty());
  return observed.failures.front().error;
}

Plan AccessRig::plan(const PlanOptions& options) {
  return make_plan(desired_, observe(), kinds(), options);
}

Result<Json> AccessRig::perform(const Step& step) {
  return find_kind(kinds(), step.address.kind)->perform(step, {}, effects_);
}

Result<Done> AccessRig::apply(const Plan& plan) {
  for (const Step& step : plan.steps) {
    const auto output = perform(step);
    if (!output) return output.error().in_context(step.title);
  }
  return Done{};
}

void AccessRig::converge(const PlanOptions& options) {
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

Json AccessRig::get(const std::string& path) {
  return by_hand("GET", path);
}

Json AccessRig::by_hand(const std::string& method,
                        const std::string& path,
                        const std::vector<std::pair<std::string, std::string>>& form) {
  HttpRequest request;
  request.endpoint = "proxmox/fsn1";
  request.method = method;
  request.path = "/api2/json" + path;
  request.as_root = true;
  if (method == "POST" || method == "PUT") {
    request.content_type = "application/x-www-form-urlencoded";
    request.body = proxmox::encode_form(form);
  }
  const auto response = http_.send(request);
  REQUIRE(response);
  INFO(method << " " << path << " " << response->body);
  REQUIRE(response->status == 200);
  return aegis::get(parse_json(response->body).value(), "data");
}

std::vector<std::string> AccessRig::grants(const std::string& name) {
  std::vector<std::string> grants;
  for (const Json& entry : get("/access/acl")) {
    if (text_or(entry, "ugid") != name) continue;
    const bool propagates = as_bool(aegis::get(entry, "propagate")).value_or(true);
    grants.push_back(fmt::format(
        "{} on {}{}", text_or(entry, "roleid"), text_or(entry, "path"), propagates ? "" : " only"));
  }
  std::sort(grants.begin(), grants.end());
  return grants;
}

Json AccessRig::user(const std::string& name) {
  for (const Json& item : get("/access/users?full=1")) {
    if (text_or(item, "userid") == name) return item;
  }
  return nullptr;
}

bool AccessRig::logs_in(const std::string& token) {
  http_.use_token(token);
  HttpRequest request;
  request.endpoint = "proxmox/fsn1";
  request.path = "/api2/json/version";
  const auto response = http_.send(request);
  http_.use_root();
  return response && response->status == 200;
}

std::vector<std::string> titles(const Plan& plan) {
  std::vector<std::string> titles;
  for (const Step& step : plan.steps) titles.push_back(step.title);
  return titles;
}

const Change& change_of(const Plan& plan, const std::string& kind, const std::string& name) {
  for (const Change& change : plan.changes) {
    if (change.address == address_of(kind, name)) return change;
  }
  FAIL("no change of " << kind << " " << name);
  throw std::logic_error("unreachable");
}

}  // namespace aegis::test
