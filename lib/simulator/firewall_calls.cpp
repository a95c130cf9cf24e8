#include "simulator/firewall_calls.h"

#include <fmt/format.h>

#include "base/text.h"
#include "simulator/firewall_values.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_separators = ", ;";

void add_refs(const Firewall& firewall, const Call& call, std::string_view scope, Json& list) {
  // A guest's list tells whose a name is, because both files may have it.
  const std::string prefix = call.has("vmid") ? fmt::format("{}/", scope) : "";
  const auto add = [&](std::string_view type,
                       const std::string& name,
                       std::string ref,
                       const std::string& comment) {
    if (call.has("type") && call.text("type") != type) return;
    Json item{{"name", name}, {"ref", std::move(ref)}, {"type", type}, {"scope", scope}};
    if (!comment.empty()) item["comment"] = comment;
    list.push_back(std::move(item));
  };
  for (const auto& [name, set] : firewall.ipsets) {
    add("ipset", name, fmt::format("+{}{}", prefix, name), set.comment);
  }
  for (const auto& [key, alias] : firewall.aliases) {
    add("alias", alias.name, prefix + alias.name, alias.comment);
  }
}

}  // namespace

Firewall& firewall_of(World& world, const Call& call) {
  if (call.has("vmid")) return world.firewalls.guests[call.vmid()];
  return call.has("node") ? world.firewalls.node : world.firewalls.cluster;
}

Answer read_firewall_options(World& world, const Call& call) {
  return answer(list_json({firewall_of(world, call).options}).front());
}

Answer update_firewall_options(World& world, const Call& call) {
  Firewall& firewall = firewall_of(world, call);
  if (Refusal refusal = check_firewall_digest(call.text("digest"), digest_of({firewall.options}))) {
    return *refusal;
  }
  for (const std::string& key : split_any(call.text("delete"), k_separators)) {
    firewall.options.erase(key);
  }
  for (const auto& [key, value] : call.parameters) {
    const bool is_option = key != "delete" && key != "digest" && key != "node" && key != "vmid";
    if (is_option) firewall.options[key] = value;
  }
  return answer();
}

Answer list_firewall_macros(World&, const Call&) {
  Json list = Json::array();
  for (const std::string_view name : firewall_macros()) {
    list.push_back({{"macro", name}, {"descr", fmt::format("{} traffic", name)}});
  }
  return answer(std::move(list));
}

Answer list_firewall_refs(World& world, const Call& call) {
  Json list = Json::array();
  add_refs(world.firewalls.cluster, call, "dc", list);
  if (call.has("vmid")) add_refs(firewall_of(world, call), call, "guest", list);
  return answer(std::move(list));
}

}  // namespace aegis::simulator
