#include "kinds/proxmox/backups/recovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "kinds/proxmox/backups/backup_view.h"
#include "kinds/proxmox/guest_observe.h"
#include "kinds/proxmox/machine.h"

namespace aegis::proxmox {
namespace {

// A declared guest, and what is known of it so far.
struct Lost {
  const Resource& guest;
  const GuestSystem& system;
  HostQueries host;
  std::int64_t vmid;
  RestoreWish wish;

  Lost(const Desired& desired, const Resource& resource, const RecoveryWish& all)
      : guest(resource),
        system(resource.address.kind == "machine" ? machine_system() : container_system()),
        host(desired.scopes.find(resource.scope)->second),
        vmid(vmid_of(resource)),
        wish({.container = resource.address, .now = all.now}) {}

  [[nodiscard]] bool is_machine() const { return guest.address.kind == "machine"; }
};

bool is_guest(const Resource& resource) {
  return resource.address.kind == "container" || resource.address.kind == "machine";
}

std::vector<Lost> declared_guests(const Desired& desired, const RecoveryWish& wish) {
  std::vector<Lost> guests;
  for (const auto& [address, resource] : desired.resources) {
    if (is_guest(resource)) guests.emplace_back(desired, resource, wish);
  }
  return guests;
}

Result<Presence> presence(const Desired& desired, const Lost& lost, const Replies& replies) {
  if (!lost.is_machine()) return presence_of(desired, lost.wish, replies);
  const auto list = data_of(replies, lost.host.guests(), "the guests of the cluster");
  if (!list) return list.error();
  const bool is_there = std::any_of((*list)->begin(), (*list)->end(), [&](const Json& item) {
    return as_integer(get(item, "vmid")) == lost.vmid;
  });
  return is_there ? Presence::whole : Presence::absent;
}

// Nothing when there is no backup of it; fails when that is not sure.
Result<std::optional<Copy>> newest_backup(const Lost& lost, const Replies& replies) {
  const auto view = BackupView::read(lost.host, replies);
  if (!view) return view.error();
  const auto copies = view->of(lost.vmid, lost.system);
  if (const Copy* newest = newest_usable(copies)) return std::optional<Copy>(*newest);
  if (!copies.empty()) {
    return Error{
        ErrorCode::rejected,
        fmt::format("nothing can be restored from {}: {}", copies[0].name, copies[0].flaw)};
  }
  const auto unread = view->unread(lost.vmid);
  if (!unread.empty()) return unread.front();
  return std::optional<Copy>();
}

RestorePlan refused(const std::string& from, std::string why) {
  RestorePlan plan;
  plan.from = from;
  plan.refusal = std::move(why);
  return plan;
}

RestorePlan refused_machine(const Lost& lost, const Copy& copy) {
  return refused(copy.name,
                 fmt::format("Machines are not restored by aegisctl. On the server: qmrestore {} "
                             "{}. Then run this again.",
                             copy.name,
                             lost.vmid));
}

RestorePlan refused_as_empty(const Address& guest, const std::string& entry) {
  return refused("",
                 fmt::format("It is in the backup `{}`, and no backup of it is seen on any storage "
                             "of its server. To make it anew, empty: --without-backup {}",
                             entry,
                             to_string(guest)));
}

Result<RestorePlan> restore_of(const Desired& desired, const Lost& lost, const Replies& replies) {
  const auto facts = read_restore(desired, lost.wish, replies);
  if (!facts) return facts.error();
  return plan_restore(desired, lost.wish, *facts);
}

// Adds the steps of one restore, with numbers and groups of their own.
void append(Plan& all, const RestorePlan& restore) {
  const auto offset = static_cast<StepId>(all.steps.size());
  for (Step step : restore.plan.steps) {
    step.id += offset;
    for (StepId& before : step.after) before += offset;
    if (!step.group.empty()) step.group += " of " + to_string(step.address);
    all.steps.push_back(std::move(step));
  }
}

class Recoverer {
 public:
  Recoverer(const Desired& desired,
            const Backups& backups,
            const RecoveryWish& wish,
            const Replies& replies)
      : desired_(desired), backups_(backups), wish_(wish), replies_(replies) {}

  Result<Done> add(const Lost& lost) {
    const auto there = presence(desired_, lost, replies_);
    if (!there) return there.error();
    if (*there == Presence::whole) return Done{};
    if (*there == Presence::half) return add_restore(lost);
    const auto newest = newest_backup(lost, replies_);
    if (!newest) return newest.error();
    if (!*newest) return add_empty(lost.guest.address);
    if (lost.is_machine()) return add(lost.guest.address, refused_machine(lost, **newest));
    return add_restore(lost);
  }

  Recovery take() { return std::move(recovery_); }

 private:
  Result<Done> add(const Address& guest, RestorePlan restore) {
    note(guest, restore.from, restore.from_time);
    append(recovery_.plan, restore);
    recovery_.restores.emplace(guest, std::move(restore));
    return Done{};
  }

  Result<Done> add_restore(const Lost& lost) {
    auto restore = restore_of(desired_, lost, replies_);
    if (!restore) return restore.error();
    return add(lost.guest.address, std::move(*restore));
  }

  Result<Done> add_empty(const Address& guest) {
    const std::string entry = entry_of(backups_, guest);
    const auto& without = wish_.without;
    const bool may_be_empty =
        entry.empty() ||
        std::find(without.begin(), without.end(), to_string(guest)) != without.end();
    if (!may_be_empty) return add(guest, refused_as_empty(guest, entry));
    note(guest, "", 0);
    return Done{};
  }

  void note(const Address& guest, const std::string& from, std::int64_t time) {
    recovery_.guests.push_back({.guest = guest,
                                .from = from,
                                .from_time = time,
                                .rto = strictest(backups_, guest, &Backup::rto),
                                .rpo = strictest(backups_, guest, &Backup::rpo)});
  }

  const Desired& desired_;
  const Backups& backups_;
  const RecoveryWish& wish_;
  const Replies& replies_;
  Recovery recovery_;
};

}  // namespace

std::vector<Query> recovery_queries(const Desired& desired,
                                    const RecoveryWish& wish,
                                    const Replies& replies) {
  std::vector<Query> queries;
  const auto ask = [&](std::vector<Query> more) {
    std::move(more.begin(), more.end(), std::back_inserter(queries));
  };
  for (const Lost& lost : declared_guests(desired, wish)) {
    const auto there = presence(desired, lost, replies);
    const bool is_lost = there && *there != Presence::whole;
    if (lost.is_machine()) {
      queries.push_back(lost.host.guests());
      if (is_lost) ask(backup_queries(lost.host, replies));
    } else {
      ask(is_lost ? restore_queries(desired, lost.wish, replies)
                  : presence_queries(desired, lost.wish));
    }
  }
  return queries;
}

std::vector<std::string> before_guests(const Desired& desired) {
  std::map<Address, bool> needs_guest;
  const auto needs = [&](const auto& self, const Resource& resource) -> bool {
    const auto [known, is_new] = needs_guest.try_emplace(resource.address, is_guest(resource));
    if (!is_new || known->second) return known->second;
    return known->second = std::any_of(
               resource.depends_on.begin(), resource.depends_on.end(), [&](const Address& need) {
                 const auto found = desired.resources.find(need);
                 return found != desired.resources.end() && self(self, found->second);
               });
  };
  std::vector<std::string> found;
  for (const auto& [address, resource] : desired.resources) {
    const bool is_in_stack = desired.scopes.find(resource.scope)->second.type() == "stack";
    if (!is_in_stack && !needs(needs, resource)) found.push_back(to_string(address));
  }
  return found;
}

bool Recovery::is_refused() const {
  return std::any_of(restores.begin(), restores.end(), [](const auto& entry) {
    return !entry.second.refusal.empty();
  });
}

Result<Recovery> plan_recovery(const Desired& desired,
                               const Backups& backups,
                               const RecoveryWish& wish,
                               const Replies& replies) {
  Recoverer recoverer(desired, backups, wish, replies);
  for (const Lost& lost : declared_guests(desired, wish)) {
    if (const auto added = recoverer.add(lost); !added)
      return added.error().in_context(to_string(lost.guest.address));
  }
  return recoverer.take();
}

}  // namespace aegis::proxmox
