#pragma once

#include "kinds/docker/service_parts.h"

namespace aegis::docker {

/// Adds the steps that put a new container in the place of the present one. The new one is made
/// first, under a passing name. With the order stop-first the old one is then stopped and moved
/// aside, the new one takes its name, starts and must work; with start-first (context member
/// starts_first) the new one starts and must work beside the old one, which then gives up its name.
/// Until then every step can be undone. At last the dependents that ask for it are restarted, and
/// the old container is removed.
void lower_replacement(ServiceParts& parts);

}  // namespace aegis::docker
