#include "kinds/proxmox/guest_change.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/property_string.h"

namespace aegis::proxmox {
namespace {

bool has_key(const Json& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool is_configured(const Json& input, const LiveConfig& config, const GuestSystem& system) {
  for (const auto& [key, value] : get(input, "set").items()) {
    const auto present = config.requested.find(key);
    if (present == config.requested.end()) return false;
    if (!system.fulfils(key, as_text(value), present->second)) return false;
  }
  const Json& removed = get(input, "delete");
  const Json& reverted = get(input, "revert");
  const bool is_there =
      std::any_of(config.requested.begin(), config.requested.end(), [&](const auto& entry) {
        return has_key(removed, entry.first);
      });
  const bool waits = std::any_of(config.waiting.begin(),
                                 config.waiting.end(),
                                 [&](const std::string& key) { return has_key(reverted, key); });
  return !is_there && !waits;
}

Form form_of(const Json& input, const std::string& digest) {
  Form form;
  for (const auto& [key, value] : get(input, "set").items()) form.emplace_back(key, as_text(value));
  for (const std::string_view list : {"delete", "revert"}) {
    const Json& keys = get(input, list);
    if (!keys.empty()) form.emplace_back(list, join(keys.get<std::vector<std::string>>(), ","));
  }
  if (!digest.empty()) form.emplace_back("digest", digest);
  return form;
}

}  // namespace

Result<Json> configure_guest(const Step& step, Effects& effects, const GuestSystem& system) {
  const GuestCalls guest(step, effects, system);
  std::string digest = text_or(step.input, "digest");
  GuestCalls::Change change;
  // With the plan's digest the call itself finds out whether the guest is still the same.
  change.look_first = digest.empty();
  if (system.configures_by_task) change.task_type = system.task_type("config");
  change.is_done = [&]() -> Result<bool> {
    const auto config = guest.read_config();
    if (!config) return config.error();
    if (text_or(step.input, "digest").empty()) digest = config->digest;
    return is_configured(step.input, *config, system);
  };
  change.send = [&] {
    const Form form = form_of(effects.vault.reveal_all(step.input), digest);
    const bool as_root = get(step.input, "as_root") == true;
    const std::string path = guest.path("/config");
    return system.configures_by_task ? guest.api().post(path, form, as_root)
                                     : guest.api().put(path, form, as_root);
  };
  return guest.make(change);
}

Result<Json> resize_guest_disk(const Step& step, Effects& effects, const GuestSystem& system) {
  const GuestCalls guest(step, effects, system);
  const std::string disk = text_or(step.input, "disk");
  const std::int64_t size = as_integer(get(step.input, "size")).value_or(0);
  GuestCalls::Change change;
  change.task_type = "resize";
  change.is_done = [&]() -> Result<bool> {
    const auto config = guest.read_config();
    if (!config) return config.error();
    const auto text = config->current.find(disk);
    if (text == config->current.end()) {
      return Error{ErrorCode::not_found, fmt::format("it has no {}", disk)};
    }
    const auto present = size_of(text->second);
    return present && *present >= size;
  };
  change.send = [&] {
    Form form{{"disk", disk}, {"size", print_size(size)}};
    const std::string digest = text_or(step.input, "digest");
    if (!digest.empty()) form.emplace_back("digest", digest);
    return guest.api().put(guest.path("/resize"), form);
  };
  return guest.make(change);
}

}  // namespace aegis::proxmox
