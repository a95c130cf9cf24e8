#include <fmt/format.h>

#include <algorithm>

#include "base/units.h"
#include "kinds/proxmox/guest_clone.h"
#include "kinds/proxmox/machine_config.h"
#include "kinds/proxmox/machine_steps.h"
#include "kinds/proxmox/machine_text.h"

namespace aegis::proxmox {
namespace {

constexpr std::chrono::minutes k_create_timeout{30};
constexpr std::chrono::minutes k_config_timeout{5};
constexpr std::chrono::minutes k_resize_timeout{10};

void add_create(const Lowering& lowering, StepChain& chain, std::int64_t vmid) {
  const Json& wanted = lowering.wanted;
  Json form = Json::object();
  for (const std::string& key : keys_in(wanted)) {
    if (const auto text = machine_text(key, wanted, "")) form[key] = *text;
  }
  const Json& password = get(get(wanted, "cloudinit"), "password");
  if (!password.is_null()) form["cipassword"] = password;
  Step& step = chain.add("create",
                         fmt::format("create virtual machine {}", vmid),
                         {{"form", std::move(form)}, {"as_root", sets_as_root(lowering.change)}});
  step.timeout = k_create_timeout;
}

void add_clone(const Lowering& lowering, StepChain& chain, std::int64_t vmid) {
  add_clone_step(lowering, chain, "name");
  chain
      .add("complete",
           fmt::format("make the clone {} what is declared", vmid),
           {{"wanted", lowering.wanted}, {"as_root", sets_as_root(lowering.change)}})
      .timeout = k_config_timeout;
}

// A copy has the size of what it was copied from until it is told another one.
void add_growth(const Lowering& lowering, StepChain& chain, std::int64_t vmid, bool is_clone) {
  const Json& disks = get(lowering.wanted, "disks");
  if (!disks.is_object()) return;
  for (const auto& [key, disk] : disks.items()) {
    const auto size = parse_size(as_text(get(disk, "size")));
    const bool copied = is_clone || disk.contains("import_from");
    if (!size || !copied) continue;
    chain
        .add("resize",
             fmt::format("grow {} of virtual machine {} to {}", key, vmid, format_size(*size)),
             {{"disk", key}, {"size", *size}})
        .timeout = k_resize_timeout;
  }
}

}  // namespace

void add_machine_creation(const Lowering& lowering, StepChain& chain) {
  const std::int64_t vmid = as_integer(get(lowering.wanted, "vmid")).value_or(0);
  const bool is_clone = !get(lowering.wanted, "clone").is_null();
  if (is_clone) {
    add_clone(lowering, chain, vmid);
  } else {
    add_create(lowering, chain, vmid);
  }
  add_growth(lowering, chain, vmid, is_clone);
}

}  // namespace aegis::proxmox
