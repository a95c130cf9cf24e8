#include "kinds/proxmox/backups/restore_reading.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/backups/archived_config.h"
#include "kinds/proxmox/backups/backup_view.h"
#include "kinds/proxmox/backups/coverage.h"
#include "kinds/proxmox/guest_observe.h"

namespace aegis::proxmox {
namespace {

constexpr std::int64_t k_spares = 900'000;
constexpr std::int64_t k_drills = 800'000;

// The container with its server's answers.
struct Subject {
  const Resource& container;
  HostQueries host;
  std::int64_t vmid;
  std::int64_t spare_vmid;
  bool is_drill;
  const Replies& replies;

  Subject(const Desired& desired, const RestoreWish& wish, const Replies& all)
      : container(desired.resources.at(wish.container)),
        host(desired.scopes.find(container.scope)->second),
        vmid(vmid_of(container)),
        spare_vmid(spare_vmid_of(desired, wish)),
        is_drill(wish.is_drill),
        replies(all) {}

  [[nodiscard]] Query config_of(std::int64_t guest) const {
    return host.pending(container_system(), guest);
  }

  [[nodiscard]] Query config_in(const std::string& archive) const {
    return host.of_node("/vzdump/extractconfig?volume=" + percent_encode(archive));
  }

  /// The cluster's entry of a guest, or null. Fails when the host did not tell.
  [[nodiscard]] Result<const Json*> entry_of(std::int64_t guest) const {
    static const Json k_none;
    const auto guests = data_of(replies, host.guests(), "the guests of the cluster");
    if (!guests) return guests.error();
    for (const Json& item : **guests) {
      if (as_integer(get(item, "vmid")) == guest) return &item;
    }
    return &k_none;
  }

  /// Nothing while it was not read.
  [[nodiscard]] std::optional<Spare> spare() const {
    const auto config = data_of(replies, config_of(spare_vmid), "the spare container");
    if (!config) return std::nullopt;
    auto spare = spare_in(parse_pending(**config).requested);
    if (!spare || spare->of != to_string(container.address)) return std::nullopt;
    if (spare->is_drill != is_drill) return std::nullopt;
    return spare;
  }
};

std::optional<Copy> choose(const std::vector<Copy>& backups, const std::string& from) {
  const auto chosen = std::find_if(backups.begin(), backups.end(), [&](const Copy& copy) {
    return from.empty() ? copy.flaw.empty() : copy.name == from;
  });
  return chosen == backups.end() ? std::nullopt : std::optional(*chosen);
}

// What was begun is gone on with.
std::string wanted_archive(const RestoreWish& wish, const std::optional<Spare>& spare) {
  return wish.from.empty() && spare ? spare->archive : wish.from;
}

Error no_backup(const Subject& subject, const RestoreWish& wish, const BackupView& view) {
  const auto unread = view.unread(subject.vmid);
  if (!unread.empty()) return unread.front();
  if (wish.from.empty()) {
    return {ErrorCode::not_found,
            fmt::format("{} has no backup that it could be restored from. Another server's backups "
                        "are seen once their storage is declared on this one.",
                        to_string(wish.container))};
  }
  return {ErrorCode::not_found,
          fmt::format("{} is no backup of {}. `aegisctl backup list --json` names them.",
                      wish.from,
                      to_string(wish.container))};
}

std::string note_of(const Subject& subject, const std::string& volume) {
  const auto files = data_of(subject.replies,
                             subject.host.files(volume.substr(0, volume.find(':')), "backup"),
                             "the backups");
  if (!files) return {};
  for (const Json& item : **files) {
    if (text_or(item, "volid") == volume) return text_or(item, "notes");
  }
  return {};
}

std::string set_aside_by(const Subject& subject, const RestoreFacts& facts) {
  if (!facts.spare) return {};
  const std::string note =
      set_aside_note(to_string(subject.container.address), facts.spare->attempt);
  for (const Copy& copy : facts.backups) {
    if (note_of(subject, copy.name) == note) return copy.name;
  }
  return {};
}

Result<Done> read_present(const Subject& subject, RestoreFacts& facts) {
  const auto entry = subject.entry_of(subject.vmid);
  if (!entry) return entry.error();
  facts.exists = !(*entry)->is_null();
  if (!facts.exists) return Done{};
  const bool is_ours_to_restore = text_or(**entry, "type") == container_system().api_type &&
                                  text_or(**entry, "node") == subject.host.node;
  if (!is_ours_to_restore) {
    return Error{ErrorCode::conflict,
                 fmt::format("{} is the number of another guest: {} on node {}",
                             subject.vmid,
                             text_or(**entry, "name", "one without a name"),
                             text_or(**entry, "node"))};
  }
  const auto config =
      data_of(subject.replies, subject.config_of(subject.vmid), "the container's configuration");
  if (!config) return config.error();
  facts.config = parse_pending(**config);
  const auto lock = facts.config.requested.find("lock");
  if (lock != facts.config.requested.end()) {
    facts.exists = lock->second != "create" && lock->second != "destroyed";
  }
  facts.is_running = text_or(**entry, "status") == "running";
  const auto snapshots = data_of(subject.replies,
                                 snapshots_query(subject.host, subject.container),
                                 "the container's snapshots");
  if (!snapshots) return snapshots.error();
  facts.snapshots = snapshots_in(**snapshots);
  return Done{};
}

Result<Done> read_spare(const Subject& subject, RestoreFacts& facts) {
  const auto entry = subject.entry_of(subject.spare_vmid);
  if (!entry) return entry.error();
  if ((*entry)->is_null()) return Done{};
  facts.spare = subject.spare();
  if (!facts.spare) facts.spare_taken = text_or(**entry, "name", "a guest without a name");
  return Done{};
}

// Who is there.
Result<Done> read_guests(const Subject& subject, RestoreFacts& facts) {
  if (auto read = read_present(subject, facts); !read) return read;
  return read_spare(subject, facts);
}

Result<Done> read_archive(const Subject& subject, const RestoreWish& wish, RestoreFacts& facts) {
  const auto view = BackupView::read(subject.host, subject.replies);
  if (!view) return view.error();
  facts.backups = view->of(subject.vmid, container_system());
  facts.unread = view->unread(subject.vmid);
  facts.chosen = choose(facts.backups, wanted_archive(wish, facts.spare));
  // Once it is in place it is no longer needed, and may have been pruned since.
  const bool is_used_up = facts.spare && facts.spare->in_place;
  if (!facts.chosen && is_used_up) return Done{};
  if (!facts.chosen) return no_backup(subject, wish, *view);
  const auto text = data_of(
      subject.replies, subject.config_in(facts.chosen->name), "the configuration in the backup");
  if (!text) return text.error();
  facts.archived = parse_config_file(as_text(**text));
  facts.has_raw_lines =
      std::any_of(facts.archived.begin(), facts.archived.end(), [](const auto& line) {
        return line.first.starts_with("lxc.");
      });
  if (!facts.archived.contains("rootfs")) {
    return Error{ErrorCode::rejected, fmt::format("{} has no root disk in it", facts.chosen->name)};
  }
  return Done{};
}

}  // namespace

std::int64_t spare_vmid_of(const Desired& desired, const RestoreWish& wish) {
  if (wish.spare_vmid != 0) return wish.spare_vmid;
  return (wish.is_drill ? k_drills : k_spares) + vmid_of(desired.resources.at(wish.container));
}

std::vector<Query> presence_queries(const Desired& desired, const RestoreWish& wish) {
  static const Replies k_none;
  const Subject subject(desired, wish, k_none);
  return {subject.host.guests(),
          subject.config_of(subject.vmid),
          subject.config_of(subject.spare_vmid),
          snapshots_query(subject.host, subject.container)};
}

Result<Presence> presence_of(const Desired& desired,
                             const RestoreWish& wish,
                             const Replies& replies) {
  const Subject subject(desired, wish, replies);
  RestoreFacts facts;
  if (const auto read = read_guests(subject, facts); !read) return read.error();
  if (facts.spare) return Presence::half;
  return facts.exists ? Presence::whole : Presence::absent;
}

std::vector<Query> restore_queries(const Desired& desired,
                                   const RestoreWish& wish,
                                   const Replies& replies) {
  const Subject subject(desired, wish, replies);
  std::vector<Query> queries = presence_queries(desired, wish);
  for (Query& query : backup_queries(subject.host, replies)) queries.push_back(std::move(query));
  const auto view = BackupView::read(subject.host, replies);
  if (!view) return queries;
  const auto chosen =
      choose(view->of(subject.vmid, container_system()), wanted_archive(wish, subject.spare()));
  if (chosen) queries.push_back(subject.config_in(chosen->name));
  return queries;
}

Result<RestoreFacts> read_restore(const Desired& desired,
                                  const RestoreWish& wish,
                                  const Replies& replies) {
  const Subject subject(desired, wish, replies);
  RestoreFacts facts;
  if (const auto read = read_guests(subject, facts); !read) return read.error();
  if (const auto read = read_archive(subject, wish, facts); !read) return read.error();
  facts.set_aside = set_aside_by(subject, facts);
  return facts;
}

}  // namespace aegis::proxmox
