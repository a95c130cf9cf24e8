#pragma once

#include <vector>

#include "effects/effects.h"
#include "kinds/proxmox/guest_observe.h"
#include "kinds/proxmox/guest_steps.h"

namespace aegis::proxmox {

/// True when the container is to be made as a copy of another one.
bool is_clone(const Json& spec);

/// The steps that make it: the copy, what is declared of it, and the sizes of its disks.
void add_container_clone(const Lowering& lowering, StepChain& chain);

/// Adds the check that the original is there, before anything is destroyed for the copy.
void add_original_check(const Lowering& lowering, StepChain& chain);

/// Kind::queries of originals: their configurations, once it is known that the copy is to be made.
std::vector<Query> clone_queries(const Batch& batch, const Replies& replies);

/// Why Proxmox would refuse the copy, and what would not be as declared: an original that is not
/// there, that runs, that has a directory or device of the host, ...
Diagnostics notes_on_original(const Resource& resource, const GuestReplies& replies);

/// Adds to the observations of copies that are to be made of containers which are not there yet
/// what keeps them from being made: an original that will run.
void add_notes_on_new_originals(const Batch& batch,
                                const HostView& host,
                                std::vector<Observation>& observations);

/// Changes a fresh copy into input.wanted (attributes), in one call: it does not run.
Result<Json> complete_container_clone(const Step& step, Effects& effects);

/// Fails with `not_found` when input.original is not on the node.
Result<Json> check_original(const Step& step, Effects& effects);

}  // namespace aegis::proxmox
