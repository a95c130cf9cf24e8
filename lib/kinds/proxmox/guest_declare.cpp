#include "kinds/proxmox/guest_declare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/firewall/firewall_declare.h"
#include "kinds/proxmox/firewall/firewall_replies.h"
#include "kinds/proxmox/firewall/model.h"
#include "kinds/proxmox/guest_observe.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

Query configuration(const GuestDeclaring& guests, const HostQueries& host, std::int64_t vmid) {
  return {Query::Type::http_get, host.endpoint, guests.system.path(host.node, vmid, "/config")};
}

// Those that are all there.
std::vector<std::int64_t> undeclared(const Batch& batch, const HostView& host) {
  std::vector<std::int64_t> vmids = unnamed_guests(batch, host);
  std::erase_if(vmids, [&](std::int64_t vmid) {
    const std::string lock = text_or(host.guest(vmid), "lock");
    return lock == "create" || lock == "clone" || lock == "destroyed";
  });
  return vmids;
}

// The name that an address may have; the others have a number.
std::string name_of(std::string_view prefix, const Json& item, std::int64_t vmid) {
  const std::string name = text_or(item, "name");
  const bool usable = !name.empty() &&
                      std::isalpha(static_cast<unsigned char>(name.front())) != 0 &&
                      std::all_of(name.begin(), name.end(), [](unsigned char c) {
                        return std::isalnum(c) != 0 || c == '-' || c == '_';
                      });
  return usable ? name : fmt::format("{}{}", prefix, vmid);
}

std::vector<std::string> beyond(const GuestDeclaring& guests, const ConfigMap& config) {
  std::vector<std::string> lines;
  for (const auto& [key, value] : config) {
    const bool bookkeeping =
        std::find(guests.not_told.begin(), guests.not_told.end(), key) != guests.not_told.end();
    if (guests.system.is_managed_key(key) || bookkeeping) continue;
    for (const std::string& line : split(fmt::format("{}: {}", key, value), '\n')) {
      lines.push_back(line);
    }
  }
  return lines;
}

// VLANs are numbers in manifests, and words where they are compared.
void number_trunks(Json& spec) {
  const auto network = spec.find("network");
  if (network == spec.end()) return;
  for (Json& net : *network) {
    const auto trunks = net.find("trunks");
    if (trunks == net.end()) continue;
    for (Json& vlan : *trunks) vlan = as_integer(vlan).value_or(0);
  }
}

FirewallLevel firewall_of(const GuestDeclaring& guests, const Scope& scope, std::int64_t vmid) {
  return firewall_level(fmt::format("{}-", guests.kind), text_or(scope.settings, "node"), vmid);
}

Declaration declare(const GuestDeclaring& guests,
                    const Scope& scope,
                    const Json& item,
                    const Json& pending,
                    const Json& raw) {
  const std::int64_t vmid = as_integer(get(item, "vmid")).value_or(0);
  const ConfigMap config = parse_pending(pending).requested;
  Declaration declaration;
  declaration.address = {"", std::string(guests.kind), name_of(guests.prefix, item, vmid)};
  declaration.spec = guests.spec(config, raw);
  number_trunks(declaration.spec);
  declaration.spec["server"] = scope.name.substr(scope.name.find('/') + 1);
  declaration.spec["vmid"] = vmid;
  declaration.spec["state"] = state_of(item);
  std::vector<std::string> tags = tag_set(get(declaration.spec, "tags"));
  std::erase(tags, std::string(k_owner_tag));
  declaration.spec["tags"] = tags;
  declaration.beyond = beyond(guests, config);
  return declaration;
}

}  // namespace

std::vector<Query> survey_guests(const GuestDeclaring& guests,
                                 const Batch& batch,
                                 const Replies& replies) {
  const HostQueries host(batch.scope);
  std::vector<Query> queries{host.permissions(), host.guests(), host.of_system(guests.system)};
  const auto seen = HostView::read(host, replies, guests.system);
  if (!seen) return queries;
  for (const std::int64_t vmid : undeclared(batch, *seen)) {
    queries.push_back(host.pending(guests.system, vmid));
    queries.push_back(configuration(guests, host, vmid));
    const FirewallLevel level = firewall_of(guests, batch.scope, vmid);
    for (Query& query : queries_of_level(batch.scope, level, replies)) {
      queries.push_back(std::move(query));
    }
  }
  return queries;
}

Result<std::vector<Declaration>> declare_guests(const GuestDeclaring& guests,
                                                const Batch& batch,
                                                const Replies& replies) {
  const HostQueries queries(batch.scope);
  const auto host = HostView::read(queries, replies, guests.system);
  if (!host) return host.error();
  std::vector<Declaration> declarations;
  for (const std::int64_t vmid : undeclared(batch, *host)) {
    const std::string what = fmt::format("the configuration of {} {}", guests.system.noun, vmid);
    const auto pending = data_of(replies, queries.pending(guests.system, vmid), what);
    if (!pending) return pending.error();
    const auto raw = data_of(replies, configuration(guests, queries, vmid), what);
    if (!raw) return raw.error();
    declarations.push_back(declare(guests, batch.scope, host->guest(vmid), **pending, **raw));
    const FirewallLevel level = firewall_of(guests, batch.scope, vmid);
    const auto firewall = read_level(batch.scope, level, replies);
    if (!firewall) return firewall.error();
    if (is_bare(*firewall)) continue;
    declarations.back().spec["firewall"] = spec_of_firewall(level, *firewall);
  }
  return declarations;
}

}  // namespace aegis::proxmox
