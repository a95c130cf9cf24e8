#include "kinds/proxmox/backups/restore_perform.h"

#include <fmt/format.h>

#include <functional>

#include "base/text.h"
#include "kinds/proxmox/backups/spare.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_power.h"

namespace aegis::proxmox {
namespace {

// What cannot live falls within seconds: a broken init, a missing library.
constexpr int k_looks = 5;
constexpr std::chrono::seconds k_between_looks{2};

Form form_of(const GuestCalls& guest, const Step& step) {
  Form form{{"vmid", fmt::format("{}", guest.vmid())}};
  for (const Json& field : get(step.input, "form")) {
    form.emplace_back(as_text(field.at(0)), as_text(field.at(1)));
  }
  return form;
}

std::string field_of(const Step& step, std::string_view name) {
  for (const Json& field : get(step.input, "form")) {
    if (as_text(field.at(0)) == name) return as_text(field.at(1));
  }
  return {};
}

// What is there once nothing works on it any more; nothing when there is none.
Result<std::optional<ConfigMap>> settled_config(const GuestCalls& guest) {
  auto config = guest.read_config();
  if (config && config->requested.contains("lock")) {
    const auto waited = guest.wait_for_running_task({});
    if (!waited) return waited.error();
    config = guest.read_config();
  }
  if (config) return std::optional(config->requested);
  if (is_missing_guest(config.error())) return std::optional<ConfigMap>();
  return config.error();
}

using IsDone = std::function<bool(const ConfigMap&)>;

Result<Json> restore(const Step& step, const GuestCalls& guest, const IsDone& is_done) {
  GuestCalls::Change change;
  change.task_type = "vzrestore";
  change.is_done = [&]() -> Result<bool> {
    const auto config = settled_config(guest);
    if (!config) return config.error();
    return *config && !(*config)->contains("lock") && is_done(**config);
  };
  change.send = [&] {
    return guest.api().post(api_path(fmt::format("/nodes/{}/lxc", percent_encode(guest.node()))),
                            form_of(guest, step),
                            get(step.input, "as_root") == true);
  };
  return guest.make(change);
}

Result<Done> stay_up(const GuestCalls& guest) {
  for (int look = 0; look < k_looks; ++look) {
    guest.api().effects().clock.sleep_for(k_between_looks);
    const auto running = guest.is_running();
    if (!running) return guest.explained(running.error());
    if (!*running) {
      return guest.explained(
          {ErrorCode::rejected,
           "it started and did not stay up. Nothing more is done; its log on the host is in "
           "`journalctl -u pve-container@" +
               fmt::format("{}", guest.vmid()) + "`"});
    }
  }
  return Done{};
}

// Another guest may have got the number since it was planned.
Result<bool> is_spare(const GuestCalls& guest) {
  const auto config = settled_config(guest);
  if (!config) return config.error();
  if (!*config) return false;
  if (spare_in(**config)) return true;
  return Error{ErrorCode::conflict, "it is not the spare container of a restore"};
}

}  // namespace

Result<Json> restore_beside(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects, container_system());
  return restore(step, guest, [&](const ConfigMap& config) {
    const auto found = spare_in(config);
    return found && spare_text(*found) == field_of(step, "description");
  });
}

Result<Json> prove_spare(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects, container_system());
  const auto spare = is_spare(guest);
  if (!spare) return guest.explained(spare.error());
  if (!*spare) return guest.explained({ErrorCode::not_found, "the spare container is gone"});
  const auto started = start_guest(step, effects, container_system());
  if (!started) return started.error();
  const auto stayed = stay_up(guest);
  auto stopped = shut_guest_down(step, effects, container_system());
  if (!stayed) return stayed.error();
  return stopped;
}

Result<Json> put_in_place(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects, container_system());
  return restore(step, guest, [&](const ConfigMap& config) {
    const auto root = config.find("rootfs");
    return root != config.end() && volume_of(root->second) != text_or(step.input, "replaces");
  });
}

Result<Json> see_it_stay_up(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects, container_system());
  const auto stayed = stay_up(guest);
  return stayed ? Result<Json>(Json::object()) : stayed.error();
}

Result<Json> remove_spare(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects, container_system());
  const auto present = is_spare(guest);
  if (!present) return guest.explained(present.error());
  if (*present) {
    // One that was being proven when a run was cut still runs.
    auto stopped = shut_guest_down(step, effects, container_system());
    if (!stopped) return stopped.error();
  }
  GuestCalls::Change change;
  change.task_type = container_system().task_type("destroy");
  change.is_done = [&]() -> Result<bool> {
    const auto spare = is_spare(guest);
    if (!spare) return spare.error();
    return !*spare;
  };
  change.send = [&] { return guest.api().remove(guest.path(), {{"purge", "1"}}); };
  return guest.make(change);
}

}  // namespace aegis::proxmox
