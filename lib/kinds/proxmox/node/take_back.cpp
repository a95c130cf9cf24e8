#include "kinds/proxmox/node/take_back.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "model/endpoint.h"

namespace aegis::proxmox {
namespace {

constexpr std::chrono::seconds k_patience{120};
constexpr std::chrono::seconds k_longest_absence{180};  // the timer, and some more
constexpr std::chrono::seconds k_pause{5};
constexpr int k_conflict = 9;

// Words of all scripts: the name, the seconds until the timer elapses, the command, the files.
constexpr std::string_view k_prelude = R"sh(set -eu
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 077
guard=/var/lib/aegisctl/guard/$1 timer=aegisctl-guard-$1 seconds=$2 command=$3
shift 3
)sh";

// What the timer runs. Whoever moves the folder away first has decided: this, or the confirmation.
constexpr std::string_view k_take_back = R"sh(set -eu
guard=$1 command=$2
shift 2
rm -rf -- "$guard.undone"
mv -T -- "$guard" "$guard.undone" 2> /dev/null || exit 0
for file; do
  if [ -f "$guard.undone/files$file" ]; then cp -- "$guard.undone/files$file" "$file"; else rm -f -- "$file"; fi
done
sync
/bin/sh -c "$command"
)sh";

// What an earlier run saved, and did not confirm, is what is known to work.
constexpr std::string_view k_arm = R"sh(systemctl stop -- "$timer.timer" 2> /dev/null || :
rm -rf -- "$guard.undone" "$guard.new"
if [ -d "$guard" ]; then
  cat > "$guard/take-back"
else
  mkdir -p -- "$guard.new"
  cat > "$guard.new/take-back"
  for file; do
    mkdir -p -- "$guard.new/files${file%/*}"
    [ ! -f "$file" ] || cp -p -- "$file" "$guard.new/files$file"
  done
  mv -T -- "$guard.new" "$guard"
fi
systemd-run --quiet --collect "--unit=$timer" "--on-active=$seconds" \
  --timer-property=AccuracySec=1s /bin/sh "$guard/take-back" "$guard" "$command" "$@"
)sh";

constexpr std::string_view k_put_back = R"sh([ -d "$guard" ] || exit 0
systemctl stop -- "$timer.timer" 2> /dev/null || :
/bin/sh "$guard/take-back" "$guard" "$command" "$@"
)sh";

// The timer stays as long as what it would put back is not there.
constexpr std::string_view k_disarm = R"sh([ ! -d "$guard" ] || for file; do
  if [ -f "$file" ]; then cmp -s -- "$file" "$guard/files$file" || exit 0
  else [ ! -f "$guard/files$file" ] || exit 0; fi
done
systemctl stop -- "$timer.timer" 2> /dev/null || :
rm -rf -- "$guard" "$guard.undone"
)sh";

constexpr std::string_view k_confirm =
    R"sh([ ! -d "$guard.undone" ] || { echo "the old settings came back by themselves, since nobody got in in time" >&2; exit 9; }
rm -rf -- "$guard.well"
! mv -T -- "$guard" "$guard.well" 2> /dev/null || systemctl stop -- "$timer.timer" 2> /dev/null || :
rm -rf -- "$guard.well"
)sh";

struct Operation {
  std::string_view name;
  std::string_view script;
};

constexpr std::array<Operation, 4> k_operations{{
    {"arm", k_arm},
    {"put back", k_put_back},
    {"disarm", k_disarm},
    {"confirm", k_confirm},
}};

Step step_of(const TakeBack& what, const Scope& scope, std::string operation) {
  Step step;
  step.operation = std::move(operation);
  step.once = fmt::format("{}/{}/{}", scope.name, what.name, step.operation);
  step.input = {{"shell", shell_of(scope)}};
  return step;
}

Result<ShellOutput> run_patiently(const ShellCommand& command, Effects& effects, bool waits) {
  const auto limit = effects.clock.now() + k_longest_absence;
  while (true) {
    auto output = effects.shell.run(command);
    const bool may_come = waits && !output && effects.clock.now() < limit;
    if (!may_come) return output;
    effects.clock.sleep_for(k_pause);
  }
}

}  // namespace

std::string shell_of(const Scope& scope) {
  return host_shell(std::string_view(scope.name).substr(scope.name.find('/') + 1));
}

bool can_be_taken_back(const Scope& scope) {
  return scope.settings.contains("ssh_port");
}

Step arm_step(const TakeBack& what, const Scope& scope) {
  Step step = step_of(what, scope, "arm");
  step.title = fmt::format("set a timer that puts the old {} back", what.name);
  step.undo = "disarm";
  return step;
}

Step confirm_step(const TakeBack& what, const Scope& scope) {
  Step step = step_of(what, scope, "confirm");
  step.title = "get in over a new connection";
  return step;
}

bool is_take_back(std::string_view operation) {
  return std::any_of(k_operations.begin(), k_operations.end(), [&](const Operation& one) {
    return one.name == operation;
  });
}

Result<Json> perform_take_back(const TakeBack& what, const Step& step, Effects& effects) {
  const auto* const operation =
      std::find_if(k_operations.begin(), k_operations.end(), [&](const Operation& one) {
        return one.name == step.operation;
      });
  ShellCommand command;
  command.host = text_or(step.input, "shell");
  // The present connection stays open, whatever becomes of new ones.
  if (operation->name == "confirm") command.host += "/new";
  command.words = {"sh",
                   "-c",
                   fmt::format("{}{}", k_prelude, operation->script),
                   "aegisctl",
                   std::string(what.name),
                   fmt::format("{}", k_patience.count()),
                   std::string(what.command)};
  for (const std::string_view file : what.files) command.words.emplace_back(file);
  if (operation->name == "arm") command.input = k_take_back;
  const bool undoes = operation->name == "put back" || operation->name == "disarm";
  const auto output = run_patiently(command, effects, undoes);
  if (!output && operation->name == "confirm") {
    return output.error().in_context(
        fmt::format("with the new {} nobody gets in over a new connection", what.name));
  }
  if (!output) return output.error();
  if (output->exit_status == 0) return Json::object();
  return Error{output->exit_status == k_conflict ? ErrorCode::conflict : ErrorCode::rejected,
               std::string(trim(output->err))};
}

}  // namespace aegis::proxmox
