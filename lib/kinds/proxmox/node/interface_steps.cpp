#include "kinds/proxmox/node/interface_steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "kinds/proxmox/node/interface_shape.h"

namespace aegis::proxmox {
namespace {

bool only_waits(const Change& change) {
  return change.action == Action::update && change.attributes.size() == 1 &&
         change.attributes.front().path == "pending";
}

Step step_for(const Lowering& lowering, std::string operation) {
  Step step;
  step.operation = std::move(operation);
  step.lane = fmt::format("{}/network", lowering.scope.name);
  step.group = step.lane;
  step.input = {{"endpoint", text_or(lowering.scope.settings, "endpoint")},
                {"node", text_or(lowering.scope.settings, "node")}};
  return step;
}

// What the live interface has and the wanted one has not.
Json taken_away(const Lowering& lowering) {
  Json names = Json::array();
  for (const std::string& name : removable_attributes()) {
    if (lowering.live.attributes.contains(name) && !lowering.wanted.contains(name)) {
      names.push_back(name);
    }
  }
  return names;
}

Step stage(const Lowering& lowering) {
  const std::string& name = lowering.change.address.name;
  Step step = step_for(lowering, "stage");
  step.id = 1;
  step.undo = "revert";
  step.input["name"] = name;
  step.input["wanted"] = lowering.wanted;
  const bool removes = lowering.wanted.is_null();
  step.title = fmt::format("stage {} {}", removes ? "the removal of" : "interface", name);
  if (!removes && lowering.live.exists) step.input["delete"] = taken_away(lowering);
  return step;
}

Step reload(const Lowering& lowering) {
  Step step = step_for(lowering, "reload");
  step.once = fmt::format("{}/reload", step.lane);
  step.title = "put the staged network in force";
  step.timeout = std::chrono::minutes(5);
  step.disruption = Disruption::reload;
  return step;
}

// Each after the one before.
void append(std::vector<Step>& steps, Step&& step) {
  step.id = static_cast<StepId>(steps.size()) + 1;
  if (!steps.empty()) step.after = {steps.back().id};
  steps.push_back(std::move(step));
}

Step in_group(Step&& step, const Step& reload) {
  step.lane = reload.lane;
  step.group = reload.group;
  return std::move(step);
}

}  // namespace

std::vector<Step> lower_interface(const Lowering& lowering) {
  std::vector<Step> steps;
  if (!only_waits(lowering.change)) append(steps, stage(lowering));
  Step in_force = reload(lowering);
  if (!can_be_taken_back(lowering.scope)) {
    append(steps, std::move(in_force));
    return steps;
  }
  in_force.undo = "put back";
  in_force.input["shell"] = shell_of(lowering.scope);
  Step last = in_group(confirm_step(network_take_back(), lowering.scope), in_force);
  append(steps, in_group(arm_step(network_take_back(), lowering.scope), in_force));
  append(steps, std::move(in_force));
  append(steps, std::move(last));
  return steps;
}

// Proxmox VE brings ifupdown2 along.
const TakeBack& network_take_back() {
  static const TakeBack k_network{
      "network", {"/etc/network/interfaces"}, "rm -f /etc/network/interfaces.new; ifreload -a"};
  return k_network;
}

}  // namespace aegis::proxmox
