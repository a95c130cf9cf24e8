#include <fmt/format.h>

#include "base/text.h"
#include "simulator/firewall_calls.h"

namespace aegis::simulator {
namespace {

Refusal find_alias(Firewall& firewall, const Call& call, FirewallAlias*& alias) {
  const auto found = firewall.aliases.find(to_lower(call.text("name")));
  if (found == firewall.aliases.end()) {
    return invalid("name", fmt::format("no such alias '{}'", to_lower(call.text("name"))));
  }
  alias = &found->second;
  return {};
}

}  // namespace

Answer list_firewall_aliases(World& world, const Call& call) {
  return answer(list_json(alias_list(firewall_of(world, call))));
}

Answer create_firewall_alias(World& world, const Call& call) {
  Firewall& firewall = firewall_of(world, call);
  const std::string name = call.text("name");
  if (firewall.aliases.contains(to_lower(name))) {
    return invalid("name", fmt::format("alias '{}' already exists", to_lower(name)));
  }
  firewall.aliases[to_lower(name)] = {name, call.text("cidr"), call.text("comment")};
  return answer();
}

Answer read_firewall_alias(World& world, const Call& call) {
  Firewall& firewall = firewall_of(world, call);
  FirewallAlias* alias = nullptr;
  if (Refusal refusal = find_alias(firewall, call, alias)) return *refusal;
  for (Json item : list_json(alias_list(firewall))) {
    if (get(item, "name") != alias->name) continue;
    item.erase("digest");
    return answer(std::move(item));
  }
  return answer();
}

Answer update_firewall_alias(World& world, const Call& call) {
  Firewall& firewall = firewall_of(world, call);
  if (Refusal refusal =
          check_firewall_digest(call.text("digest"), digest_of(alias_list(firewall)))) {
    return *refusal;
  }
  FirewallAlias* alias = nullptr;
  if (Refusal refusal = find_alias(firewall, call, alias)) return *refusal;
  // What is not sent again is lost, the comment too.
  const std::string name = call.has("rename") ? call.text("rename") : call.text("name");
  const bool renamed = to_lower(name) != to_lower(call.text("name"));
  if (renamed && firewall.aliases.contains(to_lower(name))) {
    return invalid("name", fmt::format("alias '{}' already exists", to_lower(name)));
  }
  firewall.aliases.erase(to_lower(call.text("name")));
  firewall.aliases[to_lower(name)] = {name, call.text("cidr"), call.text("comment")};
  return answer();
}

Answer delete_firewall_alias(World& world, const Call& call) {
  Firewall& firewall = firewall_of(world, call);
  if (Refusal refusal =
          check_firewall_digest(call.text("digest"), digest_of(alias_list(firewall)))) {
    return *refusal;
  }
  firewall.aliases.erase(to_lower(call.text("name")));
  return answer();
}

}  // namespace aegis::simulator
