#pragma once

#include "kinds/kind.h"

namespace aegis::os {

/// Kind::lower of files.
std::vector<Step> lower_file(const Lowering& lowering);

/// The steps that write `path` and bring its effects about, as lower_file() makes them of a change
/// that is no removal: for kinds whose objects are files. `access` has the owner, the group and the
/// mode; `check` the words of the check, with the place of the new content in them.
std::vector<Step> lower_write(const Lowering& lowering,
                              const std::string& path,
                              const Json& access,
                              const Json& check);

/// The step that removes `path`.
Step removal_of(const Lowering& lowering, const std::string& path);

/// Kind::perform of files. Operations: "write" and its undo "restore", "remove", "own", which takes
/// a file over that is as it should be, and those of effects.h and guard.h.
Result<Json> perform_file(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::os
