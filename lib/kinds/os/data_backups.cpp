#include "kinds/os/data_backups.h"

#include <fmt/format.h>

#include <map>

#include "base/shell_words.h"
#include "base/text.h"
#include "kinds/os/place.h"
#include "kinds/os/scripts.h"

namespace aegis::os {
namespace {

constexpr std::chrono::hours k_patience{24};

// What has the name of a copy is whole. A system without systemd tells of no failure.
constexpr std::string_view k_look = R"sh(set -u
LC_ALL=C
export LC_ALL
look() {
  printf 'entry\t%s\n' "$1"
  [ ! -f "$3" ] || printf 'installed\n'
  if [ -d "$2" ]; then
    find "$2" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort -r |
      grep -xE '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z' |
      while read -r copy; do
        time=$(date -u -d "$(printf '%s' "$copy" | sed -E 's/T(..)(..)(..)Z/ \1:\2:\3/')" +%s) || continue
        printf 'copy\t%s\t%s\t%s\n' "$copy" "$time" "$(du -sb -- "$2/$copy" | cut -f 1)"
      done
  fi
  pushed=/var/lib/aegisctl/backup/$1/pushed
  [ ! -f "$pushed" ] || printf 'pushed\t%s\n' "$(stat -c %Y -- "$pushed")"
  result=$(systemctl show -p Result -- "backup-$1.service" 2> /dev/null | sed -n 's/^Result=//p')
  case $result in '' | success) ;; *) printf 'failed\t%s\n' "$result" ;; esac
}
)sh";

constexpr std::string_view k_start = R"sh(systemctl start -- "$1" && exit 0
journalctl --unit="$1" --output=cat --lines=5 --no-pager >&2 || :
fail "the backup failed"
)sh";

constexpr std::string_view k_verify = R"sh(exec sh "$1" verify
)sh";

std::string scope_of(const DataBackup& backup) {
  return fmt::format(
      "{}/{}", backup.system.kind == "server" ? "host" : "guest", backup.system.name);
}

using Entries = std::map<std::string, std::vector<const Backups::value_type*>>;

Entries entries_by_scope(const Backups& backups) {
  Entries entries;
  for (const auto& entry : backups) {
    if (entry.second.data) entries[scope_of(*entry.second.data)].push_back(&entry);
  }
  return entries;
}

Query look_query(const Scope& scope, const std::vector<const Backups::value_type*>& entries) {
  std::string script(k_look);
  for (const auto* entry : entries) {
    const DataBackup& backup = *entry->second.data;
    script += fmt::format("look {} {} {}\n",
                          quote_word(entry->first),
                          quote_word(backup.source == "git" ? "/nonexistent" : backup.folder),
                          quote_word(backup.script));
  }
  return {Query::Type::facts, text_or(scope.settings, "shell"), script + "exit 0\n"};
}

void take_line(const std::vector<std::string>& fields, DataCoverage& coverage) {
  const auto number = [&](std::size_t field) {
    return as_integer(Json(fields[field])).value_or(0);
  };
  if (fields.front() == "installed") coverage.is_installed = true;
  if (fields.front() == "copy" && fields.size() == 4) {
    coverage.copies.push_back({.name = fields[1], .time = number(2), .size = number(3)});
  }
  if (fields.front() == "pushed" && fields.size() == 2 && coverage.backup.source == "git") {
    coverage.copies.push_back({.name = "pushed", .time = number(1)});
  }
  if (fields.front() == "failed" && fields.size() == 2) coverage.failure = fields[1];
}

}  // namespace

const Scope& system_of(const Desired& desired, const DataBackup& backup) {
  return desired.scopes.find(scope_of(backup))->second;
}

Result<std::string> answer_of(const Scope& scope, const Query& query, const Replies& replies) {
  const auto running = is_running(scope, replies);
  if (!running) return running.error();
  if (!*running) return Error{ErrorCode::unreachable, "the container does not run"};
  const auto found = replies.find(query);
  if (found == replies.end()) return Error{ErrorCode::outcome_unknown, "it was not asked"};
  if (found->second.error) return *found->second.error;
  if (get(found->second.body, "exit_status") != 0) {
    const std::string words(trim(text_or(found->second.body, "out")));
    return Error{ErrorCode::rejected, words.empty() ? "its shell does not tell of copies" : words};
  }
  return text_or(found->second.body, "out");
}

std::vector<Query> data_backup_queries(const Desired& desired,
                                       const Backups& backups,
                                       const Replies& replies) {
  std::vector<Query> queries;
  for (const auto& [name, entries] : entries_by_scope(backups)) {
    const Scope& scope = desired.scopes.find(name)->second;
    for (Query& query : presence_queries(scope)) queries.push_back(std::move(query));
    const auto running = is_running(scope, replies);
    if (running && *running) queries.push_back(look_query(scope, entries));
  }
  return queries;
}

std::vector<DataCoverage> data_coverage_of(const Desired& desired,
                                           const Backups& backups,
                                           const Replies& replies) {
  std::map<std::string, DataCoverage> found;
  for (const auto& [name, entries] : entries_by_scope(backups)) {
    const Scope& scope = desired.scopes.find(name)->second;
    const auto answer = answer_of(scope, look_query(scope, entries), replies);
    for (const auto* entry : entries) {
      DataCoverage& coverage = found[entry->first];
      coverage.name = entry->first;
      coverage.backup = *entry->second.data;
      coverage.rpo = entry->second.rpo;
      if (!answer) coverage.unread.push_back(answer.error().in_context(name));
    }
    if (!answer) continue;
    DataCoverage* current = nullptr;
    for (const std::string& line : split(*answer, '\n')) {
      const auto fields = split(line, '\t');
      if (fields.front() == "entry" && fields.size() == 2) {
        const auto entry = found.find(fields[1]);
        current = entry == found.end() ? nullptr : &entry->second;
      }
      if (current != nullptr) take_line(fields, *current);
    }
  }
  std::vector<DataCoverage> all;
  all.reserve(found.size());
  for (auto& [name, coverage] : found) all.push_back(std::move(coverage));
  return all;
}

Plan data_backup_plan(const Desired& desired,
                      const std::string& name,
                      const DataBackup& backup,
                      std::string_view operation) {
  Step step;
  step.id = 1;
  step.address = {scope_of(backup), "unit", fmt::format("backup-{}.service", name)};
  step.operation = operation;
  step.title = fmt::format("{} of {}", operation, name);
  step.timeout = k_patience;
  step.input = {{"shell", text_or(system_of(desired, backup).settings, "shell")},
                {"script", backup.script}};
  Plan plan;
  plan.steps.push_back(std::move(step));
  return plan;
}

Result<Json> perform_data_backup(const Step& step, Effects& effects) {
  ScriptCall call{k_start, {step.address.name}, ""};
  if (step.operation == k_verify_copy) call = {k_verify, {text_or(step.input, "script")}, ""};
  const auto done = run_script(call, step, effects);
  if (!done) return done.error();
  return Json::object();
}

}  // namespace aegis::os
