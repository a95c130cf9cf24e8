#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/secret.h"

namespace aegis::simulator {

using TimePoint = std::chrono::system_clock::time_point;

/// A storage of the simulated host.
struct StorageOptions {
  std::string name;
  std::string type;        ///< "dir", "zfspool", "btrfs", "lvmthin", ...
  std::string content;     ///< "iso,vztmpl,backup,snippets"
  std::int64_t total = 0;  ///< bytes
};

/// A network bridge of the simulated host.
struct BridgeOptions {
  std::string name;
  std::string cidr;  ///< "10.10.10.1/24"; may be empty
  int mtu = 1500;
};

/// A disk of the simulated host.
struct DiskOptions {
  std::string path;  ///< "/dev/nvme0n1"
  std::string type;  ///< "nvme", "ssd", "hdd"
  std::string model;
  std::string serial;
  std::int64_t size = 0;  ///< bytes
};

/// What the simulated host is like. The defaults make a host that a fresh Proxmox VE installation
/// on ZFS would be, with two bridges, two container templates, an ISO image and a
/// cloud image.
struct SimulatorOptions {
  std::uint16_t port = 0;  ///< 0: any free one
  std::string node = "pve";
  std::filesystem::path state_folder;    ///< empty: nothing is kept
  std::chrono::milliseconds latency{0};  ///< of every answer
  std::chrono::milliseconds task_duration{0};
  std::chrono::milliseconds refusal_delay{0};  ///< of every 401; a real host takes 3 s
  std::chrono::seconds ticket_lifetime{7200};
  std::uint64_t seed = 0;  ///< of generated MAC addresses and secrets; 0: random ones
  Secret root_password{"simulator"};
  Secret root_token;  ///< the secret of root@pam!aegis (privsep=0); empty: a generated one

  std::vector<StorageOptions> storages{
      {"local", "dir", "iso,vztmpl,backup,snippets,import", std::int64_t{1} << 40},
      {"local-zfs", "zfspool", "images,rootdir", std::int64_t{1} << 48},
  };
  std::vector<BridgeOptions> bridges{{"vmbr0", "192.0.2.10/24", 1500},
                                     {"vmbr1", "10.10.10.1/24", 1500}};
  std::vector<std::string> cards;  ///< physical network interfaces
  /// Volume ids of files that are there from the start.
  std::vector<std::string> files{"local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst",
                                 "local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst",
                                 "local:iso/debian-12.9.0-amd64-netinst.iso",
                                 "local:import/debian-12-generic-amd64.qcow2"};
  /// Paths that do not exist on the host (bind sources, devices, mount points), ZFS pools and
  /// volume groups; every other one does.
  std::vector<std::string> absent_paths;
  /// Other nodes of the cluster: as this one, with storages of their own. Those among
  /// `unreachable_servers` are offline.
  std::vector<std::string> other_nodes;
  /// Servers (names or addresses) that do not answer the host; every other one does.
  std::vector<std::string> unreachable_servers;
  /// Files of the simulated internet by their URL. A server that has none of them answers every
  /// path with a file that holds the URL itself.
  std::map<std::string, std::string> web_files;
  std::string cpu_model = "Intel(R) Core(TM) i9-14900";
  int physical_cores = 24;
  int host_cores = 32;                                 ///< with hyper-threading
  std::int64_t host_memory = std::int64_t{128} << 30;  ///< bytes

  std::vector<DiskOptions> disks{
      {"/dev/nvme0n1", "nvme", "SAMSUNG MZVL21T9HCLR", "S69XNX0T100001", 1'920'383'410'176},
      {"/dev/nvme1n1", "nvme", "SAMSUNG MZVL21T9HCLR", "S69XNX0T100002", 1'920'383'410'176}};

  std::function<TimePoint()> now = [] { return std::chrono::system_clock::now(); };
};

}  // namespace aegis::simulator
