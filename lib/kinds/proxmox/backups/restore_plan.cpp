#include "kinds/proxmox/backups/restore_plan.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/backups/gaps.h"
#include "kinds/proxmox/backups/restore_form.h"
#include "kinds/proxmox/backups/restore_steps.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/guest_observe.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

std::string value_in(const ConfigMap& config, const std::string& key) {
  const auto found = config.find(key);
  return found == config.end() ? std::string() : found->second;
}

std::string lost_parts(const ConfigMap& config) {
  std::vector<std::string> parts;
  for (const Gap& gap : gaps_of(config, container_system())) {
    if (gap.goes_with_guest) parts.push_back(gap.part);
  }
  return list_words(parts);
}

// An earlier restore was begun with another backup.
bool is_given_up(const RestoreWish& wish, const RestoreFacts& facts) {
  return facts.spare && !wish.from.empty() && wish.from != facts.spare->archive;
}

// While the container is there and the other backup too, its spare is one copy too many.
bool may_give_up(const RestoreFacts& facts) {
  const bool is_kept =
      std::any_of(facts.backups.begin(), facts.backups.end(), [&](const Copy& copy) {
        return copy.name == facts.spare->archive;
      });
  return facts.exists && !facts.spare->in_place && is_kept;
}

// Each says why it is not to be done; empty: nothing stands against it.
std::string objection_to_wish(const RestoreWish& wish,
                              const RestoreFacts& facts,
                              std::int64_t spare_vmid) {
  if (!facts.spare_taken.empty()) {
    return fmt::format(
        "The number {} is taken by {}. Give the spare container another one: "
        "--spare VMID.",
        spare_vmid,
        facts.spare_taken);
  }
  if (is_given_up(wish, facts) && !may_give_up(facts)) {
    return fmt::format(
        "A restore from {} was begun and not ended. Go on with it without --from; "
        "or remove its container {} on the server first.",
        facts.spare->archive,
        spare_vmid);
  }
  if (facts.chosen && !facts.chosen->flaw.empty() && wish.from.empty()) {
    return fmt::format("{}: {}.", facts.chosen->name, facts.chosen->flaw);
  }
  return {};
}

std::string objection_of_container(const RestoreWish& wish, const RestoreFacts& facts) {
  const std::string name = to_string(wish.container);
  const ConfigMap& config = facts.config.requested;
  if (!has_owner_tag(value_in(config, "tags"))) {
    return fmt::format(
        "{} exists and was not made by aegisctl. Adopt it first: aegisctl apply "
        "--adopt {}.",
        name,
        name);
  }
  if (value_in(config, "protection") == "1") {
    return fmt::format("{} is protected. Apply `protection: false` first.", name);
  }
  const std::string lost = lost_parts(config);
  if (!lost.empty() && !wish.without_backup) {
    return fmt::format(
        "What is in {} is in no backup, and Proxmox destroys it when {} is restored "
        "over. Move it away or set `backup: true` and apply; or let it go: "
        "--without-backup {}.",
        lost,
        name,
        name);
  }
  if (!facts.snapshots.empty() && !wish.drops_snapshots) {
    return fmt::format(
        "The {} of {} would be lost: no backup holds them. To let them go: "
        "--drop-snapshots.",
        count_of(facts.snapshots.size(), "snapshot"),
        name);
  }
  return {};
}

std::string objection_to(const Scope& scope,
                         const RestoreWish& wish,
                         const RestoreFacts& facts,
                         std::int64_t spare_vmid) {
  std::string objection = objection_to_wish(wish, facts, spare_vmid);
  const bool is_over = facts.spare && facts.spare->in_place;
  if (objection.empty() && facts.exists && !is_over) {
    objection = objection_of_container(wish, facts);
  }
  if (!objection.empty()) return objection;
  if (needs_root(facts.archived) && get(scope.settings, "root") == Json(false)) {
    return "The backup has bind mounts, which Proxmox lets only root@pam restore. Give the server "
           "an ssh: connection, or user: root@pam with a password:.";
  }
  return {};
}

void add_notes(const RestoreFacts& facts,
               const RestoreWish& wish,
               std::int64_t vmid,
               RestorePlan& plan) {
  if (facts.chosen) {
    const std::chrono::sys_seconds time{std::chrono::seconds(facts.chosen->time)};
    plan.notes.push_back(
        fmt::format("Container {} becomes what it was at {:%Y-%m-%d %H:%M} UTC.", vmid, time));
  }
  if (facts.exists) {
    plan.notes.emplace_back(
        wish.without_backup
            ? "What came later, and all that is in no backup, is lost."
            : "What came later stays in the backup that is made of it first: it is protected, and "
              "stays until somebody removes it.");
  }
  if (facts.has_raw_lines && facts.exists) {
    plan.notes.emplace_back(
        "The backup has raw `lxc.` lines, which may reach the host's own files: so the spare "
        "container is not started, and that it would start is not shown beforehand.");
  }
  for (const Error& error : facts.unread) {
    plan.notes.push_back(fmt::format("There may be a newer backup: {}", error.message));
  }
}

}  // namespace

RestorePlan plan_restore(const Desired& desired,
                         const RestoreWish& wish,
                         const RestoreFacts& facts) {
  const Resource& container = desired.resources.at(wish.container);
  const Scope& scope = desired.scopes.find(container.scope)->second;
  const std::int64_t spare_vmid = spare_vmid_of(desired, wish);
  RestorePlan plan;
  plan.from = facts.chosen ? facts.chosen->name : facts.spare ? facts.spare->archive : "";
  plan.from_time = facts.chosen ? facts.chosen->time : 0;
  plan.refusal = objection_to(scope, wish, facts, spare_vmid);
  if (!plan.refusal.empty()) return plan;
  RestoreSteps steps(scope, container, spare_vmid);
  const bool begins_anew = !facts.spare || is_given_up(wish, facts);
  const Spare spare =
      begins_anew ? Spare{to_string(wish.container), plan.from, wish.now, false} : *facts.spare;
  if (facts.spare && begins_anew) steps.remove_spare();
  if (!spare.in_place) {
    if (facts.exists) {
      steps.restore_beside(facts.archived, spare, !begins_anew, !facts.has_raw_lines);
      // One that ran again since then has more in it.
      const bool is_saved = !begins_anew && !facts.set_aside.empty() && !facts.is_running;
      steps.set_aside(spare, facts.is_running, is_saved, wish.without_backup);
    }
    steps.put_in_place(
        facts.archived, spare.archive, facts.exists ? facts.config.requested : ConfigMap());
    if (facts.exists || facts.spare) steps.note_in_place(spare);
    add_notes(facts, wish, vmid_of(container), plan);
  }
  steps.start(text_or(container.spec, "state", "started") != "stopped");
  if (facts.exists || facts.spare) steps.remove_spare();
  plan.plan.steps = steps.take();
  return plan;
}

}  // namespace aegis::proxmox
