#include "kinds/proxmox/machine_perform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_change.h"
#include "kinds/proxmox/guest_power.h"
#include "kinds/proxmox/machine_create.h"

namespace aegis::proxmox {
namespace {

using Operation = Result<Json> (*)(const Step&, Effects&);

Result<Json> check_images(const Step& step, Effects& effects) {
  const ApiClient api(effects, text_or(step.input, "endpoint"));
  const std::string node = percent_encode(text_or(step.input, "node"));
  for (const Json& item : get(step.input, "images")) {
    const std::string image = as_text(item);
    const auto files = api.get(api_path(fmt::format(
        "/nodes/{}/storage/{}/content", node, percent_encode(image.substr(0, image.find(':'))))));
    if (!files) return files.error().in_context("looking for " + image);
    const bool found = std::any_of(files->begin(), files->end(), [&](const Json& file) {
      return text_or(file, "volid") == image;
    });
    if (found) continue;
    return Error{ErrorCode::not_found,
                 fmt::format("{} is not on the host, so nothing was destroyed for it", image)};
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

constexpr std::array<std::pair<std::string_view, Operation>, 11> k_operations{{
    {"check_images", check_images},
    {"create", create_machine},
    {"clone", clone_machine},
    {"complete", complete_clone},
    {"configure", on_machine<configure_guest>},
    {"resize", on_machine<resize_guest_disk>},
    {"regenerate", regenerate_cloudinit},
    {"start", on_machine<start_guest>},
    {"shutdown", on_machine<shut_guest_down>},
    {"reboot", on_machine<reboot_guest>},
    {"destroy", on_machine<destroy_guest>},
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
