#include "kinds/proxmox/machine_create.h"

#include <fmt/format.h>

#include "base/text.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_clone.h"
#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/machine_shape.h"
#include "kinds/proxmox/machine_text.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

Form opened(const Json& form, const GuestCalls& guest) {
  const Json revealed = guest.api().effects().vault.reveal_all(form);
  Form fields;
  for (const auto& [key, value] : revealed.items()) {
    fields.emplace_back(key, as_text(value));
  }
  return fields;
}

bool is_as_made(const Json& form, const ConfigMap& config) {
  if (!is_ours(config)) return false;
  for (const auto& [key, value] : form.items()) {
    const auto present = config.find(key);
    const std::string read = present == config.end() ? "0" : present->second;
    if (!machine_fulfils(key, as_text(value), read)) return false;
  }
  return true;
}

// A password is never shown: what is there is the original's until the clone has its description.
void add_password(const ConfigMap& config, const Json& wanted, Json& rest) {
  const auto description = config.find("description");
  const bool is_originals =
      description != config.end() && description->second.starts_with(k_unfinished_clone);
  if (!is_originals) return;
  const Json& password = get(get(wanted, "cloudinit"), "password");
  if (!password.is_null()) {
    rest["set"]["cipassword"] = password;
  } else if (config.contains("cipassword")) {
    rest["delete"].push_back("cipassword");
  }
}

// What separates the clone from what is wanted: {set, delete}.
Json rest_of(const ConfigMap& config, const Json& wanted) {
  const Json present = shape_of_machine(spec_of_machine(config, wanted));
  Json rest{{"set", Json::object()}, {"delete", Json::array()}};
  std::set<std::string> keys = keys_in(wanted);
  for (const auto& [key, value] : config) {
    if (is_managed_machine_key(key)) keys.insert(key);
  }
  keys.erase("cipassword");
  for (const std::string& key : keys) {
    if (part_of_machine(present, key) == part_of_machine(wanted, key)) continue;
    const auto live = config.find(key);
    const auto text = machine_text(key, wanted, live == config.end() ? "" : live->second);
    if (text) {
      rest["set"][key] = *text;
    } else if (live != config.end()) {
      rest["delete"].push_back(key);
    }
  }
  add_password(config, wanted, rest);
  return rest;
}

}  // namespace

Result<Json> create_machine(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects, machine_system());
  const Json& form = get(step.input, "form");
  GuestCalls::Change making;
  making.task_type = machine_system().task_type("create");
  making.is_done = [&]() -> Result<bool> {
    const auto waited = wait_while_made(guest, guest.vmid());
    if (!waited) return waited.error();
    const auto config = guest.read_config();
    if (config) return is_as_made(form, config->requested);
    if (is_missing_guest(config.error())) return false;
    return config.error();
  };
  making.send = [&] {
    Form fields = opened(form, guest);
    fields.emplace_back("vmid", fmt::format("{}", guest.vmid()));
    return guest.api().post(api_path(fmt::format("/nodes/{}/qemu", percent_encode(guest.node()))),
                            fields,
                            get(step.input, "as_root") == true);
  };
  return made_or_taken(guest.make(making));
}

Result<Json> complete_clone(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects, machine_system());
  Json rest;
  std::string digest;
  GuestCalls::Change change;
  change.task_type = machine_system().task_type("config");
  change.is_done = [&]() -> Result<bool> {
    const auto config = guest.read_config();
    if (!config) return config.error();
    digest = config->digest;
    rest = rest_of(config->requested, get(step.input, "wanted"));
    return rest["set"].empty() && rest["delete"].empty();
  };
  change.send = [&] {
    Form fields = opened(rest["set"], guest);
    const auto removed = rest["delete"].get<std::vector<std::string>>();
    if (!removed.empty()) fields.emplace_back("delete", join(removed, ","));
    fields.emplace_back("digest", digest);
    return guest.api().post(guest.path("/config"), fields, get(step.input, "as_root") == true);
  };
  auto first = guest.make(change);
  if (!first) return first;
  // Proxmox adds new CD-ROM drives to the boot order: that is put right when they are there.
  return guest.make(change);
}

}  // namespace aegis::proxmox
