#pragma once

#include <string_view>

#include "effects/effects.h"
#include "model/plan.h"

namespace aegis::proxmox {

/// The operations of the kind `container` that a restore is made of. Every input has {endpoint,
/// node, vmid, as_root}.
inline constexpr std::string_view k_restore_beside = "restore_beside";
inline constexpr std::string_view k_prove = "prove";
inline constexpr std::string_view k_put_in_place = "put_in_place";
inline constexpr std::string_view k_stays_up = "stays_up";
inline constexpr std::string_view k_remove_spare = "remove_spare";

/// Makes the spare container from a backup: `form` has the parameters. Done when a spare with that
/// description is there and unlocked.
Result<Json> restore_beside(const Step& step, Effects& effects);

/// Starts the spare, sees that it stays up, and stops it again.
Result<Json> prove_spare(const Step& step, Effects& effects);

/// Restores a backup as the container itself. `replaces` is the root disk of the one that it
/// replaces, empty when there is none: it is done when there is another one.
Result<Json> put_in_place(const Step& step, Effects& effects);

/// Sees that the container stays up.
Result<Json> see_it_stay_up(const Step& step, Effects& effects);

/// Stops and destroys the spare, and nothing that is none.
Result<Json> remove_spare(const Step& step, Effects& effects);

}  // namespace aegis::proxmox
