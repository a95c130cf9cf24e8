#include "kinds/proxmox/guest_notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/backups/guard.h"

namespace aegis::proxmox {

Diagnostic note_on(const Resource& resource,
                   Severity severity,
                   std::string_view path,
                   std::string summary,
                   std::string detail) {
  return {severity, std::move(summary), std::move(detail), resource.place_of(path), std::nullopt};
}

Diagnostics notes_on_taken_id(const Resource& resource,
                              const HostQueries& queries,
                              const HostView& host,
                              const GuestSystem& system) {
  const std::int64_t vmid = as_integer(get(resource.spec, "vmid")).value_or(0);
  const std::string other = host.other_guest(vmid);
  if (other.empty()) return {};
  const std::string node = host.other_node(vmid);
  const std::string move =
      node.empty()
          ? std::string()
          : fmt::format(" If it is the same one, move it first: `{} migrate {} {} {}` on {}.",
                        system.tool,
                        vmid,
                        queries.node,
                        system.api_type == "lxc" ? "--restart" : "--online --with-local-disks",
                        node);
  return {
      note_on(resource,
              Severity::error,
              "vmid",
              "the vmid belongs to another guest",
              fmt::format("{} cannot be made: its vmid is that of {}.{} Else give it a free one, "
                          "or name the server that it lives on.",
                          to_string(resource.address),
                          other,
                          move))};
}

void add_note_on_storage(const Resource& resource,
                         const HostView& host,
                         const std::string& path,
                         const Json& disk,
                         Diagnostics& notes) {
  const std::string storage = text_or(disk, "storage");
  if (storage.empty() || host.has_storage(storage).value_or(true)) return;
  notes.push_back(note_on(resource,
                          Severity::warning,
                          path + ".storage",
                          "a storage is not on the host",
                          fmt::format("{} wants a disk on storage {}, which this node does not "
                                      "have or these credentials may not see.",
                                      to_string(resource.address),
                                      storage)));
}

Diagnostics notes_on_transition(const Resource& resource,
                                const Json& item,
                                const GuestSystem& system) {
  const std::string lock = text_or(item, "lock");
  const bool made = lock == "create" || lock == "clone";
  return {note_on(resource,
                  Severity::note,
                  "vmid",
                  fmt::format("a {} is not complete", system.noun),
                  fmt::format("Proxmox is {} {} {} at this moment, or was interrupted in it. "
                              "Applying waits for that to end first.",
                              made ? "making" : "destroying",
                              system.noun,
                              as_text(get(item, "vmid"))))};
}

Diagnostics notes_on_state(const Resource& resource,
                           const Json& item,
                           const LiveConfig& config,
                           const GuestSystem& system) {
  Diagnostics notes;
  const std::string lock = text_or(item, "lock");
  if (!lock.empty()) {
    notes.push_back(note_on(resource,
                            Severity::warning,
                            "vmid",
                            fmt::format("a {} is locked", system.noun),
                            fmt::format("{} is locked ({}): it cannot be changed until that ends. "
                                        "If nothing of the kind runs, `{} unlock {}` on the host "
                                        "frees it.",
                                        to_string(resource.address),
                                        lock,
                                        system.tool,
                                        as_text(get(item, "vmid")))));
  }
  std::vector<std::string> foreign;
  for (const std::string& key : config.waiting) {
    if (!system.is_managed_key(key)) foreign.push_back(key);
  }
  if (!foreign.empty()) {
    notes.push_back(note_on(resource,
                            Severity::note,
                            "vmid",
                            "a change by hand waits for a restart",
                            fmt::format("{} of {} waits for its next restart.",
                                        list_words(foreign),
                                        to_string(resource.address))));
  }
  return notes;
}

namespace {

constexpr std::int64_t k_usual_mtu = 1500;

void add_note_on_missing_bridge(const Resource& resource,
                                const std::string& path,
                                const std::string& bridge,
                                Diagnostics& notes) {
  notes.push_back(note_on(resource,
                          Severity::warning,
                          path + ".bridge",
                          "a bridge is not on the host",
                          fmt::format("{} is to be plugged into {}, which this node does not "
                                      "have or these credentials may not see.",
                                      to_string(resource.address),
                                      bridge)));
}

// Proxmox refuses packets longer than the bridge's. A bridge that has no length of its own has its
// ports', which the list does not tell.
void add_note_on_mtu(const Resource& resource,
                     const std::string& path,
                     const Json& net,
                     const Json& bridge,
                     Diagnostics& notes) {
  const auto wanted = as_integer(get(net, "mtu"));
  const auto told = as_integer(get(bridge, "mtu"));
  if (!wanted || bridge.is_null() || *wanted <= told.value_or(k_usual_mtu)) return;
  notes.push_back(note_on(
      resource,
      told ? Severity::error : Severity::warning,
      path + ".mtu",
      "an MTU is larger than the bridge's",
      fmt::format(
          "{} is to have an MTU of {} on {}, {}. Proxmox refuses one that is "
          "larger than the bridge's: lower it, or raise the bridge's.",
          to_string(resource.address),
          *wanted,
          text_or(net, "bridge"),
          told ? fmt::format("whose own is {}", *told)
               : fmt::format("which has none of its own and so most likely {}", k_usual_mtu))));
}

bool is_declared(const Resource& resource, const std::string& bridge) {
  const auto& needs = resource.depends_on;
  return std::any_of(needs.begin(), needs.end(), [&](const Address& need) {
    return need.kind == "interface" && need.name == bridge;
  });
}

}  // namespace

void add_notes_on_bridges(const Resource& resource, const HostView& host, Diagnostics& notes) {
  const Json& network = get(resource.spec, "network");
  if (!network.is_object()) return;
  for (const auto& [name, net] : network.items()) {
    const std::string bridge = text_or(net, "bridge");
    const std::string path = fmt::format("network.{}", name);
    if (bridge.empty()) continue;
    if (!host.has_bridge(bridge).value_or(true)) {
      add_note_on_missing_bridge(resource, path, bridge, notes);
    }
    // What is declared together was checked together.
    if (!is_declared(resource, bridge)) {
      add_note_on_mtu(resource, path, net, host.bridge(bridge), notes);
    }
  }
}

std::string reasons_to_keep(const Observation& live, const GuestSystem& system) {
  const LiveView view(live);
  std::string reasons = missing_backup(live);
  if (!view.is_protected()) return reasons;
  if (!reasons.empty()) reasons += ' ';
  return reasons + fmt::format(
                       "It is protected, so Proxmox will not remove it. Apply `protection: false` "
                       "first, or run `{} set {} --protection 0` on the host.",
                       system.tool,
                       view.vmid());
}

}  // namespace aegis::proxmox
