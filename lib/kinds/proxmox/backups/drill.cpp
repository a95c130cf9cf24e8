#include "kinds/proxmox/backups/drill.h"

#include <fmt/format.h>

#include "kinds/proxmox/backups/restore_steps.h"

namespace aegis::proxmox {
namespace {

std::string objection_to(const RestoreFacts& facts, std::int64_t vmid) {
  if (!facts.spare_taken.empty())
    return fmt::format(
        "The number {}, which its drills have, is taken by {}.", vmid, facts.spare_taken);
  if (facts.has_raw_lines)
    return "The backup has raw `lxc.` lines, which may reach the host's own files: it is not "
           "started "
           "for a drill.";
  return {};
}

}  // namespace

RestorePlan plan_drill(const Desired& desired, const RestoreWish& wish, const RestoreFacts& facts) {
  const Resource& container = desired.resources.at(wish.container);
  const Scope& scope = desired.scopes.find(container.scope)->second;
  const std::int64_t vmid = spare_vmid_of(desired, wish);
  RestorePlan plan;
  plan.from = facts.chosen ? facts.chosen->name : "";
  plan.from_time = facts.chosen ? facts.chosen->time : 0;
  plan.refusal = objection_to(facts, vmid);
  if (!plan.refusal.empty()) return plan;
  const Spare spare{to_string(wish.container), plan.from, wish.now, false, true};
  RestoreSteps steps(scope, container, vmid);
  if (facts.spare) steps.remove_spare();
  steps.restore_beside(facts.archived, spare, false, true);
  steps.remove_spare();
  steps.remove_spare_on_failure(fmt::format("drill of {}", spare.of));
  plan.plan.steps = steps.take();
  return plan;
}

}  // namespace aegis::proxmox
