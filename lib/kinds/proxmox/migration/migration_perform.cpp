#include "kinds/proxmox/migration/migration_perform.h"

#include <fmt/format.h>

#include "base/text.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_power.h"

namespace aegis::proxmox {
namespace {

// The step, made on the node that the guest leaves.
Step at_source(const Step& step) {
  Step there = step;
  there.input["node"] = get(step.input, "from");
  return there;
}

// Whether it has arrived; one that is still under way is locked where it comes from.
Result<bool> is_there(const GuestCalls& guest) {
  const auto config = guest.read_config();
  if (config) return !config->requested.contains("lock");
  if (is_missing_guest(config.error())) return false;
  return config.error();
}

Form migration_form(const Step& step, const GuestSystem& system) {
  const bool container = system.api_type == "lxc";
  const bool runs = get(step.input, "runs") == true;
  Form form{{"target", text_or(step.input, "node")}};
  std::vector<std::string> pairs;
  for (const auto& [theirs, ours] : get(step.input, "storages").items()) {
    pairs.push_back(fmt::format("{}:{}", theirs, as_text(ours)));
  }
  // Volumes of storages that are not named stay on the storage of the same name.
  if (!pairs.empty())
    form.emplace_back(container ? "target-storage" : "targetstorage", join(pairs, ","));
  if (runs && container) {
    form.emplace_back("restart", "1");
    form.emplace_back("timeout", as_text(get(step.input, "patience")));
  } else if (runs) {
    form.emplace_back("online", "1");
    form.emplace_back("with-local-disks", "1");
  }
  return form;
}

}  // namespace

Result<Json> migrate_guest(const Step& step, Effects& effects, const GuestSystem& system) {
  const GuestCalls target(step, effects, system);
  const GuestCalls source(at_source(step), effects, system);
  const std::string digest = text_or(step.input, "digest");
  GuestCalls::Change change;
  change.task_type = system.api_type == "lxc" ? "vzmigrate" : "qmigrate";
  change.is_done = [&] { return is_there(target); };
  change.send = [&]() -> Result<Json> {
    const auto config = source.read_config();
    if (!config) return config.error();
    // The call itself takes no digest.
    if (!digest.empty() && config->digest != digest) {
      return Error{ErrorCode::conflict, "detected modified configuration"};
    }
    return source.api().post(source.path("/migrate"), migration_form(step, system));
  };
  return source.make(change);
}

Result<Json> start_again(const Step& step, Effects& effects, const GuestSystem& system) {
  const Step there = at_source(step);
  const auto config = GuestCalls(there, effects, system).read_config();
  // It has moved after all: what is left is seen by the next plan.
  if (!config && is_missing_guest(config.error())) return Json::object();
  return start_guest(there, effects, system);
}

}  // namespace aegis::proxmox
