#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kinds/kind.h"
#include "kinds/os/facts.h"

namespace aegis::os {

/// What the write of a file brings about: "daemon-reload", "restart:nginx.service" or
/// "reload:nginx.service"; "try-restart:nginx.service" when it is open whether the unit will run by
/// then, which the write looks at; "confirm" (guard.h). A write leaves a mark on that system for
/// each of its effects, in /var/lib/aegisctl/pending (without "try-"), and the effect takes it
/// away; so a run that is cut in between is continued by the next one.
using EffectNames = std::vector<std::string>;

/// The effect without which systemd does not see a changed unit file.
inline constexpr std::string_view k_daemon_reload = "daemon-reload";

/// The group of the files of a system that are removed.
inline constexpr const char* k_removals = "removals";

/// True when systemd reads the file at `path`.
bool is_unit_file(const std::string& path);

/// The effects of a change to `path` as the system is, by the lists `restarts` and `reloads` of
/// `spec`: those on units that run, and on those that may run by then: the system is not up yet, or
/// a package among `needs` is not installed yet; and "confirm" when it is `guarded`.
EffectNames effects_of(const std::string& path,
                       const Json& spec,
                       const std::vector<Address>& needs,
                       const Facts& facts);

/// The effects by the same lists, whatever runs: what the inventory remembers of a file.
EffectNames remembered_effects(const Json& spec);

/// The units among such effects.
std::vector<std::string> units_of(const EffectNames& effects);

/// What the removal of `path` brings about of what is remembered of it: on units that run, or that
/// an earlier run did not get to.
EffectNames effects_of_removal(const std::string& path,
                               const EffectNames& remembered,
                               const Facts& facts);

/// What the timer of a `guarded` file cannot take back: units that the file names and that do not
/// run, so that they first read it when they are started, after everybody has got in. A warning
/// each; nothing when the file is there already.
Diagnostics unguarded_starts(const Resource& file, const EffectNames& effects, const Facts& facts);

/// Those of `effects` that an earlier write of `path` left to be done, as the attribute "pending".
/// Null when there are none.
Json pending_effects(const std::string& path, const EffectNames& effects, const Facts& facts);

/// Says of an attribute which units its change disturbs, and that it is guarded; `effects` are
/// those of the observation.
void mark_disturbed(AttributeChange& attribute, const Json& effects);

/// Adds to `steps`, whose only one writes or removes the file (there is none when effects are
/// pending only), the steps that the effects need. Those on units form a group with the write: when
/// one of them fails, `undo` of the write is performed, which has to end with resume_units().
void add_effects(const Json& effects,
                 const Lowering& lowering,
                 std::string_view undo,
                 std::vector<Step>& steps);

/// Does a step that add_effects() made: "disturb", its undo "still due", and "daemon-reload".
Result<Json> perform_effect(const Step& step, Effects& effects);

/// After the old content of input.path is back: the units among input.effects read it again.
Result<Done> resume_units(const Step& step, Effects& effects);

}  // namespace aegis::os
