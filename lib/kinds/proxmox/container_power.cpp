#include <fmt/format.h>

#include <algorithm>

#include "kinds/proxmox/container_perform.h"
#include "kinds/proxmox/guest_calls.h"

namespace aegis::proxmox {
namespace {

std::string patience_of(const Step& step) {
  return fmt::format("{}", as_integer(get(step.input, "patience")).value_or(60));
}

bool waits_for_restart(const LiveConfig& config) {
  return std::any_of(config.waiting.begin(), config.waiting.end(), is_managed_key);
}

// Between the plan and this moment the id may have become somebody else's.
Result<Done> check_removable(const GuestCalls& guest) {
  const auto config = guest.read_config();
  if (!config) return config.error();
  // A stub that stands in for a container that is being destroyed has nothing but its lock.
  const auto lock = config->requested.find("lock");
  if (lock != config->requested.end() && lock->second == "destroyed") return Done{};
  if (!carries_owner_tag(config->requested)) {
    return Error{ErrorCode::conflict,
                 "it does not carry the tag aegisctl, so it is not ours to destroy"};
  }
  const auto protection = config->requested.find("protection");
  const bool is_protected =
      protection != config->requested.end() && as_bool(protection->second).value_or(false);
  if (!is_protected) return Done{};
  return Error{
      ErrorCode::rejected,
      fmt::format("it is protected. Apply `protection: false` to it first, or run `pct set "
                  "{} --protection 0` on the host",
                  guest.vmid())};
}

GuestCalls::Change power_change(const GuestCalls& guest,
                                std::string_view verb,
                                std::string_view task_type,
                                Form form,
                                bool running_at_end) {
  GuestCalls::Change change;
  change.task_type = task_type;
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

Result<Json> start_container(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects);
  return guest.make(power_change(guest, "start", "vzstart", {}, true));
}

Result<Json> shut_container_down(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects);
  if (get(step.input, "for_removal") == true) {
    const auto removable = check_removable(guest);
    if (!removable && is_missing_container(removable.error())) return Json::object();
    if (!removable) return guest.explained(removable.error());
  }
  Form form{{"timeout", patience_of(step)}, {"forceStop", "1"}};
  return guest.make(power_change(guest, "shutdown", "vzshutdown", std::move(form), false));
}

Result<Json> reboot_container(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects);
  GuestCalls::Change change;
  change.task_type = "vzreboot";
  change.is_done = [&]() -> Result<bool> {
    const auto config = guest.read_config();
    if (!config) return config.error();
    const auto running = guest.is_running();
    if (!running) return running.error();
    return *running && !waits_for_restart(*config);
  };
  change.send = [&]() -> Result<Json> {
    const auto config = guest.read_config();
    if (!config) return config.error();
    const auto lock = config->requested.find("lock");
    if (lock != config->requested.end()) {
      return Error{ErrorCode::conflict, fmt::format("CT is locked ({})", lock->second)};
    }
    const auto running = guest.is_running();
    if (!running) return running.error();
    // Somebody stopped it: what waited is applied, and it only has to come up.
    if (!*running) return guest.api().post(guest.path("/status/start"), {});
    return guest.api().post(guest.path("/status/reboot"), {{"timeout", patience_of(step)}});
  };
  return guest.make(change);
}

Result<Json> destroy_container(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects);
  GuestCalls::Change change;
  change.task_type = "vzdestroy";
  change.is_done = [&]() -> Result<bool> {
    const auto removable = check_removable(guest);
    if (removable) return false;
    if (is_missing_container(removable.error())) return true;
    return removable.error();
  };
  change.send = [&] { return guest.api().remove(guest.path(), {{"purge", "1"}}); };
  return guest.make(change);
}

}  // namespace aegis::proxmox
