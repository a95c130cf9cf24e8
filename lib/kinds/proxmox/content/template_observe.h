#pragma once

#include "kinds/kind.h"

namespace aegis::proxmox {

/// The kind's `queries`: the files of the storages that hold templates; the appliance index when
/// one of it is not there.
std::vector<Query> template_queries(const Batch& batch, const Replies& replies);

/// The kind's `interpret`. What is not there and cannot be had is told in notes.
Result<std::vector<Observation>> interpret_templates(const Batch& batch,
                                                     const Replies& replies,
                                                     Vault& vault);

/// Kind::survey and Kind::declare of a template: the files of all storages that hold some. Where
/// one came from is not known to Proxmox any more.
std::vector<Query> survey_templates(const Batch& batch, const Replies& replies);
Result<std::vector<Declaration>> declare_templates(const Batch& batch, const Replies& replies);

}  // namespace aegis::proxmox
