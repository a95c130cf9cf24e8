#include "kinds/proxmox/guest_power.h"

#include <fmt/format.h>

#include <algorithm>

#include "kinds/proxmox/guest_calls.h"

namespace aegis::proxmox {
namespace {

std::string patience_of(const Step& step) {
  return fmt::format("{}", as_integer(get(step.input, "patience")).value_or(60));
}

bool waits_for_restart(const LiveConfig& config, const GuestSystem& system) {
  return std::any_of(config.waiting.begin(), config.waiting.end(), system.is_managed_key);
}

// Between the plan and this moment the id may have become somebody else's.
Result<Done> check_removable(const GuestCalls& guest) {
  const auto config = guest.read_config();
  if (!config) return config.error();
  // A stub that stands in for a guest that is being destroyed has nothing but its lock.
  const auto lock = config->requested.find("lock");
  if (lock != config->requested.end() && lock->second == "destroyed") return Done{};
  if (!is_ours(config->requested)) {
    return Error{ErrorCode::conflict,
                 "it does not carry the tag aegisctl, so it is not ours to destroy"};
  }
  const auto protection = config->requested.find("protection");
  const bool is_protected =
      protection != config->requested.end() && as_bool(protection->second).value_or(false);
  if (!is_protected) return Done{};
  return Error{ErrorCode::rejected,
               fmt::format("it is protected. Apply `protection: false` to it first, or run `{} set "
                           "{} --protection 0` on the host",
                           guest.system().tool,
                           guest.vmid())};
}

GuestCalls::Change power_change(const GuestCalls& guest,
                                std::string_view verb,
                                Form form,
                                bool running_at_end) {
  GuestCalls::Change change;
  change.task_type = guest.system().task_type(verb);
  change.is_done = [&guest, running_at_end]() -> Result<bool> {
    const auto running = guest.is_running();
    if (!running) return running.error();
    return *running == running_at_end;
  };
  change.send = [&guest, verb, form = std::move(form)] {
    return guest.api().post(guest.path(fmt::format("/status/{}", verb)), form);
  };
  return change;
}

}  // namespace

Result<Json> start_guest(const Step& step, Effects& effects, const GuestSystem& system) {
  const GuestCalls guest(step, effects, system);
  return guest.make(power_change(guest, "start", {}, true));
}

Result<Json> shut_guest_down(const Step& step, Effects& effects, const GuestSystem& system) {
  const GuestCalls guest(step, effects, system);
  if (get(step.input, "for_removal") == true) {
    const auto removable = check_removable(guest);
    if (!removable && is_missing_guest(removable.error())) return Json::object();
    if (!removable) return guest.explained(removable.error());
  }
  Form form{{"timeout", patience_of(step)}, {"forceStop", "1"}};
  return guest.make(power_change(guest, "shutdown", std::move(form), false));
}

Result<Json> reboot_guest(const Step& step, Effects& effects, const GuestSystem& system) {
  const GuestCalls guest(step, effects, system);
  GuestCalls::Change change;
  change.task_type = system.task_type("reboot");
  change.is_done = [&]() -> Result<bool> {
    const auto config = guest.read_config();
    if (!config) return config.error();
    const auto running = guest.is_running();
    if (!running) return running.error();
    return *running && !waits_for_restart(*config, system);
  };
  change.send = [&]() -> Result<Json> {
    const auto config = guest.read_config();
    if (!config) return config.error();
    const auto lock = config->requested.find("lock");
    if (lock != config->requested.end()) {
      return Error{ErrorCode::conflict, fmt::format("it is locked ({})", lock->second)};
    }
    const auto running = guest.is_running();
    if (!running) return running.error();
    // Somebody stopped it: what waited is applied, and it only has to come up.
    if (!*running) return guest.api().post(guest.path("/status/start"), {});
    return guest.api().post(guest.path("/status/reboot"), {{"timeout", patience_of(step)}});
  };
  return guest.make(change);
}

Result<Json> destroy_guest(const Step& step, Effects& effects, const GuestSystem& system) {
  const GuestCalls guest(step, effects, system);
  GuestCalls::Change change;
  change.task_type = system.task_type("destroy");
  change.is_done = [&]() -> Result<bool> {
    const auto removable = check_removable(guest);
    if (removable) return false;
    if (is_missing_guest(removable.error())) return true;
    return removable.error();
  };
  change.send = [&] { return guest.api().remove(guest.path(), {{"purge", "1"}}); };
  return guest.make(change);
}

}  // namespace aegis::proxmox
