#pragma once

#include <span>
#include <string>

#include "kinds/kind.h"

namespace aegis::docker {

std::span<const AttributeRule> service_rules();

/// True when the container can take the change as it is; all others need a new container.
bool changes_in_place(const AttributeChange& attribute, const Json& wanted);

/// The kind's `refine`.
void refine_service(AttributeChange& attribute,
                    const Json& wanted,
                    const Observation& live,
                    std::string& blocked);

}  // namespace aegis::docker
