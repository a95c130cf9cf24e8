#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A user of an operating system, with the keys that let in by SSH and with what it may do by sudo.
/// Removing one leaves its home. Passwords are neither read nor set.
const Kind& os_user_kind();

}  // namespace aegis
