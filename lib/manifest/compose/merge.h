#pragma once

#include "manifest/compose/node.h"

namespace aegis::compose {

/// The canonical document (or service) `over` merged onto `base`, by Compose's rules: mappings are
/// merged member by member, scalars replaced, commands and health check tests replaced, lists
/// joined (an entry that stands for the same thing, such as a mount of the same target, replaces
/// the earlier one),
/// `!reset` removes, `!override` replaces. Merging onto an empty mapping removes an only document's
/// own repetitions and marks.
Node merge(Node base, Node over);

}  // namespace aegis::compose
