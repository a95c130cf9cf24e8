#include "manifest/compose/swarm.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/text.h"
#include "base/units.h"
#include "manifest/compose/deploy.h"
#include "manifest/compose/engine_name.h"
#include "manifest/compose/report.h"

namespace aegis::compose {
namespace {

struct Lack {
  std::string_view key;
  std::string_view why;
};

constexpr std::string_view k_host =
    "gives away a part of the host, which a Swarm's tasks cannot have";
constexpr std::string_view k_one_container = "is about one container on one known host";
constexpr std::string_view k_limit = "is a limit that a Swarm does not set";
constexpr std::string_view k_name_instead =
    "is not needed: on a network, services reach each other by their names";

// `docker stack deploy` would leave these out without a word, or with one.
constexpr Lack k_lacks[] = {
    {"build",
     "makes an image on one engine, and each node pulls its own; push it, and give its `image`"},
    {"privileged", k_host},
    {"devices", k_host},
    {"device_cgroup_rules", k_host},
    {"gpus",
     "asks for devices; reserve them with `deploy.resources.reservations.generic_resources`"},
    {"network_mode", "joins a network of one host; use `networks`"},
    {"pid", k_host},
    {"ipc", k_host},
    {"uts", k_host},
    {"userns_mode", k_host},
    {"cgroup", k_host},
    {"cgroup_parent", k_host},
    {"security_opt", "is not passed on by a Swarm; set it in the daemon's configuration"},
    {"runtime", "is not passed on by a Swarm; set the daemon's default-runtime"},
    {"isolation", k_one_container},
    {"platform", "is told by the image; use `deploy.placement.constraints`"},
    {"mac_address", k_one_container},
    {"domainname", k_one_container},
    {"volumes_from", k_one_container},
    {"links", k_name_instead},
    {"external_links", k_name_instead},
    {"shm_size", "is not passed on by a Swarm; mount a tmpfs of that size at /dev/shm"},
    {"storage_opt", k_one_container},
    {"annotations", k_one_container},
    {"post_start", "would have to run on a node that only the Swarm knows"},
    {"pre_stop", "would have to run on a node that only the Swarm knows"},
    {"memswap_limit", k_limit},
    {"mem_swappiness", k_limit},
    {"cpu_shares", k_limit},
    {"cpuset", k_limit},
    {"cpu_period", k_limit},
    {"cpu_quota", k_limit},
    {"cpu_rt_period", k_limit},
    {"cpu_rt_runtime", k_limit},
    {"blkio_config", k_limit},
    {"oom_kill_disable", k_limit},
    {"oom_score_adj", k_limit}};

constexpr Lack k_ignored[] = {
    {"container_name", "the Swarm names its tasks itself"},
    {"depends_on", "a Swarm starts all services at once, and again until they run"},
    {"expose", "within a network all ports are open"}};

bool says_something(const Node& value) {
  return value.type != Node::Type::null && value.text != "false" &&
         !(value.type == Node::Type::sequence && value.items.empty()) &&
         !(value.type == Node::Type::mapping && value.members.empty());
}

void refuse(const Node& said, std::string_view why, Diagnostics& diagnostics) {
  error(
      diagnostics, said.where, "not possible in a Swarm", fmt::format("`{}` {}.", said.path, why));
}

void check_keys(Node& service, Diagnostics& diagnostics) {
  for (const Lack& lack : k_lacks) {
    const Node* said = service.find(lack.key);
    if (said == nullptr) continue;
    if (says_something(*said)) refuse(*said, lack.why, diagnostics);
    erase(service, lack.key);
  }
  for (const Lack& lack : k_ignored) {
    const Node* said = service.find(lack.key);
    if (said == nullptr) continue;
    // A dependency may have come with `links`, which was told.
    if (says_something(*said) && said->path.ends_with(lack.key)) {
      warning(diagnostics,
              said->where,
              "no effect in a Swarm",
              fmt::format("`{}` is ignored: {}.", said->path, lack.why));
    }
    erase(service, lack.key);
  }
}

void check_ports(const Node& service, Diagnostics& diagnostics) {
  const Node* ports = service.find("ports");
  if (ports == nullptr) return;
  for (const Node& port : ports->items) {
    if (!text_at(port, "host_ip").empty()) {
      refuse(port,
             "binds to one address; a Swarm publishes on all addresses of its nodes",
             diagnostics);
    }
    if (text_at(port, "published").find('-') != std::string::npos) {
      refuse(port,
             "leaves the choice from a range; a Swarm takes one port or chooses freely",
             diagnostics);
    }
  }
}

void check_attachments(const Node& service, Diagnostics& diagnostics) {
  const Node* networks = service.find("networks");
  if (networks == nullptr) return;
  for (const Member& network : networks->members) {
    for (const char* key : {"ipv4_address",
                            "ipv6_address",
                            "mac_address",
                            "link_local_ips",
                            "interface_name",
                            "gw_priority",
                            "priority"}) {
      const Node* said = network.value.find(key);
      if (said != nullptr) refuse(*said, "is chosen by the Swarm for each task", diagnostics);
    }
  }
}

void check_mounts(const Node& service, Diagnostics& diagnostics) {
  const Node* mounts = service.find("volumes");
  if (mounts == nullptr) return;
  for (const Node& mount : mounts->items) {
    if (text_at(mount, "type") == "image") {
      refuse(mount, "mounts an image, which a Swarm cannot", diagnostics);
    }
    for (const char* key : {"selinux", "recursive"}) {
      const Node* said = mount.find("bind", key);
      if (said != nullptr) refuse(*said, "is not passed on by a Swarm", diagnostics);
    }
  }
}

void check_deploy(const Node& service, Diagnostics& diagnostics) {
  const Node* deploy = service.find("deploy");
  const Node* replicas = deploy->find("replicas");
  if (text_at(*deploy, "mode") == "global" && replicas != nullptr) {
    error(diagnostics,
          replicas->where,
          "contradiction",
          fmt::format("`{}`: a global service has one task on each node. Keep one of them.",
                      replicas->path));
  }
  const Node* resources = deploy->find("resources");
  const Node* devices = resources == nullptr ? nullptr : resources->find("reservations", "devices");
  if (devices != nullptr) {
    refuse(*devices, "asks for devices; reserve them with `generic_resources`", diagnostics);
  }
}

// "size=64m,mode=1777" as the options of a mount; nothing when there are others.
std::optional<Node> tmpfs_options(const Node& text) {
  Node options = make_mapping(text);
  for (const std::string& option : split_any(text.text, ",")) {
    const auto equals = option.find('=');
    const std::string name = option.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : option.substr(equals + 1);
    if (name == "size") {
      const auto size = parse_size(value);
      if (!size) return std::nullopt;
      set(options, "size", make_integer(*size, text));
    } else if (name == "mode" && !value.empty() &&
               value.find_first_not_of("01234567") == std::string::npos && value.size() < 6) {
      set(options, "mode", make_integer(std::stoi(value, nullptr, 8), text));
    } else {
      return std::nullopt;
    }
  }
  return options;
}

void move_memory_file_systems(Node& service, Diagnostics& diagnostics) {
  const Node* found = service.find("tmpfs");
  if (found == nullptr) return;
  const Node file_systems = *found;
  erase(service, "tmpfs");
  if (service.find("volumes") == nullptr) set(service, "volumes", make_sequence(file_systems));
  for (const Member& member : file_systems.members) {
    auto options = tmpfs_options(member.value);
    if (!options) {
      refuse(member.value,
             "has options besides `size` and `mode`, which a Swarm cannot set",
             diagnostics);
      continue;
    }
    Node mount = make_mapping(member.value);
    set(mount, "type", make_text("tmpfs", member.value));
    set(mount, "target", make_text(member.key, member.value));
    if (!options->members.empty()) set(mount, "tmpfs", std::move(*options));
    service.find("volumes")->items.push_back(std::move(mount));
  }
}

}  // namespace

void fit_for_swarm(Node& service, Diagnostics& diagnostics) {
  unfold_deploy(service, diagnostics);
  check_keys(service, diagnostics);
  check_deploy(service, diagnostics);
  check_ports(service, diagnostics);
  check_attachments(service, diagnostics);
  check_mounts(service, diagnostics);
  move_memory_file_systems(service, diagnostics);
}

void fit_network_for_swarm(Node& network, Diagnostics& diagnostics) {
  if (is_external(network)) return;
  const Node* driver = network.find("driver");
  if (driver == nullptr) {
    set(network, "driver", make_text("overlay", network));
  } else if (driver->text == "bridge" || driver->text == "host" || driver->text == "none") {
    refuse(*driver, "is a network of one host; use `overlay`, or leave it out", diagnostics);
  }
}

Json volume_table(const Node* volumes, const std::string& project_name) {
  Json table = Json::object();
  if (volumes == nullptr) return table;
  for (const Member& volume : volumes->members) {
    Json entry = to_json(volume.value);
    entry["name"] = engine_name(volume.value, volume.key, project_name);
    entry["external"] = is_external(volume.value);
    table[volume.key] = std::move(entry);
  }
  return table;
}

}  // namespace aegis::compose
