#include "kinds/proxmox/access/access_rig.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "base/text.h"
#include "kinds/proxmox/access/group.h"
#include "kinds/proxmox/access/pool.h"
#include "kinds/proxmox/access/role.h"
#include "kinds/proxmox/access/token.h"
#include "kinds/proxmox/access/user.h"

namespace aegis::test {
namespace {

constexpr std::string_view k_scope = "server/fsn1";

std::span<const Kind> kinds() {
  static const std::array<Kind, 5> k_kinds{
      role_kind(), group_kind(), user_kind(), token_kind(), pool_kind()};
  return k_kinds;
}

Address address_of(const std::string& kind, const std::string& name) {
  return {std::string(k_scope), kind, name};
}

}  // namespace

AccessRig::AccessRig()
    : KindRig(
          kinds(),
          http(),
          clock(),
          {{"sections",
            {"access.users", "access.groups", "access.roles", "access.tokens", "access.pools"}}}) {}

void AccessRig::want(const std::string& kind,
                     const std::string& name,
                     const Json& spec,
                     const std::vector<std::string>& needs) {
  std::vector<Address> addresses;
  for (const std::string& need : needs) {
    const std::size_t slash = need.find('/');
    addresses.push_back(address_of(need.substr(0, slash), need.substr(slash + 1)));
  }
  declare(address_of(kind, name), spec, std::move(addresses));
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
  http().use_token(token);
  HttpRequest request;
  request.endpoint = "proxmox/fsn1";
  request.path = "/api2/json/version";
  const auto response = http().send(request);
  http().use_root();
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
