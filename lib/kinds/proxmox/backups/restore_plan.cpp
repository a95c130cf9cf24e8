#include "kinds/proxmox/backups/restore_plan.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/backups/backup_step.h"
#include "kinds/proxmox/backups/gaps.h"
#include "kinds/proxmox/backups/restore_form.h"
#include "kinds/proxmox/backups/restore_perform.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/guest_observe.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

using std::chrono::minutes;

constexpr std::chrono::hours k_copying{24};
constexpr minutes k_starting{10};
constexpr const char* k_set_aside = "set aside";

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

// Collects the steps, each after the one before.
class RestoreSteps {
 public:
  RestoreSteps(const Scope& scope, const Resource& container, std::int64_t spare_vmid)
      : scope_(scope),
        container_(container),
        vmid_(vmid_of(container)),
        spare_vmid_(spare_vmid),
        as_root_(get(scope.settings, "root") != Json(false)) {}

  void restore_beside(const ConfigMap& archived, const Spare& spare, bool is_there, bool starts) {
    if (!is_there) {
      Step& step =
          add(k_restore_beside,
              spare_vmid_,
              fmt::format("restore {} beside it, as container {}", spare.archive, spare_vmid_));
      step.input["form"] = form_json(form_beside(archived, spare));
      step.timeout = k_copying;
    }
    const auto stripped = keys_to_strip(archived);
    if (!stripped.empty()) {
      Step& step = add("configure",
                       spare_vmid_,
                       fmt::format("take {} off container {}", list_words(stripped), spare_vmid_));
      step.input["delete"] = stripped;
    }
    if (!starts) return;
    add(k_prove,
        spare_vmid_,
        fmt::format("see that container {} starts and stays up, without a network", spare_vmid_))
        .timeout = k_starting;
  }

  void set_aside(const Spare& spare, bool is_running, bool is_saved, bool is_waived) {
    const bool saves = !is_saved && !is_waived;
    if (is_running) {
      Step& step = add("shutdown", vmid_, fmt::format("shut container {} down", vmid_));
      step.timeout = k_starting;
      step.disruption = Disruption::reboot_container;
      // One that cannot be backed up goes on as it was.
      if (saves) step.undo = "start";
      if (saves) step.group = k_set_aside;
    }
    if (!saves) return;
    const std::string storage = spare.archive.substr(0, spare.archive.find(':'));
    Step& step =
        add(k_back_up, vmid_, fmt::format("back container {} up as it is, to {}", vmid_, storage));
    step.group = k_set_aside;
    step.input["storage"] = storage;
    step.input["form"] = form_json({{"storage", storage},
                                    {"mode", "stop"},
                                    {"compress", "zstd"},
                                    {"remove", "0"},
                                    {"protected", "1"},
                                    {"notes-template", set_aside_note(spare.of, spare.attempt)}});
    step.timeout = k_copying;
  }

  void put_in_place(const ConfigMap& archived, const std::string& archive, const ConfigMap& old) {
    Step& step =
        add(k_put_in_place, vmid_, fmt::format("restore {} as container {}", archive, vmid_));
    step.input["form"] = form_json(form_in_place(archived, archive));
    step.input["replaces"] = volume_of(value_in(old, "rootfs"));
    step.timeout = k_copying;
    step.destroys_data = !old.empty();
    step.disruption = old.empty() ? Disruption::none : Disruption::recreate;
  }

  void note_in_place(Spare spare) {
    spare.in_place = true;
    add("configure", spare_vmid_, fmt::format("note on container {} how far it is", spare_vmid_))
        .input["set"] = {{"description", spare_text(spare)}};
  }

  void start(bool is_wanted) {
    if (!is_wanted) return;
    add("start", vmid_, fmt::format("start container {}", vmid_)).timeout = k_starting;
    add(k_stays_up, vmid_, fmt::format("see that container {} stays up", vmid_)).timeout =
        k_starting;
  }

  void remove_spare() {
    add(k_remove_spare, spare_vmid_, fmt::format("remove container {}", spare_vmid_)).timeout =
        k_starting;
  }

  std::vector<Step> take() { return std::move(steps_); }

 private:
  static Json form_json(const Form& form) {
    Json list = Json::array();
    for (const auto& [name, value] : form) list.push_back(Json::array({name, value}));
    return list;
  }

  Step& add(std::string_view operation, std::int64_t vmid, std::string title) {
    Step step;
    step.id = static_cast<StepId>(steps_.size()) + 1;
    step.address = container_.address;
    step.operation = operation;
    step.title = std::move(title);
    step.input = {{"endpoint", get(scope_.settings, "endpoint")},
                  {"node", get(scope_.settings, "node")},
                  {"vmid", vmid},
                  {"as_root", as_root_}};
    if (!steps_.empty()) step.after = {steps_.back().id};
    steps_.push_back(std::move(step));
    return steps_.back();
  }

  const Scope& scope_;
  const Resource& container_;
  std::int64_t vmid_;
  std::int64_t spare_vmid_;
  bool as_root_;
  std::vector<Step> steps_;
};

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
