#pragma once

#include <memory>

#include "laws/laws.h"

namespace aegis::laws {

/// A host of which only the operating system can be reached: real programs in a root tree of its
/// own.
std::unique_ptr<LawWorld> make_os_world();

/// The same with apt, which knows the package "aegis-web" (support/private_repository.h).
std::unique_ptr<LawWorld> make_apt_world();

/// The same with a repository of git at /srv/origin, with the tags v1 and v2.
std::unique_ptr<LawWorld> make_git_world();

}  // namespace aegis::laws
