#include "kinds/proxmox/backups/restore_steps.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "kinds/proxmox/backups/backup_step.h"
#include "kinds/proxmox/backups/restore_form.h"
#include "kinds/proxmox/backups/restore_perform.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/guest_observe.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::chrono::hours k_copying{24};
constexpr std::chrono::minutes k_starting{10};
constexpr const char* k_set_aside = "set aside";

Json form_json(const Form& form) {
  Json list = Json::array();
  for (const auto& [name, value] : form) list.push_back(Json::array({name, value}));
  return list;
}

std::string root_disk(const ConfigMap& config) {
  const auto found = config.find("rootfs");
  return found == config.end() ? std::string() : volume_of(found->second);
}

}  // namespace

RestoreSteps::RestoreSteps(const Scope& scope, const Resource& container, std::int64_t spare_vmid)
    : scope_(scope),
      container_(container),
      vmid_(vmid_of(container)),
      spare_vmid_(spare_vmid),
      as_root_(get(scope.settings, "root") != Json(false)) {}

void RestoreSteps::restore_beside(const ConfigMap& archived,
                                  const Spare& spare,
                                  bool is_there,
                                  bool starts) {
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

void RestoreSteps::set_aside(const Spare& spare, bool is_running, bool is_saved, bool is_waived) {
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

void RestoreSteps::put_in_place(const ConfigMap& archived,
                                const std::string& archive,
                                const ConfigMap& old) {
  Step& step =
      add(k_put_in_place, vmid_, fmt::format("restore {} as container {}", archive, vmid_));
  step.input["form"] = form_json(form_in_place(archived, archive));
  step.input["replaces"] = root_disk(old);
  step.timeout = k_copying;
  step.destroys_data = !old.empty();
  step.disruption = old.empty() ? Disruption::none : Disruption::recreate;
}

void RestoreSteps::note_in_place(Spare spare) {
  spare.in_place = true;
  add("configure", spare_vmid_, fmt::format("note on container {} how far it is", spare_vmid_))
      .input["set"] = {{"description", spare_text(spare)}};
}

void RestoreSteps::start(bool is_wanted) {
  if (!is_wanted) return;
  add("start", vmid_, fmt::format("start container {}", vmid_)).timeout = k_starting;
  add(k_stays_up, vmid_, fmt::format("see that container {} stays up", vmid_)).timeout = k_starting;
}

void RestoreSteps::remove_spare() {
  add(k_remove_spare, spare_vmid_, fmt::format("remove container {}", spare_vmid_)).timeout =
      k_starting;
}

Step& RestoreSteps::add(std::string_view operation, std::int64_t vmid, std::string title) {
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

void RestoreSteps::remove_spare_on_failure(const std::string& group) {
  for (Step& step : steps_) {
    step.group = group;
    if (step.operation == k_restore_beside) step.undo = k_remove_spare;
  }
}

}  // namespace aegis::proxmox
