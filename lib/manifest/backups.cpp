#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/units.h"
#include "manifest/calendar_event.h"
#include "manifest/data_backups.h"
#include "manifest/guests.h"
#include "manifest/schema.h"
#include "manifest/spec.h"

namespace aegis {
namespace {

constexpr std::string_view k_job_section = "jobs.backup";

// Fields that go into the job under another name; all others keep theirs.
struct Renamed {
  std::string_view field;
  std::string_view job_field;
};
constexpr std::array<Renamed, 2> k_renamed{
    {{"notes", "notes-template"}, {"keep", "prune-backups"}}};

// Fields that say what for; the job knows nothing of them.
bool is_for_us(std::string_view field) {
  return field == "of" || field == "rpo" || field == "rto";
}

std::string job_field(const std::string& path) {
  const std::size_t dot = path.find('.');
  const std::string field = path.substr(0, dot);
  const std::string rest = dot == std::string::npos ? "" : path.substr(dot + 1);
  for (const Renamed& renamed : k_renamed) {
    if (renamed.field != field) continue;
    return rest.empty() ? std::string(renamed.job_field)
                        : fmt::format("{}.keep-{}", renamed.job_field, rest);
  }
  return field == "of" ? "vmid" : path;
}

// Proxmox takes minutes alone too ("*/15", "mon..fri 5"), which systemd does not.
bool is_schedule(const std::string& text) {
  if (is_calendar_event(text)) return true;
  const std::size_t blank = text.rfind(' ');
  const std::string days = blank == std::string::npos ? "" : text.substr(0, blank + 1);
  std::string minutes = text.substr(days.size());
  if (minutes.find_first_not_of("0123456789*/,.") != std::string::npos) return false;
  if (minutes.starts_with("*/")) minutes.front() = '0';
  return is_calendar_event(fmt::format("{}*:{}", days, minutes));
}

// "weekly: 4" of `keep` is "keep-weekly: 4" in Proxmox.
Json retention_of(const Json& keep) {
  Json retention = Json::object();
  for (const auto& [period, count] : keep.items()) {
    if (count != false) retention["keep-" + period] = count == true ? Json(1) : count;
  }
  return retention;
}

// Fields that only backups of data have.
constexpr std::array<std::string_view, 10> k_of_data{"to",
                                                     "mountpoint",
                                                     "remote",
                                                     "encrypt",
                                                     "pause",
                                                     "timeout",
                                                     "delay",
                                                     "on_failure",
                                                     "on",
                                                     "restore"};

std::optional<std::chrono::seconds> objective(const Json& spec, const char* field) {
  const auto duration = parse_duration(text_or(spec, field));
  if (!duration) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(*duration);
}

class BackupReader {
 public:
  BackupReader(const YamlNode::Member& entry, Json spec, Reading& reading)
      : entry_(entry),
        spec_(std::move(spec)),
        places_(places_of(*entry.value)),
        reading_(reading) {}

  void read() {
    if (!is_right()) return;
    find_guests();
    check_schedule();
    check_retention();
    Backup backup;
    backup.storage = text_or(spec_, "storage");
    backup.rpo = objective(spec_, "rpo");
    backup.rto = objective(spec_, "rto");
    for (const auto& [scope, guests] : guests_) {
      Resource job = job_for(scope, guests);
      for (const Resource* guest : guests) backup.guests.push_back(guest->address);
      backup.jobs.emplace(scope, job.address);
      add(std::move(job));
    }
    std::sort(backup.guests.begin(), backup.guests.end());
    reading_.manifests.backups.emplace(entry_.key, std::move(backup));
  }

 private:
  [[nodiscard]] const SourceSpan& at(const std::string& path) const {
    const auto place = places_.find(path);
    return place == places_.end() ? entry_.key_where : place->second;
  }

  // What only data have is no field of guests, and guests need a storage.
  bool is_right() {
    for (const std::string_view field : k_of_data) {
      if (!spec_.contains(field)) continue;
      reading_.error(at(std::string(field)),
                     "a field of another kind of backup",
                     fmt::format("`{}` is about data, and this entry saves guests.", field));
      return false;
    }
    if (spec_.contains("of") && spec_.contains("storage")) return true;
    reading_.error(entry_.key_where,
                   "a required key is missing",
                   fmt::format("backups.{} needs `{}`. A backup of guests has `of` and `storage`, "
                               "one of data has `on`.",
                               entry_.key,
                               spec_.contains("of") ? "storage" : "of"));
    return false;
  }

  void find_guests() {
    std::set<Address> seen;
    const Json& list = get(spec_, "of");
    for (std::size_t i = 0; i < list.size(); ++i) {
      const SourceSpan& where = at(fmt::format("of[{}]", i));
      const Address address = parse_address(as_text(list[i])).value();
      const Resource* guest = find_guest(address, where, reading_);
      if (guest == nullptr) continue;
      if (seen.insert(address).second) {
        guests_[guest->scope].push_back(guest);
      } else {
        reading_.error(where,
                       "a guest is named twice",
                       fmt::format("{} is in this backup already.", to_string(address)));
      }
    }
  }

  void check_schedule() {
    if (is_schedule(text_or(spec_, "schedule"))) return;
    reading_.error(at("schedule"),
                   "not a schedule",
                   fmt::format("`{}` is no calendar event. For example: daily, 02:30, sun 02:00, "
                               "mon..fri 1,13:00.",
                               text_or(spec_, "schedule")));
  }

  void check_retention() {
    const Json& keep = get(spec_, "keep");
    if (!keep.is_object()) return;
    if (get(keep, "all") == true && keep.size() > 1) {
      reading_.error(at("keep.all"),
                     "`all` stands alone",
                     "With `all` every backup is kept, so nothing else can be said of how many.");
    }
    if (get(spec_, "protected") == true && get(keep, "all") != true) {
      reading_.warn(at("protected"),
                    "protected backups are never removed",
                    "`keep` says which backups stay, but Proxmox removes none that is protected, "
                    "and on many storages refuses more than five of them for a guest. Leave one of "
                    "the two out.");
    }
  }

  // In a cluster, jobs of all servers are in one list, so there each needs a name of its own.
  [[nodiscard]] std::string job_name(const std::string& scope) const {
    if (guests_.size() == 1) return entry_.key;
    return fmt::format("{}-{}", entry_.key, scope.substr(scope.find('/') + 1));
  }

  [[nodiscard]] Resource job_for(const std::string& scope,
                                 const std::vector<const Resource*>& guests) const {
    Resource job;
    job.address = {scope, "backup-job", job_name(scope)};
    job.scope = scope;
    job.where = entry_.key_where;
    job.spec = {{"compress", "zstd"}, {"notes-template", "{{guestname}}"}, {"vmid", Json::array()}};
    for (const auto& [field, value] : spec_.items()) {
      if (!is_for_us(field)) job.spec[job_field(field)] = value;
    }
    if (spec_.contains("keep")) job.spec["prune-backups"] = retention_of(spec_.at("keep"));
    for (const Resource* guest : guests) job.spec["vmid"].push_back(get(guest->spec, "vmid"));
    for (const auto& [path, place] : places_) job.places.emplace(job_field(path), place);
    return job;
  }

  void add(Resource job) {
    auto& resources = reading_.manifests.desired.resources;
    const auto [known, is_new] = resources.try_emplace(job.address, job);
    if (is_new) return;
    reading_.error(job.where,
                   "a backup job is declared twice",
                   fmt::format("`{}` would become {}, which `jobs.backup` of the server declares "
                               "already. Give one of them another name.",
                               entry_.key,
                               to_string(job.address)),
                   known->second.where);
  }

  const YamlNode::Member& entry_;
  Json spec_;
  std::map<std::string, SourceSpan, std::less<>> places_;
  Reading& reading_;
  std::map<std::string, std::vector<const Resource*>> guests_;  ///< by scope
};

// Jobs of ours that no entry makes any more have to be seen, on every server.
void manage_jobs(Reading& reading) {
  for (const auto& [name, server] : reading.manifests.connections.servers) {
    Scope& scope = reading.manifests.desired.scopes.find("server/" + name)->second;
    if (!scope.has_section(k_job_section)) scope.settings["sections"].push_back(k_job_section);
  }
}

}  // namespace

void read_backups(const YamlNode& section, Reading& reading) {
  manage_jobs(reading);
  const Json& schema = *member_schema(project_schema(), "backups");
  DataBackups data(reading);
  for (const YamlNode::Member& entry : section.members) {
    Json spec = to_spec(*entry.value, *member_schema(schema, entry.key), reading.vault);
    if (!DataBackups::is_one(spec)) {
      BackupReader(entry, std::move(spec), reading).read();
      continue;
    }
    data.read(entry, spec);
    const auto backup = reading.manifests.backups.find(entry.key);
    if (backup != reading.manifests.backups.end()) backup->second.rpo = objective(spec, "rpo");
  }
  data.finish();
}

}  // namespace aegis
