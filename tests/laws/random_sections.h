#pragma once

#include <string>

#include "base/json.h"

namespace aegis::laws {

// Entries of manifests by their schemas and a seed, on a simulated host; with references that mean
// something.

/// One container: vmid 103 on fsn1, unprivileged, without what needs another container, more than
/// one plan, or a shell.
Json random_container(unsigned seed);

/// One machine: vmid 200 on fsn1, without what needs another machine or more than one plan.
Json random_machine(unsigned seed);

/// One section of a server.
Json random_section(const std::string& section, unsigned seed);

/// A whole project: a server with several sections that refer to each other, the container "web",
/// and now and then firewalls of it and a machine.
Json random_project(unsigned seed);

/// A project of the server fsn1, with `sections`.
Json project_of(const Json& sections);

}  // namespace aegis::laws
