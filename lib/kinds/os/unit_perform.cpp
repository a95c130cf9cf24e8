#include "kinds/os/unit_perform.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "base/text.h"
#include "kinds/os/data_backups.h"
#include "kinds/os/data_restore.h"
#include "kinds/os/file_perform.h"
#include "kinds/os/scripts.h"
#include "kinds/os/unit_observe.h"

namespace aegis::os {
namespace {

constexpr std::chrono::minutes k_timeout{5};

constexpr std::string_view k_switch = R"sh(unit=$1
shift
is_missing() {
  ! systemctl is-active --quiet -- "$unit" &&
    systemctl show -p LoadState -- "$unit" | grep -q '^LoadState=not-found'
}
for verb; do
  case $verb in stop | disable | unmask) ! is_missing || continue ;; esac
  systemctl "$verb" -- "$unit"
  case $verb in
    enable)
      [ "$(systemctl is-enabled -- "$unit" 2> /dev/null || :)" != static ] ||
        fail "$unit has no [Install] section, so it cannot be enabled: take \`enabled\` away" ;;
    start)
      sleep 1
      systemctl is-active --quiet -- "$unit" ||
        fail "$unit did not stay up (what does its work and ends belongs to a timer): journalctl -u $unit says why"
      rm -rf -- "$state/pending/restart:$unit" "$state/pending/reload:$unit" ;;
  esac
done
)sh";

/// What systemctl is told, and what takes that back.
struct Switch {
  const char* field;  ///< of the context
  bool value;
  const char* verb;
  const char* back;
};

// In the order in which they can be done.
constexpr std::array<Switch, 6> k_switches{{
    {"masked", false, "unmask", "mask"},
    {"started", false, "stop", "start"},
    {"enabled", false, "disable", "enable"},
    {"enabled", true, "enable", "disable"},
    {"started", true, "start", "stop"},
    {"masked", true, "mask", "unmask"},
}};

// The wanted values in the shape of the context.
Json wanted_states(const Lowering& lowering) {
  if (lowering.change.action == Action::remove) return {{"started", false}, {"enabled", false}};
  Json states = lowering.wanted;
  if (states.contains("state")) states["started"] = states["state"] == "started";
  return states;
}

// Nothing when all switches are as wanted.
std::optional<Step> switch_step(const Lowering& lowering) {
  const Json wanted = wanted_states(lowering);
  const std::string& unit = lowering.change.address.name;
  std::vector<std::string> verbs;
  std::vector<std::string> back;
  const bool is_unknown = get(lowering.live.context, "unknown") == true;
  Step step;
  for (const Switch& each : k_switches) {
    const bool is_so =
        !is_unknown && (get(lowering.live.context, each.field) == true) == each.value;
    if (is_so || get(wanted, each.field) != each.value) continue;
    verbs.emplace_back(each.verb);
    if (!is_unknown || each.value) back.insert(back.begin(), each.back);
    if (verbs.back() == "stop") step.disruption = Disruption::restart_service;
  }
  if (verbs.empty()) return std::nullopt;
  step.operation = "switch";
  step.undo = "switch back";
  step.title = fmt::format("{} {}", join(verbs, ", "), unit);
  step.timeout = k_timeout;
  const std::string shell = text_or(lowering.scope.settings, "shell");
  step.lane = fmt::format("{}/{}", shell, unit);
  if (lowering.desired != nullptr) {
    step.group = fmt::format("{}/{}", shell, text_or(lowering.desired->spec, "together"));
  }
  step.input = {{"shell", shell}, {"unit", unit}, {"verbs", verbs}, {"back", back}};
  return step;
}

bool changes_file(const Change& change) {
  for (const AttributeChange& attribute : change.attributes) {
    if (attribute.path == "content" || attribute.path == "pending") return true;
  }
  return change.action == Action::adopt;
}

std::vector<Step> file_steps(const Lowering& lowering) {
  const std::string path = unit_path(lowering.change.address.name);
  if (!changes_file(lowering.change)) return {};
  if (!lowering.wanted.contains("content")) return {removal_of(lowering, path)};
  return lower_write(lowering,
                     path,
                     {{"mode", "0644"}},
                     {"systemd-analyze", "verify", "--recursive-errors=no", checked_path(path)});
}

void append(std::vector<Step>& steps, Step&& step) {
  for (const Step& before : steps) step.after.push_back(before.id);
  step.id = static_cast<StepId>(steps.size()) + 1;
  steps.push_back(std::move(step));
}

Result<Json> perform_switch(const Step& step, const char* field, Effects& effects) {
  ScriptCall call{k_switch, {text_or(step.input, "unit")}, ""};
  for (const Json& verb : get(step.input, field)) call.words.push_back(as_text(verb));
  const auto done = run_script(call, step, effects);
  if (!done) return done.error();
  return Json::object();
}

}  // namespace

std::vector<Step> lower_unit(const Lowering& lowering) {
  auto switches = switch_step(lowering);
  std::vector<Step> steps;
  if (lowering.change.action == Action::remove) {
    if (switches) append(steps, std::move(*switches));
    append(steps, removal_of(lowering, unit_path(lowering.change.address.name)));
    return steps;
  }
  steps = file_steps(lowering);
  if (switches && !steps.empty() && steps.front().operation == "write") {
    steps.front().group = switches->group;
    steps.front().undo = "restore";
  }
  if (switches) append(steps, std::move(*switches));
  return steps;
}

Result<Json> perform_unit(const Step& step, const Outputs& outputs, Effects& effects) {
  if (step.operation == "switch") return perform_switch(step, "verbs", effects);
  if (step.operation == "switch back") return perform_switch(step, "back", effects);
  if (step.operation == k_make_copy || step.operation == k_verify_copy) {
    return perform_data_backup(step, effects);
  }
  if (step.operation == k_restore_data) return perform_data_restore(step, effects);
  return perform_file(step, outputs, effects);
}

}  // namespace aegis::os
