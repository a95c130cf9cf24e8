#pragma once

#include <optional>
#include <string>

#include "kinds/kind.h"
#include "model/desired.h"
#include "model/plan.h"
#include "plan/make_plan.h"

namespace aegis {

/// Each guard says why `change` must not be made and which flag or credential would allow it, or
/// nothing when it does not object.

/// Ownership: an unmarked object is changed only when --adopt covers it, and never removed; an
/// object that nobody declares is removed only with --prune or when it is named to be destroyed.
std::string owner_objection(const Change& change,
                            bool owned,
                            bool declared,
                            const PlanOptions& options);

/// Protection: what the kind keeps from being removed or replaced.
std::string keep_objection(const Change& change, const Kind& kind, const Observation& live);

/// Data: a replacement that loses data must be asked for by the resource's own address.
std::string data_objection(const Change& change, const PlanOptions& options);

/// Root: attributes that Proxmox keeps for root@pam, where we cannot act as root.
std::string root_objection(const Change& change, const Scope& scope);

/// The window that `change` waits for, since it disturbs as much as its place says; nothing when it
/// need not wait. It is the one that the scope's settings name for its address ("windows", by
/// address) or for all that is in it ("window"), each {name, schedule, duration, from}.
std::optional<Window> window_of(const Change& change,
                                const Scope& scope,
                                const PlanOptions& options);

}  // namespace aegis
