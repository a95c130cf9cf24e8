#include "kinds/proxmox/backups/verification.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/backups/archived_config.h"
#include "kinds/proxmox/backups/backup_view.h"
#include "kinds/proxmox/guest_observe.h"

namespace aegis::proxmox {
namespace {

Query config_in(const HostQueries& host, const std::string& volume) {
  return host.of_node("/vzdump/extractconfig?volume=" + percent_encode(volume));
}

// The guest with the server's answers.
struct Subject {
  const Resource& guest;
  HostQueries host;

  Subject(const Desired& desired, const Address& address)
      : guest(desired.resources.at(address)), host(desired.scopes.find(guest.scope)->second) {}
};

std::optional<Copy> newest_on(const BackupView& view,
                              const Resource& guest,
                              const std::string& storage) {
  const auto copies = view.of(vmid_of(guest), system_of(guest));
  const auto newest = std::find_if(copies.begin(), copies.end(), [&](const Copy& copy) {
    return copy.name.starts_with(storage + ":");
  });
  return newest == copies.end() ? std::nullopt : std::optional(*newest);
}

// What such a configuration cannot be without.
std::string problem_of(const ConfigMap& config, const Resource& guest) {
  if (config.contains(guest.address.kind == "container" ? "rootfs" : "memory")) return {};
  return guest.address.kind == "container"
             ? "its configuration has no root disk: it is not the backup of a container"
             : "its configuration has no memory: it is not the backup of a machine";
}

void verify(const Subject& subject,
            const std::string& storage,
            const Replies& replies,
            Verification& verification) {
  const auto view = BackupView::read(subject.host, replies);
  if (!view) {
    verification.problem = view.error();
    return;
  }
  const auto newest = newest_on(*view, subject.guest, storage);
  if (!newest) {
    const auto unread = view->unread(vmid_of(subject.guest));
    verification.problem =
        unread.empty() ? Error{ErrorCode::not_found, fmt::format("{} has no backup of it", storage)}
                       : unread.front();
    return;
  }
  verification.copy = *newest;
  if (!newest->flaw.empty()) {
    verification.problem = Error{ErrorCode::rejected, newest->flaw};
    return;
  }
  const auto text =
      data_of(replies, config_in(subject.host, newest->name), "the configuration in the backup");
  if (!text) {
    verification.problem = text.error();
    return;
  }
  const std::string problem = problem_of(parse_config_file(as_text(**text)), subject.guest);
  if (!problem.empty()) verification.problem = Error{ErrorCode::rejected, problem};
}

}  // namespace

std::vector<Query> verification_queries(const Desired& desired,
                                        const Backup& backup,
                                        const Replies& replies) {
  std::vector<Query> queries;
  for (const Address& address : backup.guests) {
    const Subject subject(desired, address);
    for (Query& query : backup_queries(subject.host, replies)) queries.push_back(std::move(query));
    const auto view = BackupView::read(subject.host, replies);
    if (!view) continue;
    const auto newest = newest_on(*view, subject.guest, backup.storage);
    if (newest && newest->flaw.empty()) queries.push_back(config_in(subject.host, newest->name));
  }
  return queries;
}

std::vector<Verification> verifications_of(const Desired& desired,
                                           const Backup& backup,
                                           const Replies& replies) {
  std::vector<Verification> verifications;
  for (const Address& address : backup.guests) {
    Verification& verification = verifications.emplace_back();
    verification.guest = address;
    verify(Subject(desired, address), backup.storage, replies, verification);
  }
  return verifications;
}

}  // namespace aegis::proxmox
