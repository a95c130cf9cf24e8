#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A group of users and its grants. Who belongs to it is said by the users. A marker in the comment
/// says that it is ours.
const Kind& group_kind();

}  // namespace aegis
