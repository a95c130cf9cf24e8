#pragma once

#include "kinds/kind.h"

namespace aegis {

/// An image that a service of the stack ran before and that nothing needs any more: no container
/// on the engine has it, no service is to have it, and it is not the last one that worked, which
/// is kept to go back to. None is ever declared: each is an orphan, named by its first tag or its
/// short id. Not one of the kinds of every plan: keeping images is no difference.
const Kind& image_kind();

}  // namespace aegis
