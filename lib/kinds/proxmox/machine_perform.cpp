#include "kinds/proxmox/machine_perform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/backups/backup_step.h"
#include "kinds/proxmox/content/template_file.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_change.h"
#include "kinds/proxmox/guest_clone.h"
#include "kinds/proxmox/guest_power.h"
#include "kinds/proxmox/machine_create.h"
#include "kinds/proxmox/migration/migration_perform.h"

namespace aegis::proxmox {
namespace {

using Operation = Result<Json> (*)(const Step&, Effects&);

Result<Json> check_images(const Step& step, Effects& effects) {
  const ApiClient api(effects, text_or(step.input, "endpoint"));
  for (const Json& image : get(step.input, "images")) {
    const auto found = expect_file(api, text_or(step.input, "node"), as_text(image), "");
    if (!found) return found.error();
  }
  return Json::object();
}

Result<Json> regenerate_cloudinit(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects, machine_system());
  GuestCalls::Change change;
  change.is_done = [&]() -> Result<bool> {
    const auto values = guest.api().get(guest.path("/cloudinit"));
    if (!values) return values.error();
    return std::none_of(values->begin(), values->end(), [](const Json& item) {
      return !get(item, "pending").is_null() || !get(item, "delete").is_null();
    });
  };
  change.send = [&] { return guest.api().put(guest.path("/cloudinit"), {}); };
  return guest.make(change);
}

template <Result<Json> (*Function)(const Step&, Effects&, const GuestSystem&)>
Result<Json> on_machine(const Step& step, Effects& effects) {
  return Function(step, effects, machine_system());
}

constexpr std::array<std::pair<std::string_view, Operation>, 13> k_operations{{
    {"check_images", check_images},
    {"create", create_machine},
    {"clone", on_machine<clone_guest>},
    {"complete", complete_clone},
    {"configure", on_machine<configure_guest>},
    {"resize", on_machine<resize_guest_disk>},
    {"regenerate", regenerate_cloudinit},
    {"start", on_machine<start_guest>},
    {"shutdown", on_machine<shut_guest_down>},
    {"reboot", on_machine<reboot_guest>},
    {"destroy", on_machine<destroy_guest>},
    {"migrate", on_machine<migrate_guest>},
    {k_back_up, on_machine<back_guest_up>},
}};

}  // namespace

Result<Json> perform_machine(const Step& step, const Outputs&, Effects& effects) {
  for (const auto& [name, operation] : k_operations) {
    if (name == step.operation) return operation(step, effects);
  }
  return Error{ErrorCode::rejected,
               fmt::format("a virtual machine has no operation called {}", step.operation)};
}

}  // namespace aegis::proxmox
