#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "simulator/faults.h"
#include "simulator/message.h"
#include "simulator/options.h"
#include "simulator/tickets.h"

namespace aegis::simulator {

struct World;

/// Containers that `Host::populate` makes.
struct Population {
  std::size_t count = 0;
  int first_vmid = 1000;  ///< taken ids are skipped
  bool running = false;
  /// Configuration keys beside those that every container has ({"tags", "web"}).
  std::map<std::string, std::string> config = {};
};

/// A Proxmox VE 8.4 host in memory: the API's behaviour without a network. Thread-safe.
class Host {
 public:
  /// The host that the options describe, or the one in their state folder. An `io` error when that
  /// state cannot be read.
  static Result<std::unique_ptr<Host>> open(SimulatorOptions options);
  ~Host();

  /// Answers one request, faults included. Never waits: `delay` says how long a server must hold
  /// the answer back. With a state folder, what a write changed is on disk when this returns.
  Response handle(const Request& request);

  void set_faults(FaultPlan plan);
  /// Requests since the last set_faults, or since the start.
  [[nodiscard]] std::uint64_t requests() const;

  /// Locks a guest ("backup") until `duration` has passed on the host's clock.
  void hold_lock(int vmid, std::chrono::milliseconds duration);

  /// A ticket made on the host itself, without a password.
  [[nodiscard]] Ticket mint_ticket(std::string_view user = "root@pam") const;

  /// "root@pam!aegis=SECRET", the value of an Authorization header after "PVEAPIToken=".
  [[nodiscard]] Secret root_token() const;

  /// Makes many synthetic containers at once.
  void populate(const Population& population);

  /// What `cat` of the guest's configuration file shows; empty when there is no such guest.
  [[nodiscard]] std::string conf_file(int vmid) const;

  /// Root writes a container's configuration file by hand.
  void write_conf_file(int vmid, std::string_view text);

  [[nodiscard]] const SimulatorOptions& options() const;

 private:
  explicit Host(std::unique_ptr<World> world);

  Response serve(const Request& request);
  void save(Response& response);

  mutable std::mutex mutex_;
  std::unique_ptr<World> world_;
  Faults faults_;
};

}  // namespace aegis::simulator
