#include "kinds/proxmox/container_perform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_change.h"
#include "kinds/proxmox/guest_power.h"

namespace aegis::proxmox {
namespace {

using Operation = Result<Json> (*)(const Step&, Effects&);

Result<Json> check_template(const Step& step, Effects& effects) {
  const std::string image = text_or(step.input, "template");
  const std::string storage = image.substr(0, image.find(':'));
  if (image.empty()) {
    return Error{ErrorCode::rejected, "there is no template to make the container from"};
  }
  const ApiClient api(effects, text_or(step.input, "endpoint"));
  const auto files = api.get(api_path(fmt::format("/nodes/{}/storage/{}/content?content=vztmpl",
                                                  percent_encode(text_or(step.input, "node")),
                                                  percent_encode(storage))));
  if (!files) return files.error().in_context("looking for " + image);
  const bool found = std::any_of(files->begin(), files->end(), [&](const Json& file) {
    return text_or(file, "volid") == image;
  });
  if (found) return Json::object();
  return Error{ErrorCode::not_found,
               fmt::format("{} is not on the host, so nothing was destroyed for it", image)};
}

template <Result<Json> (*Function)(const Step&, Effects&, const GuestSystem&)>
Result<Json> on_container(const Step& step, Effects& effects) {
  return Function(step, effects, container_system());
}

constexpr std::array<std::pair<std::string_view, Operation>, 8> k_operations{{
    {"check_template", check_template},
    {"create", create_container},
    {"configure", on_container<configure_guest>},
    {"resize", on_container<resize_guest_disk>},
    {"start", on_container<start_guest>},
    {"shutdown", on_container<shut_guest_down>},
    {"reboot", on_container<reboot_guest>},
    {"destroy", on_container<destroy_guest>},
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
