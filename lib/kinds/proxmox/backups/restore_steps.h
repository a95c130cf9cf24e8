#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/proxmox/backups/spare.h"
#include "kinds/proxmox/live_config.h"
#include "model/desired.h"
#include "model/plan.h"

namespace aegis::proxmox {

/// Collects the steps that a restore or a drill of one container is made of, each after the one
/// before.
class RestoreSteps {
 public:
  RestoreSteps(const Scope& scope, const Resource& container, std::int64_t spare_vmid);

  /// Restores the backup beside the container, unless that `is_there`; and, when it may be started,
  /// shows that it starts and stays up.
  void restore_beside(const ConfigMap& archived, const Spare& spare, bool is_there, bool starts);

  /// Shuts the container down and, unless it `is_saved` or that is waived, backs it up as it is.
  void set_aside(const Spare& spare, bool is_running, bool is_saved, bool is_waived);

  /// Restores the backup over the container, whose configuration is `old`; empty when it is gone.
  void put_in_place(const ConfigMap& archived, const std::string& archive, const ConfigMap& old);

  void note_in_place(Spare spare);
  void start(bool is_wanted);
  void remove_spare();

  /// What was collected stands or falls together: when a step fails, the spare goes.
  void remove_spare_on_failure(const std::string& group);

  std::vector<Step> take() { return std::move(steps_); }

 private:
  Step& add(std::string_view operation, std::int64_t vmid, std::string title);

  const Scope& scope_;
  const Resource& container_;
  std::int64_t vmid_;
  std::int64_t spare_vmid_;
  bool as_root_;
  std::vector<Step> steps_;
};

}  // namespace aegis::proxmox
