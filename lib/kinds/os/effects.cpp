#include "kinds/os/effects.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "kinds/os/access.h"
#include "kinds/os/guard.h"
#include "kinds/os/scripts.h"

namespace aegis::os {
namespace {

constexpr std::chrono::minutes k_timeout{5};  // a service may take its time to stop

struct Verb {
  std::string_view name;
  std::string_view field;  ///< of a file: the units that it is done to
  Disruption disruption;
};

constexpr std::array<Verb, 2> k_verbs{{
    {"restart", "restarts", Disruption::restart_service},
    {"reload", "reloads", Disruption::reload},
}};

constexpr std::string_view k_try = "try-";

// An effect on a unit: "restart:nginx.service".
struct UnitEffect {
  const Verb* verb;
  std::string unit;
  bool is_tried;  ///< only if the unit runs when the file is written

  [[nodiscard]] std::string title() const {
    return fmt::format("{} {}{}", verb->name, unit, is_tried ? " if it runs by then" : "");
  }
};

UnitEffect parse_effect(std::string_view effect) {
  const bool is_tried = effect.starts_with(k_try);
  if (is_tried) effect.remove_prefix(k_try.size());
  const std::size_t colon = effect.find(':');
  const auto* const verb = std::find_if(k_verbs.begin(), k_verbs.end(), [&](const Verb& each) {
    return each.name == effect.substr(0, colon);
  });
  return {verb, std::string(effect.substr(colon + 1)), is_tried};
}

// The package's unit may start as soon as the package is there, with a file of its own.
bool may_come(const std::string& unit, const std::vector<Address>& needs, const Facts& facts) {
  if (!facts.units.contains(unit)) return true;
  return std::any_of(needs.begin(), needs.end(), [&](const Address& need) {
    const auto package = facts.packages.find(need.name);
    return need.kind == "package" &&
           (package == facts.packages.end() || package->second.status != "installed");
  });
}

// The marks that it takes away are kept for the undo, should something else of the group fail.
// A unit that did not run when its files were written has none. One that read what was removed may
// have been stopped or removed by now itself.
constexpr std::string_view k_disturb =
    R"sh([ "$3" != marked ] || [ -d "$state/pending/$1:$2" ] || exit 0
if [ "$3" = running ] && ! systemctl is-active --quiet -- "$2"; then
  rm -rf -- "$state/pending/$1:$2"
  exit 0
fi
systemctl "$1" -- "$2"
sleep 1
systemctl is-active --quiet -- "$2" ||
  fail "$2 did not stay up: journalctl -u $2 there says why"
[ -d "$state/pending/$1:$2" ] || exit 0
mkdir -p -- "$state/done"
rm -rf -- "$state/done/$1:$2"
mv -T -- "$state/pending/$1:$2" "$state/done/$1:$2"
)sh";

constexpr std::string_view k_still_due = R"sh(mkdir -p -- "$state/pending"
[ -d "$state/pending/$1:$2" ] || [ ! -d "$state/done/$1:$2" ] ||
  mv -T -- "$state/done/$1:$2" "$state/pending/$1:$2"
)sh";

// Nothing was written when there is no mark. As long as other files of the unit are not back it may
// fail. A unit that failed too often is not started otherwise.
constexpr std::string_view k_resume = R"sh(marks=$state/pending/$1:$2
[ -d "$marks" ] || exit 0
rm -f -- "$marks/$4"
systemctl reset-failed -- "$2" || :
if ! { systemctl "$3" -- "$2" && sleep 1 && systemctl is-active --quiet -- "$2"; }; then
  ! rmdir -- "$marks" 2> /dev/null ||
    fail "$2 does not come up with its old files either: journalctl -u $2 there says why"
fi
[ ! -d "$marks" ] || rmdir --ignore-fail-on-non-empty -- "$marks"
)sh";

constexpr std::string_view k_reload_daemon =
    R"sh([ ! -d /run/systemd/system ] || systemctl daemon-reload
rm -rf -- "$state/pending/daemon-reload"
)sh";

/// Builds the steps around a write.
class EffectSteps {
 public:
  EffectSteps(const Lowering& lowering, std::vector<Step>& steps)
      : shell_(text_or(lowering.scope.settings, "shell")), steps_(steps) {
    // What goes is on its own: nobody says any more what it hangs together with.
    together_ =
        lowering.desired == nullptr ? k_removals : text_or(lowering.desired->spec, "together");
    for (const Step& step : steps_) written_.push_back(step.id);
  }

  void tie_to_write(std::string_view undo) {
    if (steps_.empty()) return;
    steps_.front().group = group();
    steps_.front().undo = undo;
  }

  void reload_daemon() {
    Step step = begin("daemon-reload");
    step.title = "let systemd read its files anew";
    step.once = fmt::format("{}/daemon-reload", shell_);
    written_ = {step.id};
    steps_.push_back(std::move(step));
  }

  void disturb(const UnitEffect& effect) {
    Step step = begin("disturb");
    step.title = effect.title();
    if (!effect.is_tried) step.disruption = effect.verb->disruption;
    step.undo = "still due";
    step.group = group();
    step.lane = fmt::format("{}/{}", shell_, effect.unit);
    step.once = fmt::format("{}:{}", effect.verb->name, step.lane);
    step.input["unit"] = effect.unit;
    step.input["verb"] = effect.verb->name;
    if (effect.is_tried) step.input["if"] = "marked";
    if (together_ == k_removals) {
      step.once += fmt::format("/{}", k_removals);
      step.input["if"] = "running";
    }
    steps_.push_back(std::move(step));
  }

 private:
  [[nodiscard]] std::string group() const { return fmt::format("{}/{}", shell_, together_); }

  Step begin(std::string operation) const {
    Step step;
    step.id = static_cast<StepId>(steps_.size()) + 1;
    step.operation = std::move(operation);
    step.timeout = k_timeout;
    step.input = {{"shell", shell_}};
    step.after = written_;
    return step;
  }

  std::string shell_;
  std::string together_;
  std::vector<Step>& steps_;
  std::vector<StepId> written_;
};

}  // namespace

bool is_unit_file(const std::string& path) {
  return path.starts_with("/etc/systemd/system/");
}

EffectNames effects_of(const std::string& path,
                       const Json& spec,
                       const std::vector<Address>& needs,
                       const Facts& facts) {
  EffectNames effects;
  if (is_unit_file(path)) effects.emplace_back(k_daemon_reload);
  for (const Verb& verb : k_verbs) {
    for (const Json& name : get(spec, verb.field)) {
      const std::string unit = as_text(name);
      const bool runs = facts.unit(unit).is_active();
      if (!runs && !may_come(unit, needs, facts)) continue;
      effects.push_back(fmt::format("{}{}:{}", runs ? "" : k_try, verb.name, unit));
    }
  }
  if (get(spec, "guarded") == true) effects.emplace_back(k_confirm);
  return effects;
}

EffectNames remembered_effects(const Json& spec) {
  EffectNames effects;
  for (const Verb& verb : k_verbs) {
    for (const Json& name : get(spec, verb.field)) {
      effects.push_back(fmt::format("{}:{}", verb.name, as_text(name)));
    }
  }
  if (get(spec, "guarded") == true) effects.emplace_back(k_confirm);
  return effects;
}

std::vector<std::string> units_of(const EffectNames& effects) {
  std::vector<std::string> units;
  for (const std::string& effect : effects) {
    UnitEffect on_unit = parse_effect(effect);
    if (on_unit.verb != k_verbs.end()) units.push_back(std::move(on_unit.unit));
  }
  return units;
}

EffectNames effects_of_removal(const std::string& path,
                               const EffectNames& remembered,
                               const Facts& facts) {
  EffectNames effects;
  for (const std::string& effect : remembered) {
    const UnitEffect on_unit = parse_effect(effect);
    const bool is_due = facts.pending.contains(fmt::format("{}/{}", effect, mark_of(path)));
    const bool has_unit = on_unit.verb != k_verbs.end();
    if (!has_unit || is_due || facts.unit(on_unit.unit).is_active()) effects.push_back(effect);
  }
  return effects;
}

Diagnostics unguarded_starts(const Resource& file, const EffectNames& effects, const Facts& facts) {
  Diagnostics notes;
  const bool is_guarded = get(file.spec, "guarded") == true;
  if (!is_guarded || facts.at(path_of(file.address)) != nullptr) return notes;
  for (const Verb& verb : k_verbs) {
    for (const Json& name : get(file.spec, verb.field)) {
      const std::string unit = as_text(name);
      const bool is_told = std::any_of(effects.begin(), effects.end(), [&](const auto& effect) {
        return effect.ends_with(":" + unit);
      });
      if (is_told) continue;
      notes.push_back(
          {Severity::warning,
           "a first start is not guarded",
           fmt::format("{0} does not run. When it is started with the new {1} and that "
                       "shuts everybody out, nothing takes it back by itself: have "
                       "another way in at hand, such as a console, or start {0} before.",
                       unit,
                       path_of(file.address)),
           file.where,
           std::nullopt});
    }
  }
  return notes;
}

Json pending_effects(const std::string& path, const EffectNames& effects, const Facts& facts) {
  Json pending;
  for (const std::string& effect : effects) {
    if (facts.pending.contains(fmt::format("{}/{}", effect, mark_of(path)))) {
      pending.push_back(effect);
    }
  }
  return pending;
}

void mark_disturbed(AttributeChange& attribute, const Json& effects) {
  std::vector<std::string> words;
  for (const Json& name : effects) {
    if (name == k_confirm) words.emplace_back("taken back unless a new connection gets in");
    const UnitEffect effect = parse_effect(as_text(name));
    if (effect.verb == k_verbs.end()) continue;
    if (!effect.is_tried) {
      attribute.disruption = std::max(attribute.disruption, effect.verb->disruption);
    }
    words.push_back(effect.title());
  }
  if (!words.empty()) attribute.note = join(words, ", ");
}

void add_effects(const Json& effects,
                 const Lowering& lowering,
                 std::string_view undo,
                 std::vector<Step>& steps) {
  EffectSteps result(lowering, steps);
  std::vector<UnitEffect> on_units;
  bool reloads = false;
  for (const Json& name : effects) {
    const UnitEffect effect = parse_effect(as_text(name));
    if (effect.verb != k_verbs.end()) on_units.push_back(effect);
    reloads = reloads || name == k_daemon_reload;
  }
  if (!on_units.empty()) result.tie_to_write(undo);
  if (reloads) result.reload_daemon();
  for (const UnitEffect& effect : on_units) result.disturb(effect);
}

Result<Json> perform_effect(const Step& step, Effects& effects) {
  const std::string verb = text_or(step.input, "verb");
  const std::string unit = text_or(step.input, "unit");
  ScriptCall call{};
  if (step.operation == "disturb") call = {k_disturb, {verb, unit, text_or(step.input, "if")}, ""};
  if (step.operation == "still due") call = {k_still_due, {verb, unit}, ""};
  if (step.operation == k_daemon_reload) call = {k_reload_daemon, {}, ""};
  if (call.script.empty()) {
    return Error{ErrorCode::rejected,
                 fmt::format("{} has no operation called {}", step.address.kind, step.operation)};
  }
  const auto done = run_script(call, step, effects);
  if (!done) return done.error();
  return Json::object();
}

Result<Done> resume_units(const Step& step, Effects& effects) {
  for (const Json& name : get(step.input, "effects")) {
    const UnitEffect effect = parse_effect(as_text(name));
    if (effect.verb == k_verbs.end()) continue;
    const std::string verb(effect.verb->name);
    const auto done = run_script({k_resume,
                                  {verb,
                                   effect.unit,
                                   verb == "reload" ? "reload-or-restart" : verb,
                                   mark_of(text_or(step.input, "path"))},
                                  ""},
                                 step,
                                 effects);
    if (!done) return done.error();
  }
  return Done{};
}

}  // namespace aegis::os
