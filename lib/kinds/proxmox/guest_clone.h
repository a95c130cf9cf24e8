#pragma once

#include <string_view>

#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/guest_steps.h"

namespace aegis::proxmox {

/// Adds the step that copies the guest that `clone` of what is wanted names; `name_key` is the
/// parameter for the copy's name. A copy can be given no tags: until it is completed its
/// description says that it is ours.
void add_clone_step(const Lowering& lowering, StepChain& chain, std::string_view name_key);

/// What such a step does: clones input.source by input.form.
Result<Json> clone_guest(const Step& step, Effects& effects, const GuestSystem& system);

/// Waits while a guest is being made. `source` is the guest that the task is filed under. Fails
/// with `conflict` when it is half there and nothing makes it any more.
Result<Done> wait_while_made(const GuestCalls& guest, std::int64_t source);

/// The end of making a guest, with what it means that the number is taken.
Result<Json> made_or_taken(const Result<Json>& made);

}  // namespace aegis::proxmox
