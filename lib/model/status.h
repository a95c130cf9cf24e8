#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/alerting.h"

namespace aegis {

/// What is used by more than this share is nearly full.
inline constexpr double k_nearly_full = 0.9;

/// A certificate that holds no longer is to be renewed by now.
inline constexpr std::chrono::days k_certificate_margin{14};

/// How much of something is used.
struct Usage {
  double used = 0;
  double total = 0;  ///< 0: not limited, or not known

  /// 0.9 for nine tenths; 0 without a total.
  [[nodiscard]] double share() const { return total > 0 ? used / total : 0; }
};

/// A storage of a server.
struct StorageStatus {
  std::string name;
  bool is_active = true;  ///< it can be reached
  Usage bytes;
};

/// A server, and what its guests were given of it.
struct HostStatus {
  std::string name;
  std::string version;  ///< of Proxmox VE
  std::chrono::seconds uptime{0};
  Usage cores;                  ///< busy, of all
  Usage memory;                 ///< bytes
  double allocated_cores = 0;   ///< of the guests that run
  double allocated_memory = 0;  ///< bytes, of the guests that run
  double allocated_disk = 0;    ///< bytes of root disks, of all guests
  std::vector<StorageStatus> storages;
  bool needs_reboot = false;  ///< it says so: a new kernel, a new library
};

/// A container or virtual machine that the manifests have.
struct GuestStatus {
  std::string address;
  std::string state;      ///< "running", "stopped"; "absent" when there is none
  std::string lock;       ///< what holds it: "backup"; empty: nothing
  bool is_wanted = true;  ///< declared as started
  std::chrono::seconds uptime{0};
  Usage cores;
  Usage memory;
  Usage disk;                        ///< of a machine only the total is known
  std::vector<std::string> pending;  ///< settings that wait for a reboot
};

/// A service's container.
struct ServiceStatus {
  std::string address;
  /// "healthy", "unhealthy", "starting", "running"; "restarting", "paused", "exited (137)", "done"
  /// for one that has ended as it should, "absent"
  std::string state;
  bool is_well = true;
  std::int64_t restarts = 0;                      ///< by the engine, since it was made
  std::optional<std::chrono::seconds> uptime;     ///< of one that runs
  std::optional<std::chrono::seconds> image_age;  ///< since it was built
  Usage memory;                                   ///< total: its limit
  double cores = 0;                               ///< its limit; 0: none
  std::optional<double> busy_cores;  ///< that it kept busy, on average since it started
};

/// A declared check. One of the blackbox exporter is made now; of a program, the last result is
/// told.
struct CheckStatus {
  std::string name;
  std::string type;     ///< "http"
  std::string subject;  ///< what it is about: an address, else what is looked at
  std::string state;    ///< "passed", "failed", "overdue"; "unknown" when nobody told
  bool is_well = true;
  std::optional<std::chrono::milliseconds> took;
  std::optional<std::chrono::seconds> certificate;  ///< until it expires; negative once it has
};

/// The last run of `apply` or of another command that changes things.
struct RunStatus {
  std::string who;
  std::string outcome;          ///< "succeeded", "failed"; empty: it did not end, or still runs
  std::chrono::seconds age{0};  ///< since it began
};

/// What differs from the manifests.
struct DriftStatus {
  std::vector<std::string> changes;  ///< "container/web: cores, memory", "container/new: not found"
  std::string unknown;               ///< why it cannot be told; empty: it can
};

/// Something that is not as it should be.
struct Finding {
  std::string subject;  ///< an address, "server/fsn1 storage local-zfs"
  std::string text;     ///< "is stopped, and is declared as started"
};

/// A system that did not tell.
struct StatusGap {
  std::string scope;
  Error error;
};

/// How everything is that the manifests have.
struct Status {
  std::vector<HostStatus> hosts;
  std::vector<GuestStatus> guests;
  std::vector<ServiceStatus> services;
  std::vector<CheckStatus> checks;
  std::optional<std::vector<FiringAlert>> alerts;  ///< nothing without a section `alerts`
  std::optional<RunStatus> last_run;
  std::optional<DriftStatus> drift;
  std::vector<Finding> findings;
  std::vector<StatusGap> gaps;
  int waves = 0;  ///< network round trips one after the other

  [[nodiscard]] bool is_well() const { return findings.empty() && gaps.empty(); }
};

}  // namespace aegis
