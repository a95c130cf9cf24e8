#include "kinds/proxmox/firewall/level.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

using enum FirewallOption::Type;

constexpr std::array<FirewallOption, 6> k_datacenter_options{{
    {"ebtables", flag, "1"},
    {"enable", flag, "0"},
    {"log_ratelimit", text, "enable=1,burst=5,rate=1/second"},
    {"policy_forward", text, "ACCEPT"},
    {"policy_in", text, "DROP"},
    {"policy_out", text, "ACCEPT"},
}};

constexpr std::array<FirewallOption, 19> k_node_options{{
    {"enable", flag, "1"},
    {"log_level_forward", text, "nolog"},
    {"log_level_in", text, "nolog"},
    {"log_level_out", text, "nolog"},
    {"log_nf_conntrack", flag, "0"},
    {"ndp", flag, "1"},
    {"nf_conntrack_allow_invalid", flag, "0"},
    {"nf_conntrack_helpers", text, ""},
    {"nf_conntrack_max", number, "262144"},
    {"nf_conntrack_tcp_timeout_established", number, "432000"},
    {"nf_conntrack_tcp_timeout_syn_recv", number, "60"},
    {"nftables", flag, "0"},
    {"nosmurfs", flag, "1"},
    {"protection_synflood", flag, "0"},
    {"protection_synflood_burst", number, "1000"},
    {"protection_synflood_rate", number, "200"},
    {"smurf_log_level", text, "nolog"},
    {"tcp_flags_log_level", text, "nolog"},
    {"tcpflags", flag, "0"},
}};

constexpr std::array<FirewallOption, 10> k_guest_options{{
    {"dhcp", flag, "1"},
    {"enable", flag, "0"},
    {"ipfilter", flag, "0"},
    {"log_level_in", text, "nolog"},
    {"log_level_out", text, "nolog"},
    {"macfilter", flag, "1"},
    {"ndp", flag, "1"},
    {"policy_in", text, "DROP"},
    {"policy_out", text, "ACCEPT"},
    {"radv", flag, "0"},
}};

// The members of a rate limit, from a manifest's object or Proxmox's text, in one order.
std::string rate_limit_text(const Json& value) {
  std::map<std::string, std::string> members{{"enable", "1"}, {"burst", "5"}, {"rate", "1/second"}};
  if (value.is_object()) {
    for (const auto& [name, member] : value.items()) members[name] = as_text(member);
  } else {
    for (const std::string& piece : split_any(as_text(value), ",")) {
      const std::size_t equals = piece.find('=');
      const bool bare = equals == std::string::npos;
      members[bare ? "enable" : piece.substr(0, equals)] = bare ? piece : piece.substr(equals + 1);
    }
  }
  return fmt::format(
      "enable={},burst={},rate={}", members["enable"], members["burst"], members["rate"]);
}

std::string plain_option_text(const FirewallOption& option, const Json& value) {
  if (option.type == FirewallOption::Type::flag) {
    return as_bool(value).value_or(false) ? "1" : "0";
  }
  if (option.name == "log_ratelimit") return rate_limit_text(value);
  if (!value.is_array()) return as_text(value);
  std::vector<std::string> words;
  for (const Json& word : value) words.push_back(as_text(word));
  return join(words, ",");
}

}  // namespace

const GuestSystem& firewalled_system(std::string_view name) {
  return name.starts_with("machine-") ? machine_system() : container_system();
}

FirewallLevel firewall_level(std::string_view name, std::string_view node, std::int64_t vmid) {
  using Type = FirewallLevel::Type;
  const std::string encoded = percent_encode(node);
  if (name == "datacenter") {
    return {Type::datacenter, "/cluster/firewall", "the datacenter's firewall"};
  }
  if (name == "node") {
    return {Type::node, fmt::format("/nodes/{}/firewall", encoded), "the node's firewall"};
  }
  const GuestSystem& system = firewalled_system(name);
  return {Type::guest,
          fmt::format("/nodes/{}/{}/{}/firewall", encoded, system.api_type, vmid),
          fmt::format("the firewall of {} {}", system.noun, vmid)};
}

std::span<const FirewallOption> firewall_options(FirewallLevel::Type type) {
  if (type == FirewallLevel::Type::datacenter) return k_datacenter_options;
  if (type == FirewallLevel::Type::node) return k_node_options;
  return k_guest_options;
}

std::string option_text(const FirewallOption& option, const Json& value) {
  if (value.is_null()) return {};
  std::string text = plain_option_text(option, value);
  return text == option.fallback ? std::string() : text;
}

bool is_switched_on(FirewallLevel::Type type, const Json& options) {
  const std::string_view fallback = type == FirewallLevel::Type::node ? "1" : "0";
  return text_or(options, "enable", fallback) == "1";
}

}  // namespace aegis::proxmox
