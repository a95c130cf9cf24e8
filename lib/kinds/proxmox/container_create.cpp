#include <fmt/format.h>

#include "base/text.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/container_perform.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_clone.h"

namespace aegis::proxmox {
namespace {

// What a call takes and no configuration shows.
bool is_only_for_making(std::string_view key) {
  return key == "ostemplate" || key == "password" || key == "ssh-public-keys";
}

bool is_as_made(const Json& form, const ConfigMap& config) {
  if (!carries_owner_tag(config)) return false;
  for (const auto& [key, value] : form.items()) {
    if (is_only_for_making(key)) continue;
    const auto present = config.find(key);
    const std::string read = present == config.end() ? "0" : present->second;
    if (!fulfils(key, as_text(value), read)) return false;
  }
  return true;
}

Form opened_form(const Json& form, const GuestCalls& guest) {
  const Json open = guest.api().effects().vault.reveal_all(form);
  Form fields{{"vmid", fmt::format("{}", guest.vmid())}};
  for (const auto& [key, value] : open.items()) {
    if (value.is_array()) {
      std::vector<std::string> lines;
      for (const Json& line : value) lines.push_back(as_text(line));
      fields.emplace_back(key, join(lines, "\n"));
    } else {
      fields.emplace_back(key, as_text(value));
    }
  }
  return fields;
}

// Whether it is there as it should be. One that is half there is waited for: an earlier run may
// have been cut off while it was made, or while its predecessor was destroyed.
Result<bool> is_made(const GuestCalls& guest, const Json& form) {
  auto config = guest.read_config();
  if (config && config->requested.contains("lock")) {
    const auto waited = guest.wait_for_running_task({});
    if (!waited) return waited.error();
    config = guest.read_config();
  }
  if (config) return is_as_made(form, config->requested);
  if (is_missing_guest(config.error())) return false;
  return config.error();
}

}  // namespace

Result<Json> create_container(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects, container_system());
  const Json& form = get(step.input, "form");
  const bool as_root = get(step.input, "as_root") == true;
  GuestCalls::Change making;
  making.task_type = "vzcreate";
  making.is_done = [&] { return is_made(guest, form); };
  making.send = [&] {
    return guest.api().post(api_path(fmt::format("/nodes/{}/lxc", percent_encode(guest.node()))),
                            opened_form(form, guest),
                            as_root);
  };
  return made_or_taken(guest.make(making));
}

}  // namespace aegis::proxmox
