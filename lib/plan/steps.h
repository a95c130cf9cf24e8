#pragma once

#include <vector>

#include "model/plan.h"
#include "plan/draft.h"
#include "plan/order.h"

namespace aegis {

/// The steps of all drafts, tied to each other and numbered from 1 in an order that respects
/// `after`:
/// - a resource's steps come after those of what it depends on; what only prepares comes after them
///   only where it has to (another scope, or a thing that does not exist yet);
/// - a removal comes after the removal of what needs the object; an orphan's removal after what its
///   scope stands on (a rebooting container) and after all changes of its scope in kinds that stand
///   on its kind;
/// - in the last kind of a scope, where names and ports are taken, orphans go before the rest;
/// - what disturbs comes after what prepares (plan/preparation.h).
/// Throws std::logic_error when a kind lowered to steps that wait for unknown ones or each other.
std::vector<Step> tie_steps(std::vector<Draft>& drafts, const Order& order);

}  // namespace aegis
