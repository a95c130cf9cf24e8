#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "kinds/proxmox/api.h"
#include "kinds/proxmox/guest_system.h"
#include "kinds/proxmox/live_config.h"
#include "kinds/proxmox/task.h"
#include "model/plan.h"

namespace aegis::proxmox {

/// The calls on one guest, for one step: `input` names the server, the node and the vmid. Refers to
/// the doors: must not outlive them.
class GuestCalls {
 public:
  GuestCalls(const Step& step, Effects& effects, const GuestSystem& system);

  [[nodiscard]] Result<LiveConfig> read_config() const;
  [[nodiscard]] Result<bool> is_running() const;

  /// A change of the guest.
  struct Change {
    /// Sends it; gives a task's UPID or null.
    std::function<Result<Json>()> send;
    /// True when the wanted end is already there.
    std::function<Result<bool>()> is_done;
    std::string task_type = {};  ///< of the task that `send` starts
    bool look_first = true;      ///< ask is_done before anything is sent
  };

  /// Sends the change and waits for its end. While the guest is locked or busy it is sent again
  /// for a minute. When the answer is lost, the state decides: a task that runs is waited for, the
  /// end is looked for, and only if it does not come the change is sent once more. Output: {} or
  /// {"warning": "WARNINGS: 2"}.
  [[nodiscard]] Result<Json> make(const Change& change) const;

  /// Waits for whatever task works on the guest now.
  [[nodiscard]] Result<Done> wait_for_running_task(std::string_view type) const;

  [[nodiscard]] const ApiClient& api() const { return api_; }
  [[nodiscard]] const std::string& node() const { return node_; }
  [[nodiscard]] std::int64_t vmid() const { return vmid_; }
  [[nodiscard]] Deadline deadline() const { return deadline_; }
  [[nodiscard]] const GuestSystem& system() const { return system_; }
  [[nodiscard]] std::string path(std::string_view rest = {}) const;

  /// `error`, with what to do about it when the guest is locked or was changed by others.
  [[nodiscard]] Error explained(const Error& error) const;

 private:
  [[nodiscard]] Result<Json> finish(const Result<Json>& answer) const;
  [[nodiscard]] Result<bool> look_again(const Change& change, Deadline until) const;
  [[nodiscard]] std::optional<Result<Json>> end_if_there(const Change& change) const;
  /// `error`, or that the guest is locked, when that is why it looks changed by others.
  [[nodiscard]] Error seen_through(const Error& error) const;
  /// After a failure: the end, or nothing when the change is to be sent again.
  [[nodiscard]] std::optional<Result<Json>> recover(const Change& change,
                                                    const Error& failure,
                                                    Pauses& pauses,
                                                    bool& was_lost) const;
  [[nodiscard]] Result<Json> await_manager(const Change& change) const;

  ApiClient api_;
  const GuestSystem& system_;
  std::string node_;
  std::int64_t vmid_;
  Deadline deadline_;
};

/// True when the tags in `config` hold the owner's.
bool carries_owner_tag(const ConfigMap& config);

/// The same, or it is a clone of ours that has not got its tag yet.
bool is_ours(const ConfigMap& config);

}  // namespace aegis::proxmox
