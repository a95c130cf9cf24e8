#include "kinds/os/data_restore.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "base/shell_words.h"
#include "base/text.h"
#include "base/units.h"
#include "kinds/os/data_backups.h"
#include "kinds/os/place.h"
#include "kinds/os/scripts.h"

namespace aegis::os {
namespace {

constexpr std::chrono::hours k_patience{24};

// `name` and `volumes` stand before it.
constexpr std::string_view k_look = R"sh(state=/var/lib/aegisctl/backup/$name
work=$state/restore
[ ! -s "$work/copy" ] || {
  sed -e '1s/^/begun\t/' -e '2s/^/stamp\t/' "$work/copy"
  sed 's/^/item\t/' "$work/items"
  [ ! -e "$work/swapping" ] || echo swapping
}
[ ! -s "$state/took" ] || sed 's/^/took\t/' "$state/took"
[ ! -d "$to" ] || find "$to" -mindepth 2 -maxdepth 2 -path '*/[0-9]*T[0-9]*Z/*.dump*' ! -name '*.size*' -printf 'database\t%f\n' | sed 's/\.dump.*//' | sort -u
for volume in $volumes; do
  docker ps --filter "volume=$volume" --format '{{.Names}}' 2> /dev/null | sed 's/^/user\t/'
done
exit 0
)sh";

constexpr std::string_view k_word = R"sh(script=$1
shift
exec sh "$script" "$@"
)sh";

const DataBackup& backup_of(const Backups& backups, const DataRestoreWish& wish) {
  return *backups.at(wish.entry).data;
}

Query look_query(const Scope& scope, const DataBackup& backup, const DataRestoreWish& wish) {
  std::vector<std::string> volumes;
  if (backup.source == "volumes") {
    for (const DataItem& item : backup.items) volumes.push_back(item.name);
  }
  return {Query::Type::facts,
          text_or(scope.settings, "shell"),
          fmt::format("set -u\nname={}\nto={}\nvolumes={}\n{}",
                      quote_word(wish.entry),
                      quote_word(backup.folder),
                      quote_word(join(volumes, " ")),
                      k_look)};
}

Backups only_entry(const Backups& backups, const DataRestoreWish& wish) {
  return {{wish.entry, backups.at(wish.entry)}};
}

void take_begun(const std::vector<std::string>& fields, std::optional<BegunRestore>& begun) {
  if (fields.front() == "begun") begun = BegunRestore{fields.back(), "", {}};
  if (!begun) return;
  if (fields.front() == "stamp") begun->stamp = fields.back();
  if (fields.front() == "item") begun->items.push_back(fields.back());
  if (fields.front() == "swapping") begun->is_swapping = true;
}

std::string at_text(std::int64_t at) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::sys_seconds{std::chrono::seconds(at)});
}

/// From what is there to the steps.
class Planner {
 public:
  Planner(const Scope& scope,
          const DataBackup& backup,
          const DataRestoreWish& wish,
          const DataRestoreFacts& facts)
      : scope_(scope), backup_(backup), wish_(wish), facts_(facts) {}

  DataRestorePlan plan() {
    choose_items();
    choose_copy();
    plan_.refusal = objection();
    if (!plan_.refusal.empty()) return std::move(plan_);
    add_steps();
    add_notes();
    return std::move(plan_);
  }

 private:
  [[nodiscard]] bool goes_on() const {
    if (!facts_.begun) return false;
    const bool names_nothing = wish_.items.empty() && wish_.from.empty() && !wish_.at;
    return names_nothing || (chosen_ == facts_.begun->from && names() == facts_.begun->items);
  }

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const DataItem& item : items_) names.push_back(item.name);
    return names;
  }

  // What is declared; of databases that are not, those of the copies. A restore of all databases
  // leaves the one that PostgreSQL's own tools connect to.
  void choose_items() {
    std::vector<DataItem> known = backup_.items;
    if (backup_.source == "postgres" && known.empty()) {
      for (const std::string& name : facts_.databases) {
        const bool is_meant = !wish_.items.empty() || name != "postgres";
        if (is_meant) known.push_back({name, name});
      }
    }
    if (backup_.source == "command") known = {{"files", "files"}};
    for (const DataItem& item : known) {
      const bool is_meant = wish_.items.empty() ||
                            std::count(wish_.items.begin(), wish_.items.end(), item.declared) > 0;
      if (is_meant) items_.push_back(item);
    }
    for (const std::string& wanted : wish_.items) {
      const bool is_known = std::any_of(known.begin(), known.end(), [&](const DataItem& item) {
        return item.declared == wanted;
      });
      if (!is_known) unknown_ = wanted;
    }
  }

  void choose_copy() {
    if (backup_.source == "git") {
      chosen_ = !wish_.from.empty() ? wish_.from : wish_.at ? at_text(*wish_.at) : "latest";
    } else if (wish_.from.empty()) {
      const auto found =
          std::find_if(facts_.copies.begin(), facts_.copies.end(), [&](const Copy& copy) {
            return !wish_.at || copy.time <= *wish_.at;
          });
      if (found != facts_.copies.end()) chosen_ = found->name;
      if (chosen_.empty() && !backup_.remote.empty() && !wish_.at) chosen_ = "latest";
    } else {
      chosen_ = wish_.from;
    }
    plan_.from = goes_on() ? facts_.begun->from : chosen_;
  }

  [[nodiscard]] bool is_here(const std::string& copy) const {
    return std::any_of(facts_.copies.begin(), facts_.copies.end(), [&](const Copy& known) {
      return known.name == copy;
    });
  }

  [[nodiscard]] std::string objection() const {
    const std::string name = "backup/" + wish_.entry;
    if (!facts_.is_installed) {
      return fmt::format("The script of {} is not on {} yet. Apply it first: aegisctl apply.",
                         name,
                         to_string(backup_.system));
    }
    if (facts_.begun && facts_.begun->is_swapping && !goes_on()) {
      return fmt::format(
          "A restore from {} was cut in the middle of its swap. End it first: aegisctl restore {}.",
          facts_.begun->from,
          name);
    }
    if (goes_on()) return {};
    if (!unknown_.empty()) {
      return fmt::format("{} has no {}: it has {}.", name, unknown_, list_of_known());
    }
    if (backup_.source == "command" && !backup_.restore.has_replay) {
      return fmt::format(
          "How the files of {} are put back only a command knows: declare `restore.replay`. The "
          "copies are in {} of {}.",
          name,
          backup_.folder,
          to_string(backup_.system));
    }
    return objection_to_copy(name);
  }

  [[nodiscard]] std::string objection_to_copy(const std::string& name) const {
    if (backup_.source == "git") return {};
    if (chosen_.empty()) {
      return wish_.at ? fmt::format("{} has no copy from {} or before.", name, at_text(*wish_.at))
                      : fmt::format("{} has no copy in {}.", name, backup_.folder);
    }
    if (!is_here(chosen_) && backup_.remote.empty()) {
      return fmt::format("{} has no copy {}. `aegisctl backup list` shows them.", name, chosen_);
    }
    return {};
  }

  [[nodiscard]] std::string list_of_known() const {
    std::vector<std::string> known;
    for (const DataItem& item : backup_.items) known.push_back(item.declared);
    if (known.empty()) known = facts_.databases;
    return known.empty() ? "nothing" : list_words(known);
  }

  Step& add(const std::string& title, std::vector<std::string> words) {
    Step step;
    step.id = static_cast<StepId>(plan_.plan.steps.size()) + 1;
    if (step.id > 1) step.after = {step.id - 1};
    step.address = {scope_.name, "unit", fmt::format("backup-{}.service", wish_.entry)};
    step.operation = k_restore_data;
    step.title = title;
    step.timeout = k_patience;
    step.input = {{"shell", text_or(scope_.settings, "shell")},
                  {"script", backup_.script},
                  {"words", std::move(words)}};
    plan_.plan.steps.push_back(std::move(step));
    return plan_.plan.steps.back();
  }

  [[nodiscard]] std::string stamp() const { return goes_on() ? facts_.begun->stamp : wish_.now; }

  // One that goes on has its own things, whatever is declared by now.
  [[nodiscard]] std::vector<std::string> meant() const {
    if (goes_on()) return facts_.begun->items;
    return names();
  }

  void add_steps() {
    std::vector<std::string> open{"restore_open", plan_.from, stamp()};
    for (const std::string& item : meant()) open.push_back(item);
    const bool is_far = backup_.source != "git" && !is_here(plan_.from);
    add(backup_.source == "git" ? "begin"
        : is_far
            ? fmt::format(
                  "fetch the copy {} from {}, compare its checksums", plan_.from, backup_.remote)
            : fmt::format("compare the checksums of the copy {}", plan_.from),
        std::move(open));
    for (const std::string& item : meant()) {
      add(fmt::format("restore {} beside what is there, {}", item, proof()),
          {"restore_beside", item});
      if (backup_.restore.has_checks) {
        add(fmt::format("make the declared checks of {}", item), {"restore_check", item});
      }
      if (backup_.restore.has_replay) {
        add(fmt::format("replay on {}", item), {"restore_replay", item});
      }
    }
    if (backup_.source == "command") {
      add("clear up", {"restore_swap"});
      return;
    }
    const auto users = users_of();
    const std::string swap = fmt::format("swap {}", list_words(meant()));
    Step& step =
        add(users.empty() ? swap
                          : fmt::format("stop {}, {}, start them again", list_words(users), swap),
            {"restore_swap"});
    step.disruption = Disruption::restart_service;
  }

  [[nodiscard]] std::string proof() const {
    if (backup_.source == "postgres") return "count its rows";
    return backup_.source == "git" ? "check its objects" : "count its files";
  }

  [[nodiscard]] std::vector<std::string> users_of() const {
    std::vector<std::string> users = backup_.restore.stops;
    users.insert(users.end(), facts_.users.begin(), facts_.users.end());
    std::sort(users.begin(), users.end());
    users.erase(std::unique(users.begin(), users.end()), users.end());
    return users;
  }

  [[nodiscard]] std::string kept(const std::string& item) const {
    if (backup_.source == "volumes") {
      const std::string name = fmt::format("{}-kept-{}", item, stamp());
      return fmt::format("{} (docker volume rm {})", name, name);
    }
    if (backup_.source == "postgres") {
      std::string time = stamp();
      time.erase(std::remove(time.begin(), time.end(), '-'), time.end());
      constexpr std::size_t k_longest = 41;
      const std::string name = fmt::format("{}_kept_{}", item.substr(0, k_longest), time);
      return fmt::format("{} (drop database \"{}\")", name, name);
    }
    return fmt::format(
        "{}.aegisctl-kept-{} (rm -r; in the folder itself when something is mounted "
        "on it)",
        item,
        stamp());
  }

  void add_notes() {
    auto& notes = plan_.notes;
    if (goes_on())
      notes.emplace_back("This restore was begun before, and goes on.");
    else if (facts_.begun)
      notes.push_back(fmt::format("What an earlier restore from {} left beside is removed first.",
                                  facts_.begun->from));
    if (facts_.took) {
      notes.push_back(
          fmt::format("Making the newest copy took {}; bringing it back takes about as "
                      "long. Until the swap, all that is in use stays as it is.",
                      format_duration(std::chrono::seconds(*facts_.took))));
    }
    if (backup_.source == "command") return;
    for (const std::string& item : meant()) {
      notes.push_back(
          fmt::format("What {} is now stays as {} until somebody removes it.", item, kept(item)));
    }
    if (backup_.source == "git" && plan_.from != "latest") {
      notes.emplace_back(
          "The other end keeps its later commits: until they are merged or overwritten there, the "
          "next push is refused.");
    }
  }

  const Scope& scope_;
  const DataBackup& backup_;
  const DataRestoreWish& wish_;
  const DataRestoreFacts& facts_;
  std::vector<DataItem> items_;
  std::string unknown_;
  std::string chosen_;
  DataRestorePlan plan_;
};

}  // namespace

std::vector<Query> data_restore_queries(const Desired& desired,
                                        const Backups& backups,
                                        const DataRestoreWish& wish,
                                        const Replies& replies) {
  auto queries = data_backup_queries(desired, only_entry(backups, wish), replies);
  const DataBackup& backup = backup_of(backups, wish);
  const Scope& scope = system_of(desired, backup);
  const auto running = is_running(scope, replies);
  if (running && *running) queries.push_back(look_query(scope, backup, wish));
  return queries;
}

Result<DataRestoreFacts> read_data_restore(const Desired& desired,
                                           const Backups& backups,
                                           const DataRestoreWish& wish,
                                           const Replies& replies) {
  const DataBackup& backup = backup_of(backups, wish);
  const Scope& scope = system_of(desired, backup);
  const auto answer = answer_of(scope, look_query(scope, backup, wish), replies);
  if (!answer) return answer.error().in_context(scope.name);
  const auto coverage = data_coverage_of(desired, only_entry(backups, wish), replies);
  if (!coverage.front().unread.empty()) return coverage.front().unread.front();
  DataRestoreFacts facts;
  facts.is_installed = coverage.front().is_installed;
  facts.copies = coverage.front().copies;
  for (const std::string& line : split(*answer, '\n')) {
    const auto fields = split(line, '\t');
    if (fields.front() == "took") facts.took = as_integer(Json(fields.back()));
    if (fields.front() == "database") facts.databases.push_back(fields.back());
    if (fields.front() == "user") facts.users.push_back(fields.back());
    take_begun(fields, facts.begun);
  }
  return facts;
}

DataRestorePlan plan_data_restore(const Desired& desired,
                                  const Backups& backups,
                                  const DataRestoreWish& wish,
                                  const DataRestoreFacts& facts) {
  const DataBackup& backup = backup_of(backups, wish);
  return Planner(system_of(desired, backup), backup, wish, facts).plan();
}

Result<Json> perform_data_restore(const Step& step, Effects& effects) {
  ScriptCall call{k_word, {text_or(step.input, "script")}, ""};
  for (const Json& word : get(step.input, "words")) call.words.push_back(as_text(word));
  const auto done = run_script(call, step, effects);
  if (!done) return done.error();
  return Json::object();
}

}  // namespace aegis::os
