#include "kinds/os/scripts.h"

#include <fmt/format.h>

#include <chrono>

#include "base/digest.h"
#include "base/text.h"

namespace aegis::os {
namespace {

constexpr int k_conflict = 9;
constexpr std::chrono::seconds k_longest_absence{180};  // a guard's timer, and some more
constexpr std::chrono::seconds k_pause{5};

// What all scripts begin with. The inventory has one entry a line, so that the tools of a shell can
// keep it, and is JSON all the same. It is written before what it tells of is made: a run that is
// cut in between leaves something that is ours and not there, and never something of ours that
// nobody knows. Files are made in a folder that only root can enter, and by names relative to it,
// so that whoever owns the folder around it cannot make root write elsewhere by moving things.
constexpr std::string_view k_prelude = R"sh(set -eu
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 077
state=/var/lib/aegisctl
fail() { printf '%s\n' "$1" >&2; exit 1; }
conflict() { printf '%s: plan again\n' "$1" >&2; exit 9; }
trap 'exit 1' HUP INT TERM
record() {
  mkdir -p -- "$state"
  (
    flock 9
    list=$state/inventory.json
    first='{"format_version":1,"owned":{'
    last='"":{}}}'
    [ -s "$list" ] || printf '%s\n' "$first" "$last" > "$list"
    { [ "$(head -n 1 -- "$list")" = "$first" ] && [ "$(tail -n 1 -- "$list")" = "$last" ]; } ||
      fail "$list was edited by hand. Move it away."
    {
      printf '%s\n' "$first"
      {
        sed -e 1d -e '$d' -- "$list" | grep -vF -e "$1:" || [ "$?" -eq 1 ]
        [ -z "$2" ] || printf '%s:%s,\n' "$1" "$2"
      } | sort
      printf '%s\n' "$last"
    } > "$list.new"
    if cmp -s -- "$list.new" "$list"; then rm -f -- "$list.new"; exit 0; fi
    sync -- "$list.new"
    mv -fT -- "$list.new" "$list"
    sync -- "$state"
  ) 9> "$state/lock"
}
inode() { stat -c %d:%i -- "$1"; }
enter() {
  folder=${path%/*}
  name=./${path##*/}
  cd -P -- "${folder:-/}" 2> /dev/null || return 1
  inside=$(inode .)
}
is_as_packaged() {
  [ "$seen" = - ] && command -v dpkg-query > /dev/null || return 1
  sum=$(md5sum < "$1")
  dpkg-query -W -f='${Conffiles}\n' | grep -qxF -- " $path ${sum%% *}"
}
check_seen() {
  now=$(sha256sum < "$1")
  [ "${now%% *}" = "$seen" ] || is_as_packaged "$1" || conflict "somebody changed $path since it was planned"
}
open_work() {
  work=.aegisctl-$mark
  rm -rf -- "$work"
  mkdir -m 700 -- "$work"
  cd -P -- "$work"
  { [ -O . ] && [ "$(inode ..)" = "$inside" ]; } || conflict "the folder of $path is being moved"
  trap 'cd -P ..; rm -rf -- "$work"' EXIT
}
put_in_place() {
  sync -- "$name"
  mv -fT -- "$name" "../$name"
  sync -- ..
}
mark_effects() {
  for effect in $1; do
    case $effect in try-*)
      effect=${effect#try-}
      systemctl is-active --quiet -- "${effect#*:}" || { rm -rf -- "$state/done/$effect"; continue; } ;;
    esac
    mkdir -p -- "$state/pending/$effect"
    : > "$state/pending/$effect/$mark"
  done
}
keep_copy() {
  mkdir -p -- "$state/before"
  cp -pP -- "$1" "$state/before/$mark"
}
)sh";

}  // namespace

const std::string_view k_write_file = R"sh(path=$1 owner=$2 mode=$3 size=$4 mark=$5
IFS= read -r seen
enter || fail "the folder of $path does not exist: declare it under directories"
if [ -L "$name" ] || { [ -e "$name" ] && [ ! -f "$name" ]; }; then
  conflict "$path is no ordinary file"
fi
record "$6" "$7"
quiet=$8 effects=$9
shift 9
open_work
cat > "$name"
[ "$(wc -c < "$name")" -eq "$size" ] || fail "the content did not arrive whole"
chown -- "$owner" "$name"
chmod -- "$mode" "$name"
if [ "$#" -gt 0 ] && ! words=$("$@" 2>&1 < /dev/null); then
  [ -n "$quiet" ] || printf '%s\n' "$words" | head -c 4096 >&2
  fail "$1 refuses the new content of $path, which stays as it was"
fi
if [ -f "../$name" ]; then
  cmp -s -- "$name" "../$name" || { check_seen "../$name"; keep_copy "../$name"; }
fi
mark_effects "$effects"
put_in_place
)sh";

// What is there is ours only with the content that was written; anything else stays.
const std::string_view k_restore_file = R"sh(path=$1 owner=$2 mode=$3 mark=$4
copy=$state/before/$mark
IFS= read -r seen
IFS= read -r written
put_back() {
  open_work
  if [ "$seen" = - ]; then
    cp -p -- "$copy" "$name"
  else
    cp -- "../$name" "$name"
    [ "$now" = "$seen" ] || cp -- "$copy" "$name"
    check_seen "$name"
    chown -- "$owner" "$name"
    chmod -- "$mode" "$name"
  fi
  put_in_place
}
enter || [ "$seen" = - ] || fail "the folder of $path is not there any more"
if [ -n "${inside-}" ] && [ -f "$name" ] && [ ! -L "$name" ]; then
  now=$(sha256sum < "$name")
  now=${now%% *}
  if [ "$now" = "$seen" ]; then
    put_back
  elif [ "$now" = "$written" ] && ! is_as_packaged "$name"; then
    if [ "$seen" != - ] || { [ -f "$copy" ] && is_as_packaged "$copy"; }; then
      put_back
    else
      rm -f -- "$name"
    fi
  fi
fi
record "$5" "$6"
)sh";

const std::string_view k_remove_file = R"sh(path=$1 mark=$2
IFS= read -r seen
if enter && { [ -L "$name" ] || [ -e "$name" ]; }; then
  { [ ! -L "$name" ] && [ -f "$name" ]; } || conflict "$path is no ordinary file any more"
  check_seen "$name"
  keep_copy "$name"
  mark_effects "${5-}"
  rm -f -- "$name"
  sync -- .
fi
record "$3" "${4-}"
)sh";

// Only what was removed: somebody may have made another one.
const std::string_view k_bring_back_file = R"sh(path=$1 mark=$2
copy=$state/before/$mark
IFS= read -r seen
enter || fail "the folder of $path is not there any more"
if ! { [ -L "$name" ] || [ -e "$name" ]; } && [ -f "$copy" ]; then
  check_seen "$copy"
  open_work
  cp -pP -- "$copy" "$name"
  put_in_place
fi
record "$3" "$4"
)sh";

const std::string_view k_make_directory = R"sh(path=$1 owner=$2 mode=$3
enter || fail "the folder of $path does not exist: declare it under directories"
if [ -L "$name" ] || { [ -e "$name" ] && [ ! -d "$name" ]; }; then
  conflict "$path is no directory"
fi
record "$4" "$5"
[ -d "$name" ] || mkdir -m 700 -- "$name"
cd -P -- "$name"
[ "$(inode ..)" = "$inside" ] || conflict "the folder of $path is being moved"
chown -- "$owner" .
chmod -- "$mode" .
sync -- . ..
)sh";

const std::string_view k_remove_directory = R"sh(while [ "$#" -gt 0 ]; do
  path=$2 kept=
  if enter && [ -d "$name" ] && [ ! -L "$name" ]; then
    rmdir -- "$name" 2> /dev/null || kept=yes
  fi
  record "$1" ''
  shift 2
done
[ -z "$kept" ] || echo kept
)sh";

const std::string_view k_record = R"sh(record "$1" "$2"
)sh";

std::string mark_of(const std::string& path) {
  constexpr std::size_t k_digits = 16;
  return sha256_hex(path).substr(0, k_digits);
}

std::string checked_path(const std::string& path) {
  const std::size_t name = path.rfind('/');
  return fmt::format("{}/.aegisctl-{}{}", path.substr(0, name), mark_of(path), path.substr(name));
}

namespace {

// What a guarded change did may have shut us out altogether. Its timer brings the system back.
bool is_waited_for(const Step& step) {
  return get(step.input, "guarded") == true && !step.undo.empty() && step.operation == step.undo;
}

Result<ShellOutput> run_twice(const ShellCommand& command, Effects& effects) {
  auto output = effects.shell.run(command);
  if (output || output.error().code != ErrorCode::outcome_unknown) return output;
  return effects.shell.run(command);
}

Result<ShellOutput> run_until_it_answers(const ShellCommand& command,
                                         const Step& step,
                                         Effects& effects) {
  const auto limit = effects.clock.now() + k_longest_absence;
  auto output = run_twice(command, effects);
  while (!output && output.error().code != ErrorCode::rejected && is_waited_for(step) &&
         effects.clock.now() < limit) {
    effects.clock.sleep_for(k_pause);
    output = run_twice(command, effects);
  }
  return output;
}

}  // namespace

Result<std::string> run_script(const ScriptCall& call, const Step& step, Effects& effects) {
  ShellCommand command;
  command.host = text_or(step.input, "shell");
  command.words = {"sh", "-c", fmt::format("{}{}", k_prelude, call.script), "aegisctl"};
  command.words.insert(command.words.end(), call.words.begin(), call.words.end());
  command.input = call.input;
  command.timeout = step.timeout;
  auto output = run_until_it_answers(command, step, effects);
  if (!output) return output.error();
  if (output->exit_status == 0) return std::move(output->out);
  std::string words(trim(output->err));
  if (words.empty()) words = fmt::format("the shell ended with status {}", output->exit_status);
  return Error{output->exit_status == k_conflict ? ErrorCode::conflict : ErrorCode::rejected,
               std::move(words)};
}

}  // namespace aegis::os
