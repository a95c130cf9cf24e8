#include "kinds/proxmox/firewall/lockout.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "kinds/proxmox/firewall/level.h"
#include "kinds/proxmox/firewall/model.h"
#include "kinds/proxmox/firewall/network.h"
#include "kinds/proxmox/firewall/rule.h"
#include "kinds/proxmox/firewall/rule_scope.h"

namespace aegis::proxmox {
namespace {

struct Verdict {
  bool allowed = false;
  std::string why;  ///< of a refusal
};

// Judges new connections to one port.
class Judge {
 public:
  Judge(const Json& datacenter, const WayIn& way, int port)
      : datacenter_(datacenter), way_(way), port_(port) {}

  Verdict judge(const Json& node) {
    const bool shut_out = is_in_set(way_.source, "blacklist", datacenter_) == Concerns::yes;
    if (shut_out) return {false, "the IP set `blacklist` holds it"};
    for (const Json* level : {&node, &datacenter_}) {
      if (auto verdict = by_rules(rules_in(*level))) return *verdict;
    }
    if (is_managed_port() && is_manager()) return {true, {}};
    const std::string policy = text_or(get(datacenter_, "options"), "policy_in", "DROP");
    if (policy == "ACCEPT") return {true, {}};
    return {false, fmt::format("no rule accepts it, and policy_in is {}", policy)};
  }

 private:
  // The first rule that decides; nothing when none does.
  std::optional<Verdict> by_rules(const std::vector<Json>& rules) {
    for (const Json& rule : rules) {
      if (!is_enabled(rule)) continue;
      const std::string type = text_or(rule, "type");
      if (type == "group") {
        if (const auto verdict = by_rules(rules_of_group(rule))) return verdict;
      } else if (type == "in") {
        if (auto verdict = by_rule(rule)) return verdict;
      }
    }
    return std::nullopt;
  }

  // The group's rules hold for the interface of the rule that names it.
  [[nodiscard]] std::vector<Json> rules_of_group(const Json& rule) const {
    auto rules = rules_in(get(get(datacenter_, "groups"), text_or(rule, "action")));
    for (Json& member : rules) {
      if (rule.contains("iface")) member["iface"] = rule["iface"];
    }
    return rules;
  }

  std::optional<Verdict> by_rule(const Json& rule) {
    const Concerns whom = concerns(rule, port_, way_, datacenter_);
    if (whom == Concerns::no) return std::nullopt;
    const bool accepts = text_or(rule, "action") == "ACCEPT";
    if (whom == Concerns::yes) return Verdict{accepts, refusal(rule)};
    // Of whom it is not known whether he is meant: with an address that nobody told us, a rule for
    // somebody is taken to be for us when it opens, and not when it closes.
    const bool only_source_open = way_.source.empty() && is_only_source_open(rule);
    if (accepts) return only_source_open ? std::optional(Verdict{true, {}}) : std::nullopt;
    return only_source_open ? std::nullopt : std::optional(Verdict{false, refusal(rule)});
  }

  [[nodiscard]] bool is_only_source_open(Json rule) const {
    rule.erase("source");
    return concerns(rule, port_, way_, datacenter_) == Concerns::yes;
  }

  static std::string refusal(const Json& rule) {
    return fmt::format("the rule \"{}\" comes first", rule_text(rule));
  }

  [[nodiscard]] bool is_managed_port() const {
    return port_ == 22 || port_ == 8006 || port_ == 3128 || (port_ >= 5900 && port_ <= 5999);
  }

  [[nodiscard]] bool is_manager() const {
    if (is_in_set(way_.source, "management", datacenter_) != Concerns::no) return true;
    const Json& own = get(get(datacenter_, "aliases"), "local_network");
    if (own.is_object() && !way_.source.empty()) {
      return is_meant(way_.source, "local_network", datacenter_) == Concerns::yes;
    }
    return !way_.source.empty() &&
           std::any_of(way_.local_networks.begin(),
                       way_.local_networks.end(),
                       [&](const std::string& network) {
                         return is_meant(way_.source, network, datacenter_) == Concerns::yes;
                       });
  }

  const Json& datacenter_;
  const WayIn& way_;
  int port_;
};

std::string advice(int port, const std::string& why, const WayIn& way) {
  if (way.source.empty()) {
    return fmt::format(
        "The server could become unreachable for this program on TCP port {}: {}. Which address "
        "the server sees us come from is not known, so list those of the administrators in "
        "`firewall.datacenter.ipsets.management`, or accept TCP port {} in a rule.",
        port,
        why,
        port);
  }
  return fmt::format(
      "The server would become unreachable for this program, which comes from {}, on TCP port {}: "
      "{}. Put the address into `firewall.datacenter.ipsets.management`{}, or accept it in a rule "
      "before the others.",
      way.source,
      port,
      why,
      port == 22 || port == 8006 ? "" : " and accept the port in a rule");
}

}  // namespace

std::string lockout(const Json& datacenter, const Json& node, const WayIn& way) {
  const bool on = is_switched_on(FirewallLevel::Type::datacenter, get(datacenter, "options")) &&
                  is_switched_on(FirewallLevel::Type::node, get(node, "options"));
  // What the server sends to itself is never filtered.
  const bool is_local = is_inside(way.source, "127.0.0.0/8") || is_inside(way.source, "::1");
  if (!on || is_local) return {};
  for (const int port : way.ports) {
    const Verdict verdict = Judge(datacenter, way, port).judge(node);
    if (!verdict.allowed) return advice(port, verdict.why, way);
  }
  return {};
}

}  // namespace aegis::proxmox
