#pragma once

#include <vector>

#include "manifest/section_reader.h"

namespace aegis {

/// Puts what is in one operating system in order: a path after the directory around it, and after
/// the user and the group that it belongs to; a user after its groups and after all packages; a
/// file whose folder is not declared, what belongs to somebody who is not, and a file that names
/// units or a check, after all packages, which may bring those along; packages after what is
/// declared for apt. Reports a path below a file. `known` are those of that system which are
/// connected already.
void connect_os(std::vector<Resource>& resources,
                const std::vector<const Resource*>& known,
                Reading& reading);

}  // namespace aegis
