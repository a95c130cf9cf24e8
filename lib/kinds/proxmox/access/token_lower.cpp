#include <fmt/format.h>

#include "kinds/proxmox/access/token_parts.h"

namespace aegis::proxmox {

std::vector<Step> lower_token(const Lowering& lowering) {
  const std::string endpoint = text_or(lowering.scope.settings, "endpoint");
  const std::string& name = lowering.change.address.name;
  std::vector<Step> steps;
  const auto add = [&](std::string_view operation, std::string title) {
    Step step;
    step.id = static_cast<StepId>(steps.size()) + 1;
    if (!steps.empty()) step.after = {step.id - 1};
    step.address = lowering.change.address;
    step.operation = operation;
    step.title = std::move(title);
    step.lane = fmt::format("{}/access", endpoint);
    step.input = lowering.wanted.is_object() ? lowering.wanted : Json::object();
    step.input.erase("acl");
    step.input["endpoint"] = endpoint;
    step.input["name"] = name;
    steps.push_back(std::move(step));
  };
  const std::string file = text_or(lowering.wanted, "secret_file");
  const std::string making = fmt::format("create token {}, its secret into {}", name, file);
  const auto add_check = [&] {
    add("check", fmt::format("check that {} can be written", file));
    steps.back().prepares = true;
  };
  switch (lowering.change.action) {
    case Action::create:
      add_check();
      add("create", making);
      break;
    case Action::update:
      add("update", fmt::format("change token {}", name));
      break;
    case Action::adopt:
      add("update", fmt::format("adopt token {}", name));
      break;
    case Action::replace:
      add_check();
      add("remove", fmt::format("remove token {}: its secret ends", name));
      add("create", making);
      break;
    case Action::remove:
      add("remove", fmt::format("remove token {}: its secret ends", name));
      break;
  }
  return steps;
}

}  // namespace aegis::proxmox
