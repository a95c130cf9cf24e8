#include "kinds/proxmox/container_perform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/backups/backup_step.h"
#include "kinds/proxmox/backups/restore_perform.h"
#include "kinds/proxmox/container_clone.h"
#include "kinds/proxmox/content/template_file.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_change.h"
#include "kinds/proxmox/guest_clone.h"
#include "kinds/proxmox/guest_power.h"
#include "kinds/proxmox/migration/migration_perform.h"
#include "kinds/proxmox/raw_lines.h"

namespace aegis::proxmox {
namespace {

using Operation = Result<Json> (*)(const Step&, Effects&);

Result<Json> check_template(const Step& step, Effects& effects) {
  const std::string image = text_or(step.input, "template");
  if (image.empty()) {
    return Error{ErrorCode::rejected, "there is no template to make the container from"};
  }
  const ApiClient api(effects, text_or(step.input, "endpoint"));
  const auto found = expect_file(api, text_or(step.input, "node"), image, "?content=vztmpl");
  return found ? Result<Json>(Json::object()) : found.error();
}

template <Result<Json> (*Function)(const Step&, Effects&, const GuestSystem&)>
Result<Json> on_container(const Step& step, Effects& effects) {
  return Function(step, effects, container_system());
}

constexpr std::array<std::pair<std::string_view, Operation>, 21> k_operations{{
    {"check_template", check_template},
    {"check_original", check_original},
    {"create", create_container},
    {"clone", on_container<clone_guest>},
    {"complete", complete_container_clone},
    {"configure", on_container<configure_guest>},
    {"resize", on_container<resize_guest_disk>},
    {"start", on_container<start_guest>},
    {"shutdown", on_container<shut_guest_down>},
    {"reboot", on_container<reboot_guest>},
    {"destroy", on_container<destroy_guest>},
    {"migrate", on_container<migrate_guest>},
    {"start_again", on_container<start_again>},
    {"write_raw_lines", write_raw_lines},
    {"write_raw_lines_back", write_raw_lines_back},
    {k_back_up, on_container<back_guest_up>},
    {k_restore_beside, restore_beside},
    {k_prove, prove_spare},
    {k_put_in_place, put_in_place},
    {k_stays_up, see_it_stay_up},
    {k_remove_spare, remove_spare},
}};

}  // namespace

Result<Json> perform_container(const Step& step, const Outputs&, Effects& effects) {
  for (const auto& [name, operation] : k_operations) {
    if (name == step.operation) return operation(step, effects);
  }
  return Error{ErrorCode::rejected,
               fmt::format("a container has no operation called {}", step.operation)};
}

}  // namespace aegis::proxmox
