#include "kinds/proxmox/backups/backup_step.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "base/text.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_observe.h"
#include "kinds/proxmox/objects/backup_job.h"

namespace aegis::proxmox {
namespace {

// A terabyte to a Storage Box takes most of a day, and other backups may have to end first.
constexpr std::chrono::hours k_patience{24};

Step backup_step(const Scope& scope, const Resource& guest, const Json& job) {
  const std::string server = scope.name.substr(scope.name.find('/') + 1);
  const std::string storage = text_or(job, "storage");
  Step step;
  step.address = guest.address;
  step.operation = k_back_up;
  step.title = fmt::format("back {} up to {}", to_string(guest.address), storage);
  step.lane = fmt::format("proxmox/{}/vzdump", server);
  step.timeout = k_patience;
  step.input = {{"endpoint", get(scope.settings, "endpoint")},
                {"node", get(scope.settings, "node")},
                {"vmid", vmid_of(guest)},
                {"storage", storage},
                {"form", Json::array()}};
  for (const auto& [name, value] : one_shot_form(job)) {
    step.input["form"].push_back(Json::array({name, value}));
  }
  return step;
}

using Volumes = std::set<std::string>;

Result<Volumes> volumes_of(const GuestCalls& guest, const std::string& storage) {
  const auto list = guest.api().get(storage_path(
      guest.node(), storage, fmt::format("/content?content=backup&vmid={}", guest.vmid())));
  if (!list) return list.error().in_context("reading the backups");
  Volumes volumes;
  for (const Json& item : *list) volumes.insert(text_or(item, "volid"));
  return volumes;
}

// The one of `now` that was not there before.
std::string new_of(const Volumes& now, const Volumes& before) {
  for (const std::string& volume : now) {
    if (!before.contains(volume)) return volume;
  }
  return {};
}

}  // namespace

Plan backup_plan(const Desired& desired, const Backup& backup) {
  Plan plan;
  for (const Address& address : backup.guests) {
    const Resource& guest = desired.resources.at(address);
    const Scope& scope = desired.scopes.find(guest.scope)->second;
    const Resource& job = desired.resources.at(backup.jobs.at(guest.scope));
    plan.steps.push_back(backup_step(scope, guest, job.spec));
    plan.steps.back().id = static_cast<StepId>(plan.steps.size());
  }
  return plan;
}

Result<Json> back_guest_up(const Step& step, Effects& effects, const GuestSystem& system) {
  const GuestCalls guest(step, effects, system);
  const std::string storage = text_or(step.input, "storage");
  const auto before = volumes_of(guest, storage);
  if (!before) return guest.explained(before.error());
  std::string made;
  GuestCalls::Change change;
  change.look_first = false;
  change.task_type = "vzdump";
  change.is_done = [&]() -> Result<bool> {
    const auto now = volumes_of(guest, storage);
    if (!now) return now.error();
    made = new_of(*now, *before);
    return !made.empty();
  };
  change.send = [&] {
    Form form{{"vmid", fmt::format("{}", guest.vmid())}};
    for (const Json& field : get(step.input, "form")) {
      form.emplace_back(as_text(field.at(0)), as_text(field.at(1)));
    }
    return guest.api().post(api_path(fmt::format("/nodes/{}/vzdump", percent_encode(guest.node()))),
                            form);
  };
  auto result = guest.make(change);
  if (!result) return result;
  const auto there = change.is_done();
  if (!there) return guest.explained(there.error());
  if (!*there) {
    return guest.explained({ErrorCode::rejected,
                            fmt::format("the task ended well, and there is no new backup on {}. "
                                        "Is the guest on node {}?",
                                        storage,
                                        guest.node())});
  }
  (*result)["volume"] = made;
  return result;
}

}  // namespace aegis::proxmox
