#include "kinds/proxmox/access/grants.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_not_below = " (not below)";

/// By path and role: whether it propagates.
using Grants = std::map<std::pair<std::string, std::string>, bool>;

std::string text_of(const std::string& role, bool propagate) {
  return propagate ? role : fmt::format("{}{}", role, k_not_below);
}

Json shape_of(const Grants& grants) {
  Json shape = Json::object();
  for (const auto& [place, propagate] : grants) {
    Json& roles = shape[place.first];
    if (roles.is_null()) roles = Json::array();
    roles.push_back(text_of(place.second, propagate));
  }
  return shape;
}

Grants grants_in(const Json& shape) {
  Grants grants;
  if (!shape.is_object()) return grants;
  for (const auto& [path, roles] : shape.items()) {
    for (const Json& item : roles) {
      std::string role = as_text(item);
      const bool propagate = !role.ends_with(k_not_below);
      if (!propagate) role.resize(role.size() - k_not_below.size());
      grants[{path, role}] = propagate;
    }
  }
  return grants;
}

// Proxmox's own form of a path: "//vms/" is "/vms".
std::string normal_path(std::string_view path) {
  return fmt::format("/{}", join(split_any(path, "/"), "/"));
}

std::set<std::string> names_of(const Json& roles) {
  std::set<std::string> names;
  for (const Json& role : roles) names.insert(text_or(role, "roleid"));
  return names;
}

// Roles at one path that are treated alike go into one call.
std::vector<GrantCall> together(const Grants& grants, bool removes) {
  std::map<std::pair<std::string, bool>, std::vector<std::string>> by_place;
  for (const auto& [place, propagate] : grants) {
    by_place[{place.first, removes || propagate}].push_back(place.second);
  }
  std::vector<GrantCall> calls;
  calls.reserve(by_place.size());
  for (auto& [place, roles] : by_place) {
    calls.push_back({place.first, std::move(roles), place.second, removes});
  }
  return calls;
}

}  // namespace

std::string_view to_string(Holder holder) {
  switch (holder) {
    case Holder::user:
      return "user";
    case Holder::group:
      return "group";
    case Holder::token:
      return "token";
  }
  return {};
}

Json grants_of_spec(const Json& acl) {
  Grants grants;
  if (!acl.is_object()) return Json::object();
  for (const auto& [path, given] : acl.items()) {
    const bool propagate = as_bool(get(given, "propagate")).value_or(true);
    for (const Json& role : given.is_array() ? given : get(given, "roles")) {
      grants[{normal_path(path), as_text(role)}] = propagate;
    }
  }
  return shape_of(grants);
}

Json grants_of_list(const Json& list, const Json& roles, Holder holder, std::string_view name) {
  const std::set<std::string> known = names_of(roles);
  Grants grants;
  for (const Json& entry : list) {
    if (text_or(entry, "type") != to_string(holder) || text_or(entry, "ugid") != name) continue;
    const std::string role = text_or(entry, "roleid");
    if (!known.contains(role)) continue;
    grants[{text_or(entry, "path"), role}] = as_bool(get(entry, "propagate")).value_or(true);
  }
  return shape_of(grants);
}

Json spec_of_grants(const Json& shape) {
  std::map<std::string, std::pair<std::vector<std::string>, bool>> paths;
  for (const auto& [place, propagate] : grants_in(shape)) {
    auto& [roles, propagates] = paths[place.first];
    roles.push_back(place.second);
    propagates = propagates || propagate;
  }
  Json acl = Json::object();
  for (const auto& [path, given] : paths) {
    const auto& [roles, propagates] = given;
    acl[path] = propagates ? Json(roles) : Json{{"roles", roles}, {"propagate", false}};
  }
  return acl;
}

std::vector<GrantCall> grant_calls(const Json& wanted, const Json& live) {
  const Grants after = grants_in(wanted);
  const Grants before = grants_in(live);
  Grants given;
  Grants taken;
  for (const auto& [place, propagate] : after) {
    const auto there = before.find(place);
    if (there == before.end() || there->second != propagate) given[place] = propagate;
  }
  for (const auto& [place, propagate] : before) {
    if (!after.contains(place)) taken[place] = propagate;
  }
  std::vector<GrantCall> calls = together(given, false);
  for (GrantCall& call : together(taken, true)) calls.push_back(std::move(call));
  return calls;
}

std::string title_of(const GrantCall& call, Holder holder, std::string_view name) {
  return fmt::format("{} {} on {} {} {} {}",
                     call.removes ? "take" : "grant",
                     list_words(call.roles),
                     call.path,
                     call.removes ? "from" : "to",
                     to_string(holder),
                     name);
}

Json to_json(const GrantCall& call) {
  return {{"path", call.path},
          {"roles", call.roles},
          {"propagate", call.propagate},
          {"removes", call.removes}};
}

Form form_of_grant(const Json& call, Holder holder, std::string_view name) {
  std::vector<std::string> roles;
  for (const Json& role : get(call, "roles")) roles.push_back(as_text(role));
  Form form{{"path", text_or(call, "path")},
            {"roles", join(roles, ",")},
            {fmt::format("{}s", to_string(holder)), std::string(name)}};
  if (get(call, "removes") == true) {
    form.emplace_back("delete", "1");
  } else {
    form.emplace_back("propagate", get(call, "propagate") == true ? "1" : "0");
  }
  return form;
}

}  // namespace aegis::proxmox
