#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/proxmox/guest_system.h"
#include "kinds/proxmox/live_config.h"
#include "model/world.h"

namespace aegis::proxmox {

/// What an Observation of a guest knows besides its attributes. Refers to the observation.
class LiveView {
 public:
  explicit LiveView(const Observation& observation) : observation_(observation) {}

  [[nodiscard]] std::int64_t vmid() const;
  [[nodiscard]] bool is_running() const;
  [[nodiscard]] bool is_protected() const;
  [[nodiscard]] std::string digest() const;

  /// Proxmox's value of `key`, with what waits for a restart; empty when it is not set. A device
  /// that goes away at the next restart still has one.
  [[nodiscard]] std::string value(std::string_view key) const;

  /// True when the key is set.
  [[nodiscard]] bool has(std::string_view key) const;

  /// The keys of all interfaces by their names.
  [[nodiscard]] const Json& nets() const;

  /// The keys whose values wait for a restart.
  [[nodiscard]] std::vector<std::string> waiting() const;

  /// The key of the interface `name` ("net0"); empty when there is none.
  [[nodiscard]] std::string net_key(std::string_view name) const;

  /// The number in that key.
  [[nodiscard]] std::optional<int> net_number(std::string_view name) const;

  /// True when a value of `key` waits for a restart.
  [[nodiscard]] bool waits(std::string_view key) const;

  /// The attributes that are in force; null when nothing waits for a restart.
  [[nodiscard]] const Json& current() const;

  /// True when `wanted` asks `key` to be what it is in force, and something else waits.
  [[nodiscard]] bool is_withdrawn(std::string_view key,
                                  const Json& wanted,
                                  const GuestSystem& system) const;

  /// True when every value that waits is withdrawn by `wanted`: no restart is needed for them.
  [[nodiscard]] bool waits_only_for_withdrawn(const Json& wanted, const GuestSystem& system) const;

 private:
  const Observation& observation_;
};

/// The context that LiveView reads. `current` is null when nothing waits.
Json make_context(std::int64_t vmid,
                  bool running,
                  const LiveConfig& config,
                  Json current,
                  const GuestSystem& system);

}  // namespace aegis::proxmox
