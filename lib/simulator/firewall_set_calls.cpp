#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "simulator/firewall_calls.h"
#include "simulator/firewall_values.h"

namespace aegis::simulator {
namespace {

// Answers for a set or a group that is made (or, with `rename`, changed). `what` names it in
// messages; `member` is the parameter that holds its name.
template <class Item>
Answer create_or_rename(std::map<std::string, Item, std::less<>>& items,
                        const Call& call,
                        const std::string& member,
                        std::string_view what,
                        const std::string& digest) {
  const std::string name = call.text(member);
  const std::string before = call.text("rename");
  if (before.empty()) {
    if (items.contains(name)) {
      return invalid(member, fmt::format("{} '{}' already exists", what, name));
    }
    items[name].comment = call.text("comment");
    return answer();
  }
  if (Refusal refusal = check_firewall_digest(call.text("digest"), digest)) return *refusal;
  const auto present = items.find(before);
  if (present == items.end()) {
    return invalid("rename", fmt::format("{} '{}' does not exist", what, before));
  }
  if (before != name && items.contains(name)) {
    return invalid(member, fmt::format("{} '{}' already exists", what, name));
  }
  Item item = std::move(present->second);
  items.erase(present);
  item.comment = call.text("comment");
  items[name] = std::move(item);
  return answer();
}

Refusal find_set(World& world, const Call& call, IpSet*& set) {
  Firewall& firewall = firewall_of(world, call);
  const auto found = firewall.ipsets.find(call.text("name"));
  if (found == firewall.ipsets.end()) {
    return refuse(fmt::format("no such IPSet '{}'", call.text("name")));
  }
  set = &found->second;
  return {};
}

IpSetEntry* find_entry(IpSet& set, const std::string& cidr) {
  const auto found = std::find_if(set.entries.begin(), set.entries.end(), [&](const auto& entry) {
    return entry.cidr == cidr;
  });
  return found == set.entries.end() ? nullptr : &*found;
}

Refusal find_set_entry(World& world, const Call& call, IpSet*& set, IpSetEntry*& entry) {
  if (Refusal refusal = find_set(world, call, set)) return refusal;
  entry = find_entry(*set, call.text("cidr"));
  if (entry != nullptr) return {};
  return invalid("cidr", fmt::format("no such IP/Network '{}'", call.text("cidr")));
}

}  // namespace

Answer list_ipsets(World& world, const Call& call) {
  return answer(list_json(ipset_list(firewall_of(world, call))));
}

Answer create_ipset(World& world, const Call& call) {
  Firewall& firewall = firewall_of(world, call);
  return create_or_rename(firewall.ipsets, call, "name", "IPSet", digest_of(ipset_list(firewall)));
}

Answer delete_ipset(World& world, const Call& call) {
  IpSet* set = nullptr;
  if (Refusal refusal = find_set(world, call, set)) return *refusal;
  const std::string name = call.text("name");
  if (!set->entries.empty() && !call.flag("force")) {
    return refuse(fmt::format("IPSet '{}' is not empty", name));
  }
  firewall_of(world, call).ipsets.erase(name);
  return answer();
}

Answer list_ipset_entries(World& world, const Call& call) {
  IpSet* set = nullptr;
  if (Refusal refusal = find_set(world, call, set)) return *refusal;
  return answer(list_json(entry_list(*set)));
}

Answer create_ipset_entry(World& world, const Call& call) {
  IpSet* set = nullptr;
  if (Refusal refusal = find_set(world, call, set)) return *refusal;
  const std::string given = call.text("cidr");
  const std::string cidr = set_entry_address(given);
  if (cidr.empty()) return invalid("cidr", "a zero prefix is not allowed in ipset entries");
  const RuleContext context{world.firewalls.cluster,
                            call.has("vmid") ? &firewall_of(world, call) : nullptr};
  const bool is_alias = formats::ip_or_cidr(given).has_value();
  if (is_alias && !has_alias(given, context)) {
    return refuse(fmt::format("no such alias '{}'", given));
  }
  if (find_entry(*set, cidr) != nullptr) {
    return invalid("cidr", fmt::format("address '{}' already exists", cidr));
  }
  set->entries.push_back({cidr, call.flag("nomatch"), call.text("comment")});
  return answer();
}

Answer read_ipset_entry(World& world, const Call& call) {
  IpSet* set = nullptr;
  IpSetEntry* entry = nullptr;
  if (Refusal refusal = find_set_entry(world, call, set, entry)) return *refusal;
  return answer(list_json(entry_list(*set))[static_cast<std::size_t>(entry - set->entries.data())]);
}

Answer update_ipset_entry(World& world, const Call& call) {
  IpSet* set = nullptr;
  IpSetEntry* entry = nullptr;
  if (Refusal refusal = find_set_entry(world, call, set, entry)) return *refusal;
  if (Refusal refusal = check_firewall_digest(call.text("digest"), digest_of(entry_list(*set)))) {
    return *refusal;
  }
  entry->nomatch = call.flag("nomatch");
  entry->comment = call.text("comment");
  return answer();
}

Answer delete_ipset_entry(World& world, const Call& call) {
  IpSet* set = nullptr;
  if (Refusal refusal = find_set(world, call, set)) return *refusal;
  if (Refusal refusal = check_firewall_digest(call.text("digest"), digest_of(entry_list(*set)))) {
    return *refusal;
  }
  std::erase_if(set->entries,
                [&](const IpSetEntry& entry) { return entry.cidr == call.text("cidr"); });
  return answer();
}

Answer list_security_groups(World& world, const Call&) {
  return answer(list_json(group_list(world.firewalls.cluster)));
}

Answer create_security_group(World& world, const Call& call) {
  Firewall& cluster = world.firewalls.cluster;
  return create_or_rename(
      cluster.groups, call, "group", "Security group", digest_of(group_list(cluster)));
}

Answer delete_security_group(World& world, const Call& call) {
  auto& groups = world.firewalls.cluster.groups;
  const std::string name = call.text("group");
  const auto group = groups.find(name);
  if (group == groups.end()) return refuse(fmt::format("no such security group '{}'", name));
  if (!group->second.rules.empty()) {
    return refuse(fmt::format("Security group '{}' is not empty", name));
  }
  groups.erase(group);
  return answer();
}

}  // namespace aegis::simulator
