#include "kinds/proxmox/host_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "kinds/proxmox/guest_observe.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/live_config.h"
#include "model/endpoint.h"

namespace aegis::proxmox {
namespace {

// Debian's packages leave this file when what they replaced is still in use.
constexpr const char* k_reboot_script = "[ ! -e /run/reboot-required ] || echo yes";

std::string name_of(const Scope& scope) {
  return scope.name.substr(scope.name.find('/') + 1);
}

const GuestSystem* system_if_guest(const Resource& resource) {
  if (resource.address.kind == "container") return &container_system();
  return resource.address.kind == "machine" ? &machine_system() : nullptr;
}

Query reboot_query(const Scope& scope) {
  return {Query::Type::facts, host_shell(name_of(scope)), k_reboot_script};
}

double number(const Json& object, std::string_view key) {
  return as_number(get(object, key)).value_or(0);
}

std::chrono::seconds seconds(const Json& object) {
  // Proxmox tells -1 for what has just been started.
  return std::chrono::seconds(
      std::max<std::int64_t>(as_integer(get(object, "uptime")).value_or(0), 0));
}

bool runs(const Json& guest) {
  return text_or(guest, "status") == "running";
}

Usage busy_cores(const Json& object, double cores) {
  return {number(object, "cpu") * cores, cores};
}

Usage bytes(const Json& object) {
  return {number(object, "used"), number(object, "total")};
}

void add_storages(const Json& list, HostStatus& host) {
  for (const Json& item : list) {
    if (as_bool(get(item, "enabled")) == false) continue;
    host.storages.push_back(
        {text_or(item, "storage"), as_bool(get(item, "active")).value_or(false), bytes(item)});
  }
  std::sort(host.storages.begin(), host.storages.end(), [](const auto& a, const auto& b) {
    return a.name < b.name;
  });
}

void add_allocations(const Json& guests, HostStatus& host) {
  for (const Json& guest : guests) {
    host.allocated_disk += number(guest, "maxdisk");
    if (!runs(guest)) continue;
    host.allocated_cores += number(guest, "cpus");
    host.allocated_memory += number(guest, "maxmem");
  }
}

bool wants_reboot(const Scope& scope, const Replies& replies) {
  const auto reply = replies.find(reboot_query(scope));
  return reply != replies.end() && !reply->second.error &&
         trim(text_or(reply->second.body, "out")) == "yes";
}

// "pve-manager/8.4.21/2606ac850d46da29" is 8.4.21.
std::string version_of(const Json& node) {
  const auto pieces = split(text_or(node, "pveversion"), '/');
  return pieces.size() > 1 ? pieces[1] : "";
}

std::vector<std::string> waiting_keys(const GuestSystem& system, const Json& pending) {
  std::vector<std::string> keys;
  const LiveConfig config = parse_pending(pending);
  for (const auto& key : config.waiting) {
    if (system.is_managed_key(key)) keys.push_back(key);
  }
  return keys;
}

const Json& find_guest(const Json& list, std::int64_t vmid) {
  static const Json k_none;
  for (const Json& guest : list) {
    if (as_integer(get(guest, "vmid")) == vmid) return guest;
  }
  return k_none;
}

GuestStatus guest_status(const Resource& resource, const Json& guest) {
  GuestStatus status;
  status.address = to_string(resource.address);
  status.is_wanted = text_or(resource.spec, "state", "started") == "started";
  status.state = guest.is_null() ? "absent" : text_or(guest, "status");
  if (guest.is_null()) return status;
  status.lock = text_or(guest, "lock");
  status.uptime = seconds(guest);
  status.cores = busy_cores(guest, number(guest, "cpus"));
  status.memory = {number(guest, "mem"), number(guest, "maxmem")};
  status.disk = {number(guest, "disk"), number(guest, "maxdisk")};
  return status;
}

/// The lists of one server.
struct Lists {
  const Json* node = nullptr;
  const Json* storages = nullptr;
  const Json* containers = nullptr;
  const Json* machines = nullptr;
};

Result<Lists> read_lists(const HostQueries& queries, const Replies& replies) {
  Lists lists;
  const std::tuple<Query, const char*, const Json**> wanted[]{
      {queries.of_node("/status"), "how the node is", &lists.node},
      {queries.storages(), "the storages", &lists.storages},
      {queries.of_system(container_system()), "the containers", &lists.containers},
      {queries.of_system(machine_system()), "the virtual machines", &lists.machines},
  };
  for (const auto& [query, what, list] : wanted) {
    const auto data = data_of(replies, query, what);
    if (!data) return data.error();
    *list = *data;
  }
  return lists;
}

}  // namespace

std::vector<Query> host_status_queries(const Batch& batch, const Replies&) {
  const HostQueries host(batch.scope);
  std::vector<Query> queries{host.of_node("/status"),
                             host.storages(),
                             host.of_system(container_system()),
                             host.of_system(machine_system())};
  for (const Resource* resource : batch.resources) {
    const GuestSystem* system = system_if_guest(*resource);
    if (system != nullptr) queries.push_back(host.pending(*system, vmid_of(*resource)));
  }
  if (batch.scope.settings.contains("ssh_port")) queries.push_back(reboot_query(batch.scope));
  return queries;
}

Result<Done> read_host_status(const Batch& batch,
                              const Replies& replies,
                              TimePoint,
                              Status& status) {
  const HostQueries queries(batch.scope);
  const auto lists = read_lists(queries, replies);
  if (!lists) return lists.error();
  const Json& node = *lists->node;
  HostStatus host;
  host.name = name_of(batch.scope);
  host.version = version_of(node);
  host.uptime = seconds(node);
  host.cores = busy_cores(node, number(get(node, "cpuinfo"), "cpus"));
  host.memory = bytes(get(node, "memory"));
  host.needs_reboot = wants_reboot(batch.scope, replies);
  add_storages(*lists->storages, host);
  add_allocations(*lists->containers, host);
  add_allocations(*lists->machines, host);
  status.hosts.push_back(std::move(host));
  for (const Resource* resource : batch.resources) {
    const GuestSystem* system = system_if_guest(*resource);
    if (system == nullptr) continue;
    const Json& list = system == &container_system() ? *lists->containers : *lists->machines;
    GuestStatus guest = guest_status(*resource, find_guest(list, vmid_of(*resource)));
    const auto pending =
        data_of(replies, queries.pending(*system, vmid_of(*resource)), "its configuration");
    if (pending && guest.state != "absent") guest.pending = waiting_keys(*system, **pending);
    status.guests.push_back(std::move(guest));
  }
  return Done{};
}

}  // namespace aegis::proxmox
