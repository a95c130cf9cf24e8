#include "kinds/proxmox/backups/backup_rig.h"

#include <algorithm>
#include <utility>

#include "engine/apply.h"
#include "support/quiet_run.h"

namespace aegis::test {

BackupRig::BackupRig(const Json& more, simulator::SimulatorOptions options)
    : ContainerRig(std::move(options)) {
  want("web", container_spec(103, more));
  converge();
  backups["weekly"] = {.guests = {{"", "container", "web"}},
                       .jobs = {{"server/fsn1", {"server/fsn1", "backup-job", "weekly"}}},
                       .storage = "local",
                       .rpo = std::chrono::hours(24)};
}

std::string BackupRig::back_up(const std::string& storage) {
  clock().sleep_for(std::chrono::minutes(1));
  by_hand("POST", "/nodes/pve/vzdump", {{"vmid", "103"}, {"storage", storage}, {"remove", "0"}});
  get("/nodes/pve/tasks");  // its end
  const Json list = get("/nodes/pve/storage/" + storage + "/content?content=backup");
  return text_or(list.back(), "volid");
}

std::vector<std::string> BackupRig::archives() {
  std::vector<std::string> volumes;
  for (const Json& item : get("/nodes/pve/storage/local/content?content=backup")) {
    volumes.push_back(text_or(item, "volid"));
  }
  return volumes;
}

std::int64_t BackupRig::now() {
  const auto since = clock().now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

Asked BackupRig::ask(const NextQueries& next, Replies& replies) {
  return ask_all(next, effects().http, effects().shell, vault(), replies);
}

Report BackupRig::run(const Plan& plan, HttpTransport& http, std::stop_token stop) {
  const Effects doors{http, shell(), clock(), vault(), nullptr};
  const std::array<Kind, 1> kinds{container_kind()};
  NoJournal journal;
  NoObserver observer;
  return aegis::apply(plan, kinds, doors, journal, observer, std::move(stop), {4});
}

bool BackupRig::is_there(std::int64_t vmid) {
  const Json list = get("/nodes/pve/lxc");
  return std::any_of(list.begin(), list.end(), [&](const Json& item) {
    return as_integer(aegis::get(item, "vmid")) == vmid;
  });
}

}  // namespace aegis::test
