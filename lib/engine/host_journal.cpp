#include "engine/host_journal.h"

#include <fmt/format.h>

#include <utility>

#include "base/digest.h"
#include "base/text.h"
#include "engine/journal_text.h"

namespace aegis {
namespace {

constexpr std::chrono::seconds k_timeout{30};

/// Variables that both scripts begin with. The name of a file and base64 need no quoting.
std::string variables(std::string_view file_name) {
  return fmt::format(
      "folder=/var/lib/aegisctl/journal\nfile=$folder/{}\nkept={}\n", file_name, k_kept_runs);
}

/// What a line of the run's end looks like to grep; a title cannot imitate it, its quotes are
/// escaped.
constexpr std::string_view k_patterns = R"(
ended='^{.*"event":"run_ended".*}$'
succeeded='^{.*"event":"run_ended".*"status":"succeeded".*}$'
)";

constexpr std::string_view k_append = R"(
set -eu
umask 077
mkdir -p "$folder"
size=$(stat -c %s "$file" 2>/dev/null || echo 0)
if ! printf %s "$data" | base64 -d >>"$file"; then
  truncate -s "$size" "$file"
  exit 1
fi
sync "$file" "$folder"
)";

constexpr std::string_view k_prune = R"(
count=0
superseded=
for old in $(ls -1r "$folder" | grep '^[0-9]\{8\}T[0-9]\{9\}Z-[0-9a-z]*\.jsonl$'); do
  count=$((count + 1))
  end=
  if grep -q "$ended" "$folder/$old"; then end=1; fi
  was_superseded=$superseded
  if grep -q "$succeeded" "$folder/$old"; then superseded=1; fi
  if [ "$count" -gt "$kept" ] && [ -n "$end$was_superseded" ]; then rm -f "$folder/$old"; fi
done
exit 0
)";

constexpr std::string_view k_read = R"(
[ -d "$folder" ] || exit 0
cd "$folder" || exit 1
for old in $(ls -1r | grep '^[0-9]\{8\}T[0-9]\{9\}Z-[0-9a-z]*\.jsonl$'); do
  [ "$folder/$old" != "$file" ] || continue
  if grep -q "$succeeded" "$old"; then exit 0; fi
  if grep -q "$ended" "$old" || [ ! -s "$old" ]; then continue; fi
  cat "$old"
  exit
done
)";

constexpr std::string_view k_read_newest = R"sh(
[ -d "$folder" ] || exit 0
cd "$folder" || exit 1
for old in $(ls -1r | grep '^[0-9]\{8\}T[0-9]\{9\}Z-[0-9a-z]*\.jsonl$'); do
  [ "$folder/$old" != "$file" ] && [ -s "$old" ] || continue
  head -n 1 "$old"
  [ "$(wc -l <"$old")" -lt 2 ] || tail -n 1 "$old"
  exit
done
)sh";

}  // namespace

HostJournal::HostJournal(RemoteShell& shell, std::string host, RunIdentity identity)
    : shell_(shell), host_(std::move(host)), identity_(std::move(identity)) {}

Result<std::string> HostJournal::run(std::string script, bool reads_only) {
  ShellCommand command;
  command.host = host_;
  command.words = {"sh"};
  command.input = std::move(script);
  command.timeout = k_timeout;
  command.reads_only = reads_only;
  auto output = shell_.run(command);
  const std::string context = "the journal on " + host_;
  if (!output) return output.error().in_context(context);
  if (output->exit_status == 0) return std::move(output->out);
  const std::string said(trim(output->err));
  return Error{ErrorCode::io,
               said.empty() ? fmt::format("exit status {}", output->exit_status) : said}
      .in_context(context);
}

Result<Done> HostJournal::append(const JournalEntry& entry) {
  const std::lock_guard guard(mutex_);
  if (name_.empty()) name_ = journal_file_name(entry.time, identity_.run);
  std::string script = variables(name_);
  script += fmt::format("data='{}'\n", base64_encode(to_line(with_identity(entry, identity_))));
  script += k_append;
  if (entry.event == JournalEntry::Event::run_ended) {
    script += k_patterns;
    script += k_prune;
  }
  const auto ran = run(std::move(script), false);
  if (!ran) return ran.error();
  return Done{};
}

Result<std::vector<JournalEntry>> HostJournal::read_unfinished() {
  const std::lock_guard guard(mutex_);
  std::string script = variables(name_);
  script += k_patterns;
  script += k_read;
  const auto text = run(std::move(script), true);
  if (!text) return text.error();
  return parse_journal(*text).in_context("the journal on " + host_);
}

Result<std::vector<JournalEntry>> HostJournal::read_newest() {
  std::unique_lock lock(mutex_);
  std::string script = variables(name_);
  lock.unlock();
  script += k_read_newest;
  const auto text = run(std::move(script), true);
  if (!text) return text.error();
  return parse_journal(*text).in_context("the journal on " + host_);
}

}  // namespace aegis
