#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A pool of guests and storages. A marker in the comment says that it is ours. Of its guests only
/// those with our tag are told and taken out; others stay where they are.
const Kind& pool_kind();

}  // namespace aegis
