#include "kinds/os/guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "kinds/os/effects.h"
#include "kinds/os/scripts.h"

namespace aegis::os {
namespace {

constexpr std::chrono::seconds k_patience{120};
constexpr std::chrono::seconds k_confirm_timeout{60};

// What the timer runs. Whoever moves the folder away first has decided: this, or the confirmation.
constexpr std::string_view k_take_back = R"sh(set -eu
umask 077
guard=$1 path=$2 mark=$3
shift 3
rm -rf -- "$guard.undone"
mv -T -- "$guard" "$guard.undone" 2> /dev/null || exit 0
if [ -f "$guard.undone/content" ]; then
  rm -f -- "$path.aegisctl-undone"
  cp -pP -- "$guard.undone/content" "$path.aegisctl-undone"
  sync -- "$path.aegisctl-undone"
  mv -fT -- "$path.aegisctl-undone" "$path"
else
  rm -f -- "$path"
fi
rm -f -- "/var/lib/aegisctl/pending/confirm/$mark"
for effect; do systemctl reload-or-restart -- "${effect#*:}"; done
)sh";

// Words: path, mark, seconds, the effects on units. A timer that an earlier run left is set anew,
// and what that run saved is what is known to work.
constexpr std::string_view k_arm = R"sh(path=$1 mark=$2 seconds=$3
shift 3
guard=$state/guard/$mark
timer=aegisctl-guard-$mark
systemctl stop -- "$timer.timer" 2> /dev/null || :
rm -rf -- "$guard.undone" "$guard.new"
if [ -d "$guard" ]; then
  cat > "$guard/take-back"
else
  mkdir -p -- "$guard.new"
  cat > "$guard.new/take-back"
  if enter && [ -f "$name" ]; then cp -pP -- "$name" "$guard.new/content"; fi
  mv -T -- "$guard.new" "$guard"
fi
systemd-run --quiet --collect "--unit=$timer" "--on-active=$seconds" \
  --timer-property=AccuracySec=1s /bin/sh "$guard/take-back" "$guard" "$path" "$mark" "$@"
)sh";

// The timer stays as long as what it would put back is not there. It may have been first.
constexpr std::string_view k_disarm = R"sh(path=$1 mark=$2
guard=$state/guard/$mark
[ -d "$guard" ] || guard=$guard.undone
[ -d "$guard" ] || exit 0
if enter && [ -f "$name" ]; then
  cmp -s -- "$name" "$guard/content" || exit 0
else
  [ ! -f "$guard/content" ] || exit 0
fi
systemctl stop -- "aegisctl-guard-$mark.timer" 2> /dev/null || :
rm -rf -- "$guard" "$state/pending/confirm/$mark"
)sh";

constexpr std::string_view k_say_well = R"sh(path=$1 mark=$2
guard=$state/guard/$mark
[ ! -d "$guard.undone" ] || conflict "the old $path came back by itself, since nobody got in in time"
rm -rf -- "$guard.well"
! mv -T -- "$guard" "$guard.well" 2> /dev/null ||
  systemctl stop -- "aegisctl-guard-$mark.timer" 2> /dev/null || :
rm -rf -- "$guard.well" "$state/pending/confirm/$mark"
)sh";

bool holds_confirmation(const Json& effects) {
  return std::find(effects.begin(), effects.end(), Json(k_confirm)) != effects.end();
}

Step guard_step(const Lowering& lowering, const std::string& path, std::string operation) {
  Step step;
  step.address = lowering.change.address;
  step.operation = std::move(operation);
  step.input = {{"shell", text_or(lowering.scope.settings, "shell")}, {"path", path}};
  return step;
}

void put_first(Step&& first, std::vector<Step>& steps) {
  for (Step& step : steps) {
    ++step.id;
    for (StepId& before : step.after) ++before;
    step.after.push_back(1);
  }
  first.id = 1;
  steps.insert(steps.begin(), std::move(first));
}

Result<Json> arm(const Step& step, Effects& effects) {
  const std::string path = text_or(step.input, "path");
  ScriptCall call{k_arm,
                  {path, mark_of(path), fmt::format("{}", k_patience.count())},
                  std::string(k_take_back)};
  for (const Json& effect : get(step.input, "effects")) {
    const std::string text = as_text(effect);
    if (text.find(':') != std::string::npos) call.words.push_back(text);
  }
  const auto done = run_script(call, step, effects);
  if (!done) return done.error();
  return Json::object();
}

// Over a connection of its own: the present one stays open whatever sshd or a firewall says.
Result<Json> confirm(const Step& step, Effects& effects) {
  const std::string path = text_or(step.input, "path");
  Step fresh = step;
  fresh.input["shell"] = fmt::format("{}/new", text_or(step.input, "shell"));
  const auto done = run_script({k_say_well, {path, mark_of(path)}, ""}, fresh, effects);
  if (done) return Json::object();
  if (done.error().code == ErrorCode::conflict) return done.error();
  return done.error().in_context(
      fmt::format("with the new {} nobody gets in over a new connection", path));
}

}  // namespace

void add_guard(const Lowering& lowering,
               const std::string& path,
               const Json& effects,
               std::vector<Step>& steps) {
  if (!holds_confirmation(effects)) return;
  Step last = guard_step(lowering, path, "confirm");
  last.title = "get in over a new connection";
  last.timeout = k_confirm_timeout;
  const bool removes = !steps.empty() && steps.front().operation == "remove";
  if (removes || (!steps.empty() && steps.front().operation == "write")) {
    steps.front().undo = removes ? "bring back" : "restore";
    Step first = guard_step(lowering, path, "arm");
    first.title = fmt::format("set a timer that puts {} back", path);
    first.undo = "disarm";
    first.input["effects"] = effects;
    put_first(std::move(first), steps);
  }
  for (const Step& step : steps) last.after.push_back(step.id);
  last.id = static_cast<StepId>(steps.size()) + 1;
  steps.push_back(std::move(last));
  const std::string together =
      lowering.desired == nullptr ? k_removals : text_or(lowering.desired->spec, "together", path);
  const std::string group =
      fmt::format("{}/{}", text_or(lowering.scope.settings, "shell"), together);
  for (Step& step : steps) {
    step.group = group;
    step.input["guarded"] = true;
  }
}

bool is_of_guard(const std::string& operation) {
  return operation == "arm" || operation == "disarm" || operation == "confirm";
}

Result<Json> perform_guard(const Step& step, Effects& effects) {
  if (step.operation == "arm") return arm(step, effects);
  if (step.operation == "confirm") return confirm(step, effects);
  const std::string path = text_or(step.input, "path");
  const auto done = run_script({k_disarm, {path, mark_of(path)}, ""}, step, effects);
  if (!done) return done.error();
  return Json::object();
}

}  // namespace aegis::os
