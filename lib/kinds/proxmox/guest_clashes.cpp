#include "kinds/proxmox/guest_clashes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/guest_notes.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

/// Who has an address: where it is among the observations.
using Owners = std::map<std::string, std::size_t>;

bool is_mac(std::string_view text) {
  constexpr std::size_t k_length = 17;
  return text.size() == k_length && std::count(text.begin(), text.end(), ':') == 5;
}

// "10.0.0.5" of "10.0.0.5/24"; empty for "dhcp" and its like.
std::string host_part(const std::string& address) {
  const std::size_t slash = address.find('/');
  return slash == std::string::npos ? std::string() : to_lower(address.substr(0, slash));
}

// Whether it is going to have the MAC addresses that it declares.
bool declares_macs(const Resource& resource) {
  const Json& network = get(resource.spec, "network");
  return std::any_of(network.begin(), network.end(), [](const Json& net) {
    return net.contains("hwaddr") || net.contains("macaddr");
  });
}

// What a live guest's interfaces have: "name=eth0,hwaddr=...", "virtio=MAC,...", "ip=...".
void take_live(const Observation& guest,
               std::size_t place,
               const Resource* declared,
               Owners& owners) {
  const Json& config = get(guest.context, "config");
  if (!config.is_object()) return;
  for (const auto& [key, text] : config.items()) {
    if (!is_indexed(key, "net") && !is_indexed(key, "ipconfig")) continue;
    for (const auto& [name, value] : parse_properties(as_text(text))) {
      const bool keeps_mac = declared == nullptr || !declares_macs(*declared);
      if (keeps_mac && is_mac(value)) owners.emplace(to_lower(value), place);
      // The addresses of a declared guest are going to be those that it declares.
      const bool is_address = declared == nullptr && (name == "ip" || name == "ip6");
      const std::string address = is_address ? host_part(value) : std::string();
      if (!address.empty()) owners.emplace(address, place);
    }
  }
}

void add_note(const Resource& resource,
              const std::string& path,
              const std::string& address,
              const Observation& other,
              Observation& observation) {
  observation.notes.push_back(
      note_on(resource,
              Severity::warning,
              path,
              "an address is another guest's",
              fmt::format("{} is to have {}, which {} has now. Two guests with one address disturb "
                          "each other.",
                          to_string(resource.address),
                          address,
                          to_string(other.address))));
}

}  // namespace

void add_notes_on_clashes(const Batch& batch, std::vector<Observation>& observations) {
  Owners owners;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const bool is_declared = i < batch.resources.size();
    take_live(observations[i], i, is_declared ? batch.resources[i] : nullptr, owners);
  }
  for (std::size_t i = 0; i < batch.resources.size(); ++i) {
    const Json& network = get(batch.resources[i]->spec, "network");
    if (!network.is_object()) continue;
    for (const auto& [name, net] : network.items()) {
      for (const char* key : {"hwaddr", "macaddr", "ip", "ip6"}) {
        const std::string text = text_or(net, key);
        const auto owner = owners.find(is_mac(text) ? to_lower(text) : host_part(text));
        if (text.empty() || owner == owners.end() || owner->second == i) continue;
        add_note(*batch.resources[i],
                 fmt::format("network.{}.{}", name, key),
                 text,
                 observations[owner->second],
                 observations[i]);
      }
    }
  }
}

}  // namespace aegis::proxmox
